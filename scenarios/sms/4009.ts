import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4009',
  story: 'A number that is not entitled to send texts sends one.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ from: '+18005550107', to: '+15005620000' });
    return sent.report();
  },
};
