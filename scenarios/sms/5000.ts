import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/5000',
  story: 'The carrier cannot deliver, for a reason of its own.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005650000' });
    return sent.report();
  },
};
