import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/5001',
  story: "The carrier's system is out of order at every try.",
  observer: 'report',
  needs: ['clock'],
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005650010' });
    await stage.pass('16s');
    return sent.report();
  },
};
