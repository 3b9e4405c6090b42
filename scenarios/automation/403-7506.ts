import { entraCaller } from './entra-caller.ts';

export const scenario = entraCaller({
  row: 'automation/403/7506',
  story: 'An application proves itself with a certificate of an authority that nobody trusts.',
  signedWith: 'certificate',
});
