import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/502/9001',
  story: 'Another program holds every RTP port when a phone is called.',
  observer: 'event',
  needs: ['settings'],
  settings: `
media:
  rtpPorts: [29990, 29993]
`,
  async play({ app, occupyRtpPorts }) {
    await occupyRtpPorts();
    const call = await app.call('+15005552000');
    return call.event('CreateCallFailed');
  },
};
