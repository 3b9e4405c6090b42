import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/487/540487',
  story: 'A phone calls us and hangs up before an application answers.',
  observer: 'log',
  async play({ app, subscribe, dial, pass, phoneLogRow }) {
    await subscribe('takes');
    await dial({ from: '+15551230001', to: '+18005550101', for: '3s' });
    await app.incoming();
    await pass('3s');
    return phoneLogRow('+15551230001');
  },
};
