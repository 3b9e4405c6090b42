import { websocketIsGone } from './websocket-is-gone.ts';

export const scenario = websocketIsGone(
  'automation/500/8603',
  'The audio of a call is streamed to a websocket that refuses the connection.',
  'audio',
  'refused',
);
