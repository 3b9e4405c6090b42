/** Early dialogs of an INVITE of ours, one for each fork that rings reliably (RFC 3262 4). */
import type { CallContext, CallEffect } from './call.ts';
import { callerDialog, type Dialog, inDialog, refreshed } from './dialog.ts';
import { toRequest } from './early-events.ts';
import { acceptEarly, takesUpdate, type Updating } from './early-update.ts';
import type { Draft } from './format.ts';
import type { Request, Response } from './message.ts';
import { rackOf, sequenceOf } from './reliable.ts';
import { sdpOf } from './sdp-body.ts';

export interface Early extends Updating {
  /** RSeq of the response acknowledged last. */
  readonly rseq: number;
  /** Offer and answer are both known. */
  readonly described: boolean;
  /** The far end takes UPDATE. */
  readonly updates: boolean;
}

const MAX_EARLY = 16;

export type Provisional =
  | { readonly kind: 'plain' }
  /** A repetition, or one that came before its predecessor. */
  | { readonly kind: 'discard' }
  | { readonly kind: 'reliable'; readonly early: readonly Early[]; readonly tag: string };

export function earlyOf(early: readonly Early[], tag: string): Early | undefined {
  return early.find(({ dialog }) => dialog.remoteTag === tag);
}

export function replaced(early: readonly Early[], old: Early, by: Early): readonly Early[] {
  return early.map((one) => (one === old ? by : one));
}

export function hear(
  early: readonly Early[],
  invite: Draft,
  localTag: string,
  response: Response,
): Provisional {
  const rseq = sequenceOf(response);
  if (rseq === undefined) return { kind: 'plain' };
  const tag = response.toTag;
  const known = earlyOf(early, tag);
  // RFC 3262 4: repetitions are discarded (the PRACK repeats itself), and so is what is not next.
  if (known && rseq !== known.rseq + 1) return { kind: 'discard' };
  if (!known && early.length >= MAX_EARLY) return { kind: 'discard' };
  const others = early.filter((one) => one !== known);
  const fresh = known ?? {
    dialog: callerDialog(invite, localTag, response),
    described: false,
    updates: false,
  };
  const described = fresh.described || (invite.sdp !== undefined && sdpOf(response) !== undefined);
  const updates = fresh.updates || takesUpdate(response);
  return { kind: 'reliable', early: [...others, { ...fresh, rseq, described, updates }], tag };
}

/** Acknowledges the last reliable response of that fork. `sdp` answers the offer it carried. */
export function prack(
  early: readonly Early[],
  response: Response,
  sdp: string | undefined,
): { readonly early: readonly Early[]; readonly effects: readonly CallEffect[] } {
  const known = earlyOf(early, response.toTag);
  if (!known) return { early, effects: [] };
  const cseq = known.dialog.localCseq + 1;
  const headers = [rackOf(known.rseq, response)];
  const draft = inDialog(known.dialog, 'PRACK', cseq, sdp === undefined ? { headers } : { headers, sdp });
  const dialog = { ...known.dialog, localCseq: cseq };
  const answered = sdp === undefined ? {} : { described: true, local: sdp };
  return {
    early: replaced(early, known, { ...known, ...answered, dialog }),
    effects: [{ kind: 'request', draft }],
  };
}

/** An UPDATE of the far end. With `ask` the user is asked for the answer to its offer. */
export function hearUpdate(
  early: readonly Early[],
  request: Request,
  context: CallContext,
): { readonly early: readonly Early[]; readonly effects: readonly CallEffect[]; readonly ask?: string } {
  const known = earlyOf(early, request.fromTag);
  // RFC 3311 5.2: our offer has no answer yet.
  if (!known) return { early, effects: [toRequest({ status: 491 })] };
  if (request.cseq <= known.dialog.remoteCseq) return { early, effects: [toRequest({ status: 500 })] };
  const heard: Early = { ...known, dialog: { ...known.dialog, remoteCseq: request.cseq } };
  const sdp = sdpOf(request);
  const kept = replaced(early, known, heard);
  if (sdp === undefined) return acceptOf(kept, request, undefined, context);
  if (!heard.described || heard.ours) return { early: kept, effects: [toRequest({ status: 491 })] };
  return { early: kept, effects: [], ask: sdp };
}

export function acceptOf(
  early: readonly Early[],
  request: Request,
  sdp: string | undefined,
  context: CallContext,
): { readonly early: readonly Early[]; readonly effects: readonly CallEffect[] } {
  const known = earlyOf(early, request.fromTag);
  const effects = [toRequest(acceptEarly(sdp, context))];
  if (!known) return { early, effects };
  const local = sdp === undefined ? {} : { local: sdp };
  const next: Early = { ...known, ...local, dialog: refreshed(known.dialog, request) };
  return { early: replaced(early, known, next), effects };
}

/** The dialog of a 2xx: its target and routes (RFC 3261 13.2.2.4), the counters of the early one. */
export function confirmed(
  early: readonly Early[],
  invite: Draft,
  localTag: string,
  response: Response,
): Dialog {
  const dialog = callerDialog(invite, localTag, response);
  const known = earlyOf(early, response.toTag)?.dialog;
  if (!known) return dialog;
  return { ...dialog, localCseq: known.localCseq, remoteCseq: known.remoteCseq };
}
