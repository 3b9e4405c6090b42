import { entraCaller } from './entra-caller.ts';

export const scenario = entraCaller({
  row: 'automation/401/7500',
  story: 'A person shows an Entra token where only applications are taken.',
  claims: { idtyp: 'user', scp: 'user_impersonation' },
});
