import { websocketIsGone } from './websocket-is-gone.ts';

export const scenario = websocketIsGone(
  'automation/400/8579',
  'Transcription is stopped before the websocket has answered.',
  'transcript',
  'stopped',
);
