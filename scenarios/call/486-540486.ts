import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/486/540486',
  story: 'A phone calls us, and the application that is offered the call rejects it as busy.',
  observer: 'log',
  async play({ app, subscribe, dial, phoneLogRow }) {
    await subscribe('takes');
    await dial({ from: '+15551230001', to: '+18005550101' });
    await app.reject(await app.incoming(), 'busy');
    return phoneLogRow('+15551230001');
  },
};
