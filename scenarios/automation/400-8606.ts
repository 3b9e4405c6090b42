import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'automation/400/8606',
  story: 'An application calls a phone whose number and raw id are those of two different phones.',
  observer: 'http',
  async play({ app }) {
    const target = { rawId: '4:+15005552000', phoneNumber: { value: '+15005552010' } };
    const body = app.createBody('+15005552000', { targets: [target] });
    return (await app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
