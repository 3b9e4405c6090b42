/** How lines of the timeline are worded. */
import type { MediaWatch } from '../../domain/call/call.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { Line } from './moments.ts';
import type { Names } from './names.ts';

export type Told = Pick<Line, 'kind' | 'text'> & Partial<Pick<Line, 'from' | 'to' | 'row' | 'detail'>>;

/** What the line of one fact must know of earlier ones. */
export interface Memory {
  readonly names: Names;
  readonly startedAt: Instant;
  /** By leg. */
  readonly watches: Map<string, MediaWatch['watch']>;
}

export const codeOf = ({ code, subCode }: Pick<Outcome, 'code' | 'subCode'>): string =>
  subCode === undefined ? `${code}` : `${code}/${subCode}`;

/** `486/560486, the callee is busy: 486 Busy Here` */
export function ending(outcome: Outcome): string {
  const { name, sip, q850, detail } = outcome;
  const more = [
    ...(sip ? [`SIP ${sip.code} ${sip.message}`] : []),
    ...(q850 ? [`Q.850 cause ${q850.code} ${q850.message}`.trimEnd()] : []),
    ...(detail === undefined ? [] : [detail]),
  ];
  return `${codeOf(outcome)} ${name}${more.length > 0 ? ` (${more.join('; ')})` : ''}`;
}

/** Host and path of an address: what tells webhooks apart, without secrets of its query. */
export function place(url: string): string {
  return URL.canParse(url) ? new URL(url).host + new URL(url).pathname : url;
}

export const state = (text: string): Told => ({ kind: 'state', text });
