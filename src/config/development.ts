/** What a development server starts with when nothing is configured. */
import type { NumberConfig, NumberRangeConfig, ResourceConfig, RouteConfig, TrunkConfig } from './config.ts';

/**
 * PUBLISHED DEVELOPMENT KEY: it stands in this repository for everyone to read and protects nothing.
 * `profile: production` refuses it.
 */
export const developmentKey =
  'GOA3/LywVuvzfZTBhErEFZCqVemR/4A5e2LwejCY6EdLa9XGdr7O8ZF+qjOvc5UxjLkgU/gr0dzsW3w7fmKmug==';

export const developmentResource: ResourceConfig = {
  name: 'dev',
  id: '2fd14f97-5cf0-45a2-a59b-45a43541727c',
  keys: [developmentKey],
  admin: true,
  enabled: true,
  cognitiveServices: [
    {
      endpoint: 'https://ringback.cognitiveservices.azure.com/',
      kind: 'embedded',
      key: undefined,
      speechModel: undefined,
      transcriptionModel: undefined,
    },
  ],
};

const firstNumber = 18005550100;

/** +18005550100 to +18005550109; the last one may hold one call at a time. */
export function developmentNumbers(resource: string): readonly NumberConfig[] {
  return Array.from({ length: 10 }, (_, i) => ({
    number: `+${firstNumber + i}`,
    resource,
    kind: undefined,
    capabilities: { calling: 'inbound+outbound', sms: 'inbound+outbound' },
    maxConcurrentCalls: i === 9 ? 1 : undefined,
    blocked: false,
  }));
}

export const developmentRanges: readonly NumberRangeConfig[] = [{ from: '+18005550190', to: '+18005550199' }];

export const simulatedTrunk: TrunkConfig = {
  name: 'simulated',
  kind: 'carrier',
  simulated: true,
  host: '127.0.0.1',
  port: 0,
  protocol: 'udp',
  serverName: undefined,
  srv: false,
  credentials: undefined,
  authenticate: undefined,
  register: undefined,
  sessionTimer: undefined,
  media: 'rtp',
  ice: false,
  allow: ['127.0.0.1/32'],
  maxConcurrentCallsPerNumber: undefined,
  transfer: 'bridge',
  assertedIdentity: false,
};

/** Tried last, so that one's own routes win. */
export const simulatedRoute: RouteConfig = {
  pattern: /^(?:\+1500555\d{4})$/,
  trunk: 'simulated',
  priority: 1000,
};
