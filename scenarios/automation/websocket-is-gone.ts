import type { LiveRow } from '../../src/codes/catalogue.ts';
import type { Scenario } from '../scenario.ts';
import { embeddedSpeech, expectAccepted, talkingTo } from './media-actions.ts';
import { streaming, transcribing } from './stream-options.ts';
import { endingCall } from './transfer-request.ts';

const kinds = {
  audio: { action: 'MediaStreaming', event: 'MediaStreamingFailed' },
  transcript: { action: 'Transcription', event: 'TranscriptionFailed' },
} as const;

/** An application starts a stream to a websocket that refuses it, or stops it before the websocket has answered. */
export function websocketIsGone(
  row: LiveRow,
  story: string,
  kind: keyof typeof kinds,
  how: 'refused' | 'stopped',
): Scenario {
  const { action, event } = kinds[kind];
  return {
    row,
    story,
    observer: 'event',
    async play(stage) {
      const url = stage.websocket(how === 'refused' ? 'refuses' : 'never-answers');
      const options = kind === 'audio' ? streaming(url) : transcribing(url, embeddedSpeech);
      const call = await talkingTo(stage, undefined, options);
      expectAccepted(await call.ask(`start${action}`, {}));
      if (how === 'stopped') expectAccepted(await call.ask(`stop${action}`, {}));
      return endingCall(call, await call.event(event));
    },
  };
}
