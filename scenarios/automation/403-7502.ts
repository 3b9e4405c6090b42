import { entraCaller } from './entra-caller.ts';

export const scenario = entraCaller({
  row: 'automation/403/7502',
  story: 'An application of the right tenant calls, and nobody gave it access.',
  access: '[]',
});
