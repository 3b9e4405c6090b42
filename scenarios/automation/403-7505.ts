import { entraCaller } from './entra-caller.ts';

export const scenario = entraCaller({
  row: 'automation/403/7505',
  story: 'An application shows a genuine token of another tenant.',
  claims: { tid: '0d6f5e2a-7c11-4b8e-9a55-3f2f1f6f7a10' },
});
