import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/403/511532',
  story: 'An application calls a number that no route of the server leads to.',
  observer: 'event',
  async play({ app }) {
    const call = await app.call('+15005700001');
    return call.event('CreateCallFailed');
  },
};
