/** UPDATE before the answer (RFC 3311 5), both ways and for both sides, in an early dialog. */
import { allow, type CallContext, type CallEffect } from './call.ts';
import { type Dialog, inDialog, refreshed } from './dialog.ts';
import type { Reply } from './format.ts';
import { headerList } from './header.ts';
import type { Message, Response } from './message.ts';
import { sdpOf } from './sdp-body.ts';
import { able, type OfferResult, type Ours } from './session-offer.ts';

/** An offer of ours that waits for its answer. */
export interface EarlyOffer {
  readonly id: number;
  readonly cseq: number;
  readonly sdp: string;
}

/** What an early dialog knows of UPDATE. */
export interface Updating {
  readonly dialog: Dialog;
  readonly ours?: EarlyOffer;
  /** What an UPDATE, ours or theirs, made our description. */
  readonly local?: string;
}

/** RFC 3311 4: whether the far end says that it takes UPDATE. */
export function takesUpdate(message: Message): boolean {
  return headerList(message.headers, 'allow').includes('UPDATE');
}

interface Step<Early> {
  readonly early: Early;
  readonly effects: readonly CallEffect[];
}

export function sendUpdate<Early extends Updating>(
  early: Early,
  { id, sdp }: { readonly id: number; readonly sdp: string },
  context: CallContext,
): Step<Early> {
  const cseq = early.dialog.localCseq + 1;
  const headers = [{ name: 'Contact', value: context.contact }, allow, able(context)];
  return {
    early: { ...early, dialog: { ...early.dialog, localCseq: cseq }, ours: { id, cseq, sdp } },
    effects: [{ kind: 'request', draft: inDialog(early.dialog, 'UPDATE', cseq, { headers, sdp }) }],
  };
}

/** `reply`: the response to an UPDATE of ours, or why there is none. */
export function onUpdateReplied<Early extends Updating>(
  early: Early,
  cseq: number,
  reply: Response | 'timeout' | 'transport',
): Step<Early> {
  const { ours } = early;
  if (ours?.cseq !== cseq || (typeof reply === 'object' && reply.status < 200)) return { early, effects: [] };
  const settled = (result: OfferResult, change: Partial<Updating> = {}): Step<Early> => {
    const { ours: _settled, ...rest } = { ...early, ...change };
    return { early: rest as Early, effects: [{ kind: 'offer-settled', id: ours.id, result }] };
  };
  if (typeof reply === 'string') {
    const reason = reply === 'timeout' ? 'no response' : 'unreachable';
    return settled({ kind: 'refused', by: 'local', status: 408, reason });
  }
  const { status, reason } = reply;
  if (status >= 300) return settled({ kind: 'refused', by: 'remote', status, reason });
  const sdp = sdpOf(reply);
  const localCseq = Math.max(early.dialog.localCseq, reply.cseq);
  const dialog = { ...refreshed(early.dialog, reply), localCseq };
  const result: OfferResult = sdp === undefined ? { kind: 'answered' } : { kind: 'answered', sdp };
  return settled(result, { dialog, local: ours.sdp });
}

/** The call is answered while it waits: the session takes it over. */
export function carriedOver({ ours, local }: Omit<Updating, 'dialog'>): {
  readonly ours?: Ours;
  readonly local?: string;
} {
  const kept = local === undefined ? {} : { local };
  if (!ours) return kept;
  const { id, cseq, sdp } = ours;
  return { ...kept, ours: { wanted: { id, method: 'UPDATE', sdp, tries: 0 }, cseq, early: true } };
}

/** The 200 to an UPDATE of theirs, or to a PRACK with an offer. */
export function acceptEarly(sdp: string | undefined, { contact }: CallContext): Reply {
  const headers = [{ name: 'Contact', value: contact }, allow];
  return sdp === undefined ? { status: 200, headers } : { status: 200, headers, sdp };
}
