import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4000',
  story: 'A number for which any text is too much by the fraud rule sends one.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ from: '+18005550105', to: '+15005620000' });
    return sent.report();
  },
};
