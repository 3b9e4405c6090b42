import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/500/9003',
  story: 'A client gives up while its request waits for the store.',
  observer: 'log',
  needs: ['faults'],
  async play({ app, breakPart, mend, loggedOutcome }) {
    await breakPart('store-locked');
    const abort = new AbortController();
    const body = app.createBody('+15005552000');
    const reply = app.request({
      method: 'POST',
      path: '/calling/callConnections',
      body,
      signal: abort.signal,
    });
    setTimeout(() => abort.abort(), 200);
    await reply.catch(() => undefined);
    await mend('store-locked');
    return loggedOutcome('automation/500/9003');
  },
};
