import { entraCaller } from './entra-caller.ts';

const identities =
  '/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities';

export const scenario = entraCaller({
  row: 'automation/401/7510',
  story: 'A token claims another managed identity than the one that was given access.',
  access: `[{ id: b27b64b9-39d2-44a3-869d-67700b74e805, managedIdentity: ${identities}/caller }]`,
  claims: { xms_mirid: `${identities}/somebody-else` },
});
