import { websocketIsGone } from './websocket-is-gone.ts';

export const scenario = websocketIsGone(
  'automation/500/8578',
  'A call is transcribed to a websocket that refuses the connection.',
  'transcript',
  'refused',
);
