import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'call/408/500001',
  story: 'A carrier takes the INVITE and never says a word.',
  observer: 'event',
  needs: ['clock'],
  async play({ app, pass }) {
    const call = await app.call('+15005550000');
    await pass('32s');
    return call.event('CreateCallFailed');
  },
};
