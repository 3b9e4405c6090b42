import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4007',
  story: 'A handset texts STOP to a number that texts it all the same.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const [from, to] = ['+18005550100', '+15005620009'];
    await stage.handset({ from: to, to: from, text: 'Stop' });
    const sent = await service.send({ from, to });
    const report = await sent.report();
    await stage.handset({ from: to, to: from, text: 'Start' });
    return report;
  },
};
