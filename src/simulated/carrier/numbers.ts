/** What each number of the simulated carrier does when it is called: data, listed by the admin API and the docs. */

import type { SpokenWord } from './voices.ts';

/** What the far end lets be heard once it has answered. */
export type Voice =
  | 'silence'
  /** No packet at all. */
  | 'nothing'
  /** Every packet goes back to where it came from. */
  | 'echo'
  | 'tone'
  /** The word, again and again. */
  | SpokenWord;

export type Behaviour =
  /** Rings, then gives this final response. */
  | { readonly does: 'refuses'; readonly status: number }
  | { readonly does: 'rings-for-ever' }
  /** Not even 100. */
  | { readonly does: 'plays-dead' }
  | {
      readonly does: 'answers';
      readonly voice: Voice;
      /** Pressed once, shortly after the answer. */
      readonly keys?: string;
      /** On the clock, from the answer. */
      readonly hangsUpAfterMs?: number;
      /** Its answer says that it neither sends nor takes audio (`a=inactive`). */
      readonly inactive?: true;
      /** Its 200 carries no description of its audio. */
      readonly undescribed?: true;
      /** What a REFER is answered with; 603 when absent. */
      readonly refusesRefer?: number;
    };

export interface NumberBlock {
  /** `SSS` of `+1500555SSSN`; N is any digit. */
  readonly block: string;
  readonly behaviour: Behaviour;
  readonly meaning: string;
}

/** ITU-T Q.850 causes that a gateway sends with these final responses (RFC 3398 §7.2.4.1, read backwards). */
const causes: Readonly<Record<number, { readonly cause: number; readonly text: string }>> = {
  403: { cause: 21, text: 'Call rejected' },
  404: { cause: 1, text: 'Unallocated number' },
  408: { cause: 102, text: 'Recovery on timer expiry' },
  480: { cause: 18, text: 'No user responding' },
  484: { cause: 28, text: 'Invalid number format' },
  486: { cause: 17, text: 'User busy' },
  500: { cause: 41, text: 'Temporary failure' },
  503: { cause: 38, text: 'Network out of order' },
  603: { cause: 21, text: 'Call rejected' },
};

/** The `Reason` header of a final response; none where Q.850 knows no such cause. */
export function reasonHeaders(status: number): readonly { readonly name: string; readonly value: string }[] {
  const known = causes[status];
  return known ? [{ name: 'Reason', value: `Q.850;cause=${known.cause};text="${known.text}"` }] : [];
}

const refusing = (status: number, meaning: string): NumberBlock => ({
  block: String(status),
  behaviour: { does: 'refuses', status },
  meaning: `rings, then ${status} ${meaning}`,
});

export const numberBlocks: readonly NumberBlock[] = [
  { block: '000', behaviour: { does: 'plays-dead' }, meaning: 'gives no SIP reply at all' },
  { block: '180', behaviour: { does: 'rings-for-ever' }, meaning: 'rings for ever' },
  {
    block: '200',
    behaviour: { does: 'answers', voice: 'silence' },
    meaning: 'answers and stays silent until hung up',
  },
  {
    block: '201',
    behaviour: { does: 'answers', voice: 'silence', hangsUpAfterMs: 2000 },
    meaning: 'answers, hangs up by itself after 2 s',
  },
  { block: '202', behaviour: { does: 'answers', voice: 'echo' }, meaning: 'answers and echoes' },
  { block: '203', behaviour: { does: 'answers', voice: 'tone' }, meaning: 'answers and plays a tone' },
  {
    block: '204',
    behaviour: { does: 'answers', voice: 'silence', keys: '1' },
    meaning: 'answers and presses DTMF 1',
  },
  {
    block: '205',
    behaviour: { does: 'answers', voice: 'confirm' },
    meaning: 'answers and says "confirm" every few seconds',
  },
  {
    block: '206',
    behaviour: { does: 'answers', voice: 'cancel' },
    meaning: 'answers and says "cancel" every few seconds',
  },
  {
    block: '207',
    behaviour: { does: 'answers', voice: 'silence', keys: '1234#' },
    meaning: 'answers and sends DTMF 1234#',
  },
  {
    block: '208',
    behaviour: { does: 'answers', voice: 'silence', refusesRefer: 481 },
    meaning: 'answers, and does not know the call when it is told by REFER to call somebody else (481)',
  },
  {
    block: '209',
    behaviour: { does: 'answers', voice: 'nothing', inactive: true },
    meaning: 'answers with its audio inactive, as a phone that puts the call on hold',
  },
  {
    block: '211',
    behaviour: { does: 'answers', voice: 'nothing', undescribed: true },
    meaning: 'answers without a description of its audio, which SIP does not allow',
  },
  {
    block: '410',
    behaviour: { does: 'answers', voice: 'nothing' },
    meaning: 'answers and never sends RTP',
  },
  refusing(403, 'Forbidden'),
  refusing(404, 'Not Found'),
  refusing(408, 'Request Timeout'),
  refusing(480, 'Temporarily Unavailable'),
  refusing(484, 'Address Incomplete'),
  refusing(486, 'Busy Here'),
  refusing(487, 'Request Terminated'),
  refusing(500, 'Server Internal Error'),
  refusing(503, 'Service Unavailable'),
  refusing(603, 'Decline'),
];

const byBlock = new Map(numberBlocks.map(({ block, behaviour }) => [block, behaviour]));

/** What the number does; `undefined`: the carrier does not know it and answers 404 at once. */
export const behaviourOf = (number: string): Behaviour | undefined => {
  const block = /^\+1500555(\d{3})\d$/.exec(number)?.[1];
  if (block === undefined) return undefined;
  const listed = byBlock.get(block);
  if (listed !== undefined) return listed;
  // The rest of the failures that SIP knows: any final response can be asked for.
  const status = Number(block);
  return status >= 400 && status <= 699 ? { does: 'refuses', status } : undefined;
};
