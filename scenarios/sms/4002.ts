import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4002',
  story: 'The carrier cannot read the recipient.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005640020' });
    return sent.report();
  },
};
