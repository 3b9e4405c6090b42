/** What applications say on the websocket of a bidirectional audio stream (`reference/call-automation.md` §11). */

export type FrameIn =
  /** To be heard in the call. Little-endian PCM of 16 bit, mono, of the stream's rate; may be empty. */
  | { readonly kind: 'audio'; readonly pcm: Uint8Array }
  /** What was sent before and is not heard yet is to be forgotten. */
  | { readonly kind: 'stop-audio' }
  | { readonly kind: 'malformed'; readonly why: string };

/** Characters, and with base64 some 24 s at 16 kHz. Nobody needs more in one message. */
export const longestFrame = 1024 * 1024;

const malformed = (why: string): FrameIn => ({ kind: 'malformed', why });

/** Names come in camel and in Pascal case, by the language of the SDK that wrote them. */
function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const found = Object.keys(value).find((key) => key.toLowerCase() === name);
  return found === undefined ? undefined : (value as Readonly<Record<string, unknown>>)[found];
}

function parse(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 40) ?? 'nothing';

/** Never throws. Fields that say nothing about what is heard are not looked at. */
export function readFrame(text: string): FrameIn {
  if (text.length > longestFrame)
    return malformed(`it has ${text.length} characters, more than ${longestFrame}`);
  const parsed = parse(text);
  if (!parsed) return malformed('it is not JSON');
  const kind = field(parsed.json, 'kind');
  switch (typeof kind === 'string' ? kind.toLowerCase() : undefined) {
    case 'audiodata':
      return readAudio(field(field(parsed.json, 'audiodata'), 'data'));
    case 'stopaudio':
      return { kind: 'stop-audio' };
    default:
      return malformed(`its kind is ${shown(kind)}, not AudioData or StopAudio`);
  }
}

/** RFC 4648 section 4, padded; Node's own decoder passes over whatever is not in the alphabet. */
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

function readAudio(data: unknown): FrameIn {
  if (typeof data !== 'string') return malformed(`audioData.data is ${shown(data)}, not a text of base64`);
  if (data.length % 4 !== 0 || !base64.test(data)) return malformed('audioData.data is not base64');
  const pcm = Buffer.from(data, 'base64');
  if (pcm.length % 2 !== 0) return malformed(`audioData.data has ${pcm.length} bytes, and a sample has two`);
  return { kind: 'audio', pcm };
}
