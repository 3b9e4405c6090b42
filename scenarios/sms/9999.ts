import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  row: 'sms/9999',
  story: 'The carrier reports that it does not know what became of the text.',
  observer: 'report',
  async play(stage) {
    const service = await stage.texter();
    const sent = await service.send({ to: '+15005699990' });
    return sent.report();
  },
};
