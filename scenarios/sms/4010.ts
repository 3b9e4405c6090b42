import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4010',
  story: 'A toll-free number that is not verified sends a text.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ from: '+18005550108', to: '+15005620000' });
    return sent.report();
  },
};
