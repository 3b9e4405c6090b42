import type { Scenario } from '../scenario.ts';
import { strangeUser } from './participant-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/7601',
  story: 'An application calls as a user of another resource.',
  observer: 'http',
  async play({ app }) {
    const body = app.createBody('+15005552000', { source: { id: strangeUser } });
    return (await app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
