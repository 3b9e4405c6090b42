/** The lines that SIP messages become: every one that went over the wire, in either direction. */
import type { Trace } from '../ports/trace.ts';
import type { Line } from './moments.ts';
import type { Names } from './names.ts';

export type SipTrace = Extract<Trace, { kind: 'sip' }>;

/** What the first line and CSeq say; the trace is for reading, so nothing is validated. */
export interface SipHead {
  readonly method: string;
  readonly number: string;
  /** Absent: a request. */
  readonly status?: number;
  readonly first: string;
}

export function readHead(message: string): SipHead {
  const [first = ''] = message.split(/\r?\n/, 1);
  const [, number = '', method = ''] = /^CSeq[ \t]*:[ \t]*(\d+)[ \t]+(\S+)/im.exec(message) ?? [];
  const status = /^SIP\/2\.0 (\d{3})/.exec(first)?.[1];
  return status === undefined
    ? { method: first.split(' ')[0] ?? '', number, first: first.replace(/ SIP\/2\.0$/, '') }
    : { method, number, status: Number(status), first: first.replace(/^SIP\/2\.0 /, '') };
}

/** The message without what would let a reader use its credentials; `credentials` stands in their place. */
export function withoutCredentials(message: string, credentials = '(hidden)'): string {
  return message.replace(
    /^((?:Proxy-)?Authorization[ \t]*:[ \t]*\S+).*(?:\r?\n[ \t].*)*$/gim,
    `$1 ${credentials}`,
  );
}

const octets = new TextEncoder();

export interface SipContext {
  readonly names: Names;
  /** When the message before it went over the wire on this leg. */
  readonly before: number | undefined;
  /** The far end never sent anything on this leg. */
  readonly unanswered: boolean;
}

export function sipLine(trace: SipTrace, { names, before, unanswered }: SipContext): Line {
  const head = readHead(trace.message);
  const bytes = octets.encode(trace.message).length;
  const facts = `CSeq ${head.number} ${head.method}, ${trace.transport}, ${bytes} bytes`;
  const carrier = names.carrier(trace.legId);
  const [from, to] = trace.direction === 'in' ? [carrier, 'ringback'] : ['ringback', carrier];
  return {
    kind: 'sip',
    from,
    to,
    text: `${head.first} (${facts})${trace.repeated ? ' (repeated)' : ''}`,
    detail: {
      leg: trace.legId,
      direction: trace.direction,
      transport: trace.transport,
      bytes,
      cseq: `${head.number} ${head.method}`,
      ...(head.status === undefined ? {} : { status: head.status }),
      repeated: trace.repeated,
      local: trace.local,
      remote: trace.remote,
      ...(before === undefined ? {} : { deltaMs: trace.at - before }),
      ...(unanswered && trace.direction === 'out' ? { unanswered } : {}),
      message: withoutCredentials(trace.message),
    },
  };
}
