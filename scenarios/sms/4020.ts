import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/4020',
  story: 'The carrier throttles the text at every try.',
  observer: 'report',
  needs: ['clock', 'settings'],
  settings: 'sms: { tries: 2 }',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005640200' });
    await stage.pass('2s');
    return sent.report();
  },
};
