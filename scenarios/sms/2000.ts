import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/2000',
  story: 'A service texts a handset, and the carrier reports that it arrived.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005620000' });
    return sent.report();
  },
};
