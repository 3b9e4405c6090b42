/** Frames of the transport under real-time notifications: `type:id[+]:endpoint:data` (socket.io 0.9; `reference/chat.md` §6.4). */

/** What a client may send. */
export type ClientFrame =
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'heartbeat' }
  /** `data` is the text of a push answer. */
  | { readonly kind: 'message'; readonly data: string }
  /** With `acknowledge`, it waits for `acknowledgement(acknowledge, …)`. */
  | { readonly kind: 'event'; readonly name: string; readonly acknowledge?: string }
  /** Read and not answered: acknowledgements of ours, empty frames, errors. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'malformed'; readonly why: string };

const packet = /^(\d):(\d{0,15})(\+?):([^:]{0,100})(?::([\s\S]*))?$/;

function eventOf(data: string, id: string): ClientFrame {
  try {
    const { name } = JSON.parse(data) as { readonly name?: unknown };
    if (typeof name !== 'string') return { kind: 'malformed', why: 'an event has no name' };
    return { kind: 'event', name, ...(id === '' ? {} : { acknowledge: id }) };
  } catch {
    return { kind: 'malformed', why: 'the data of an event is no JSON' };
  }
}

export function decodeFrame(text: string): ClientFrame {
  const [, type, id = '', , , data = ''] = packet.exec(text) ?? [];
  switch (type) {
    case '0':
      return { kind: 'disconnect' };
    case '2':
      return { kind: 'heartbeat' };
    case '3':
      return { kind: 'message', data };
    case '5':
      return eventOf(data, id);
    case '1':
    case '6':
    case '7':
    case '8':
      return { kind: 'nothing' };
    default:
      return { kind: 'malformed', why: 'it is no frame of socket.io 0.9' };
  }
}

/** One text may hold several frames, each behind its length in UTF-16 units between two U+FFFD. */
export function decodePayload(text: string): readonly ClientFrame[] {
  if (!text.startsWith('\ufffd')) return [decodeFrame(text)];
  const frames: ClientFrame[] = [];
  let at = 0;
  while (at < text.length) {
    const [head, digits] = /^\ufffd(\d{1,9})\ufffd/.exec(text.slice(at, at + 12)) ?? [];
    const length = Number(digits);
    if (head === undefined || at + head.length + length > text.length)
      return [...frames, { kind: 'malformed', why: 'the length of a frame is wrong' }];
    at += head.length;
    frames.push(decodeFrame(text.slice(at, at + length)));
    at += length;
  }
  return frames;
}

export function encodePayload(frames: readonly string[]): string {
  if (frames.length === 1) return frames[0] ?? '';
  return frames.map((frame) => `\ufffd${frame.length}\ufffd${frame}`).join('');
}

export const connectFrame = '1::';
export const heartbeatFrame = '2::';
/** What a poll is answered with that nothing came for. */
export const noopFrame = '8::';

export const eventFrame = (name: string, argument: unknown): string =>
  `5:1::${JSON.stringify({ name, args: [argument] })}`;

export const acknowledgement = (id: string, args: readonly unknown[]): string =>
  `6:::${id}+${JSON.stringify(args)}`;

/** Why the server closes: the client asks for a new token first where it is `unauthorized`. */
export type DisconnectReason = 'dup' | 'unauthorized' | 'badrequest' | 'serviceunavailable';

export const disconnectFrame = (reason: DisconnectReason, details?: string): string =>
  reason === 'dup' ? '0:::dup' : `0:::${JSON.stringify({ reason, details })}`;

/** The answer to a push: the number that the push had, and what the client made of it. */
export function decodePushAnswer(data: string): { readonly id: number; readonly status: number } | undefined {
  try {
    const { id, status } = JSON.parse(data) as { readonly id?: unknown; readonly status?: unknown };
    return typeof id === 'number' && typeof status === 'number' ? { id, status } : undefined;
  } catch {
    return undefined;
  }
}
