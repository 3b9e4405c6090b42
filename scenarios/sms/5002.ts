import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/5002',
  story: 'The carrier takes the text and never reports, until the service no longer waits.',
  observer: 'report',
  needs: ['clock'],
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005650020', reportTimeout: 60 });
    await stage.pass('60s');
    return sent.report();
  },
};
