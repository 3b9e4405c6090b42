import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4004',
  story: 'A service texts a number that nobody has.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005640040' });
    return sent.report();
  },
};
