/** Settings of a server with two resources; what follows the ids is added to them, as YAML. */
export const twoResources = (app: string, other: string): string => `
resources:
  - { name: dev, id: 2fd14f97-5cf0-45a2-a59b-45a43541727c, keys: [DEVELOPMENT_KEY], admin: true${app} }
  - { name: other, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: [OTHER_KEY]${other} }
`;
