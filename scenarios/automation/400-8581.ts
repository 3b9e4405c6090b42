import type { Scenario } from '../scenario.ts';
import { streaming } from './stream-options.ts';

export const scenario: Scenario = {
  row: 'automation/400/8581',
  story: 'An application gives an http address where a websocket is meant.',
  observer: 'http',
  async play({ app, audio }) {
    const body = app.createBody('+15005552000', streaming(audio('1s.wav')).body);
    return (await app.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
