import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/408/8537',
  story: 'The media process of a call stops answering its heartbeat.',
  observer: 'event',
  needs: ['faults', 'settings'],
  settings: `
media:
  heartbeatLimit: 500ms
`,
  async play({ app, reached, breakPart }) {
    const call = await app.call('+15005552000');
    await reached(call, /first (audio )?packet/i);
    await breakPart('media-stopped');
    return call.event('CallDisconnected');
  },
};
