import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/0/0',
  story:
    'An application hangs up a phone that had answered; the log row of the phone leg says that our side ended it.',
  observer: 'log',
  async play({ app }) {
    const call = await app.call('+15005552000');
    await call.event('CallConnected');
    await call.hangUp();
    return call.logRow('+15005552000');
  },
};
