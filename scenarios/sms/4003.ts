import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4003',
  story: 'A service texts a number to which no route leads.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+442079460100' });
    return sent.report();
  },
};
