/** Early dialogs of an INVITE of ours, one for each fork that rings reliably (RFC 3262 4). */
import type { CallEffect } from './call.ts';
import { callerDialog, type Dialog, inDialog } from './dialog.ts';
import type { Draft } from './format.ts';
import type { Response } from './message.ts';
import { rackOf, sequenceOf } from './reliable.ts';

export interface Early {
  readonly dialog: Dialog;
  /** RSeq of the response acknowledged last. */
  readonly rseq: number;
}

const MAX_EARLY = 16;

export type Provisional =
  | { readonly kind: 'plain' }
  /** A repetition, or one that came before its predecessor. */
  | { readonly kind: 'discard' }
  | { readonly kind: 'reliable'; readonly early: readonly Early[]; readonly tag: string };

export function hear(
  early: readonly Early[],
  invite: Draft,
  localTag: string,
  response: Response,
): Provisional {
  const rseq = sequenceOf(response);
  if (rseq === undefined) return { kind: 'plain' };
  const tag = response.toTag;
  const known = early.find(({ dialog }) => dialog.remoteTag === tag);
  // RFC 3262 4: repetitions are discarded (the PRACK repeats itself), and so is what is not next.
  if (known && rseq !== known.rseq + 1) return { kind: 'discard' };
  if (!known && early.length >= MAX_EARLY) return { kind: 'discard' };
  const others = early.filter((one) => one !== known);
  const dialog = known?.dialog ?? callerDialog(invite, localTag, response);
  return { kind: 'reliable', early: [...others, { dialog, rseq }], tag };
}

/** Acknowledges the last reliable response of that fork. `sdp` answers the offer it carried. */
export function prack(
  early: readonly Early[],
  response: Response,
  sdp: string | undefined,
): { readonly early: readonly Early[]; readonly effects: readonly CallEffect[] } {
  const known = early.find(({ dialog }) => dialog.remoteTag === response.toTag);
  if (!known) return { early, effects: [] };
  const cseq = known.dialog.localCseq + 1;
  const headers = [rackOf(known.rseq, response)];
  const draft = inDialog(known.dialog, 'PRACK', cseq, sdp === undefined ? { headers } : { headers, sdp });
  const acknowledged = { ...known, dialog: { ...known.dialog, localCseq: cseq } };
  return {
    early: early.map((one) => (one === known ? acknowledged : one)),
    effects: [{ kind: 'request', draft }],
  };
}

/** The dialog of a 2xx: its target and routes (RFC 3261 13.2.2.4), the counters of the early one. */
export function confirmed(
  early: readonly Early[],
  invite: Draft,
  localTag: string,
  response: Response,
): Dialog {
  const dialog = callerDialog(invite, localTag, response);
  const known = early.find((one) => one.dialog.remoteTag === response.toTag)?.dialog;
  if (!known) return dialog;
  return { ...dialog, localCseq: known.localCseq, remoteCseq: known.remoteCseq };
}
