import { websocketIsGone } from './websocket-is-gone.ts';

export const scenario = websocketIsGone(
  'automation/400/8604',
  'Media streaming is stopped before the websocket has answered.',
  'audio',
  'stopped',
);
