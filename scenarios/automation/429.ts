import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/429',
  story: 'A resource sends more requests than it may.',
  observer: 'http',
  needs: ['settings'],
  settings: `
limits:
  requestsPerSecond: 10
`,
  async play(stage) {
    const path = '/calling/callConnections/x';
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => stage.app.request({ method: 'GET', path })),
    );
    const refused = replies.find((reply) => reply.status === 429) ?? replies[0];
    if (!refused) throw new Error('no reply at all');
    return refused.observed;
  },
};
