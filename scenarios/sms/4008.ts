import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4008',
  story: 'A number without any quota sends a text.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ from: '+18005550106', to: '+15005620000' });
    return sent.report();
  },
};
