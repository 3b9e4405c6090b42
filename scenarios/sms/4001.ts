import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4001',
  story: 'The carrier cannot read the sender.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005640010' });
    return sent.report();
  },
};
