/** `mediaStreamingUpdate` and `transcriptionUpdate` of callbacks (`reference/call-automation.md` §9.1). */
import type { CallbackEvent } from '../../domain/call/events.ts';

type Status = NonNullable<CallbackEvent['stream']>;

const details: Readonly<Record<Status, string>> = {
  'subscription-started': 'subscriptionStarted',
  'subscription-stopped': 'subscriptionStopped',
  'service-shutdown': 'serviceShutdown',
  restored: 'streamConnectionReestablished',
  'locale-updated': 'transcriptionLocaleUpdated',
  'handshake-failed': 'streamConnectionUnsuccessful',
  lost: 'streamConnectionInterrupted',
  unauthenticated: 'authenticationFailure',
  forbidden: 'forbidden',
  'bad-request': 'badRequest',
  throttled: 'tooManyRequests',
  'timed-out': 'serviceTimeout',
  'speech-unreachable': 'speechServicesConnectionError',
  internal: 'unspecifiedError',
};

/** What the event's name says, and why; undefined for an event of something else. */
export function streamUpdate({ type, stream }: Pick<CallbackEvent, 'type' | 'stream'>):
  | {
      readonly mediaStreamingUpdate: {
        readonly contentType: 'Audio';
        readonly mediaStreamingStatus: string;
        readonly mediaStreamingStatusDetails: string;
      };
    }
  | {
      readonly transcriptionUpdate: {
        readonly transcriptionStatus: string;
        readonly transcriptionStatusDetails: string;
      };
    }
  | undefined {
  const [, kind, what] = /^(MediaStreaming|Transcription)(Started|Stopped|Failed|Updated)$/.exec(type) ?? [];
  if (kind === undefined || what === undefined || stream === undefined) return undefined;
  if (kind === 'MediaStreaming') {
    // Only the first connection has a detail of its own.
    const detail = stream === 'handshake-failed' ? 'initialWebSocketConnectionFailed' : details[stream];
    return {
      mediaStreamingUpdate: {
        contentType: 'Audio',
        mediaStreamingStatus: `mediaStreaming${what}`,
        mediaStreamingStatusDetails: detail,
      },
    };
  }
  return {
    transcriptionUpdate: {
      transcriptionStatus: stream === 'restored' ? 'transcriptionResumed' : `transcription${what}`,
      transcriptionStatusDetails: details[stream],
    },
  };
}
