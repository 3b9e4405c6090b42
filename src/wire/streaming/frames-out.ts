/**
 * What the server says on the websocket of a stream: JSON texts, one a message (`reference/call-automation.md` §11, §12).
 * The official SDKs' `StreamingData` reads them.
 */

export interface AudioFormat {
  readonly subscriptionId: string;
  /** Samples a second; PCM, mono, 16 bit, little-endian. */
  readonly sampleRate: number;
  /** Bytes of a frame of 20 ms. */
  readonly length: number;
}

/** The first frame of every connection for audio. */
export const audioMetadata = ({ subscriptionId, sampleRate, length }: AudioFormat): string =>
  JSON.stringify({
    kind: 'AudioMetadata',
    audioMetadata: { subscriptionId, encoding: 'PCM', sampleRate, channels: 1, length },
  });

export interface AudioFrame {
  /** Milliseconds of the epoch. */
  readonly at: number;
  /** Who says it; absent: all of them. */
  readonly participantRawId?: string;
  readonly pcm: Uint8Array;
  readonly silent: boolean;
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

export const audioData = ({ at, participantRawId, pcm, silent }: AudioFrame): string =>
  JSON.stringify({
    kind: 'AudioData',
    audioData: {
      timestamp: new Date(at).toISOString(),
      ...(participantRawId === undefined ? {} : { participantRawID: participantRawId }),
      data: base64(pcm),
      silent,
    },
  });

/** A key: `0` to `9`, `A` to `D`, `*`, `#`. */
export const dtmfData = (key: string): string =>
  JSON.stringify({ kind: 'DtmfData', dtmfData: { data: key } });

export interface TranscriptFormat {
  readonly subscriptionId: string;
  /** BCP 47. */
  readonly locale: string;
  readonly callConnectionId: string;
  readonly correlationId: string;
  readonly speechModel?: string;
}

/** The first frame of every connection for a transcript. */
export const transcriptionMetadata = ({ speechModel, ...format }: TranscriptFormat): string =>
  JSON.stringify({
    kind: 'TranscriptionMetadata',
    transcriptionMetadata: { ...format, speechRecognitionModelEndpointId: speechModel ?? null },
  });

export interface Said {
  readonly text: string;
  /** 0 to 1, where the recogniser tells. */
  readonly confidence?: number;
  /** Milliseconds since the transcription began, and how long it was. */
  readonly fromMs: number;
  readonly lastedMs: number;
  readonly participantRawId: string;
  readonly final: boolean;
}

/** Units of 100 ns. */
const ticks = (ms: number): number => Math.round(ms * 10_000);

/**
 * Words of what was said. Recognisers behind the speech port tell no time of a word: each gets a share of the whole by its
 * length.
 */
function words({ text, fromMs, lastedMs }: Said): readonly object[] {
  const all = text.split(/\s+/).filter((word) => word !== '');
  const letters = all.reduce((sum, word) => sum + word.length, 0);
  let before = 0;
  return all.map((word) => {
    const from = fromMs + (lastedMs * before) / letters;
    before += word.length;
    const offset = ticks(from);
    return { text: word, offset, duration: ticks(fromMs + (lastedMs * before) / letters) - offset };
  });
}

export const transcriptionData = (said: Said): string =>
  JSON.stringify({
    kind: 'TranscriptionData',
    transcriptionData: {
      text: said.text,
      format: 'display',
      ...(said.confidence === undefined ? {} : { confidence: said.confidence }),
      offset: ticks(said.fromMs),
      duration: ticks(said.lastedMs),
      words: words(said),
      participantRawID: said.participantRawId,
      resultStatus: said.final ? 'Final' : 'Intermediate',
    },
  });
