/** Reliable provisional responses: what RFC 3262 writes into headers. */
import { type Header, header, headerList } from './header.ts';
import type { Message, Request, Response } from './message.ts';
import { readNumber } from './syntax.ts';

const DIGITS = 10;
const MAX_FIRST = 2 ** 31 - 1;

export function hasOption(message: Message, name: 'supported' | 'require', tag: string): boolean {
  return headerList(message.headers, name).some((option) => option.toLowerCase() === tag);
}

/** Whether provisional responses above 100 may, or must, be sent reliably (RFC 3262 3). */
export function reliability(invite: Request): 'impossible' | 'possible' | 'required' {
  if (hasOption(invite, 'require', '100rel')) return 'required';
  return hasOption(invite, 'supported', '100rel') ? 'possible' : 'impossible';
}

/** RFC 3262 3: the first one is chosen at random from 1 to 2**31 - 1. */
export function firstSequence(chance: number): number {
  return 1 + Math.floor(chance * MAX_FIRST);
}

export function reliableHeaders(rseq: number): readonly Header[] {
  return [
    { name: 'Require', value: '100rel' },
    { name: 'RSeq', value: String(rseq) },
  ];
}

/** RSeq of a response that wants a PRACK. */
export function sequenceOf(response: Response): number | undefined {
  if (response.status <= 100 || response.status > 199 || response.toTag === '') return undefined;
  if (!hasOption(response, 'require', '100rel')) return undefined;
  const rseq = readNumber(header(response.headers, 'rseq') ?? '', DIGITS);
  return rseq > 0 ? rseq : undefined;
}

/** RFC 3262 7.2. */
export function rackOf(rseq: number, response: Response): Header {
  return { name: 'RAck', value: `${rseq} ${response.cseq} ${response.cseqMethod}` };
}

/** Whether a PRACK is for that response to that INVITE. */
export function acknowledges(prack: Request, rseq: number, invite: { readonly cseq: number }): boolean {
  const [sequence = '', cseq = '', method = '', more] = (header(prack.headers, 'rack') ?? '').split(/[ \t]+/);
  return (
    readNumber(sequence, DIGITS) === rseq &&
    readNumber(cseq, DIGITS) === invite.cseq &&
    method === 'INVITE' &&
    more === undefined
  );
}
