import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4005',
  story: 'The carrier of the handset rejects the text.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005640050' });
    return sent.report();
  },
};
