import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4006',
  story: 'A service texts a handset that is switched off.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005640060' });
    return sent.report();
  },
};
