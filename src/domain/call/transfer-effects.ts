/** What the world must be told of parties that are handed over. */
import type { Call, Transfer } from './call.ts';
import { callback } from './callback.ts';
import type { Effect } from './effects.ts';
import type { FactOf } from './facts.ts';
import type { Outcome } from './outcome.ts';

/** The events of a transfer carry the context of the request, not that of the call, and go where it says. */
function tellApplication(
  call: Call,
  { asked, target, transferee }: Transfer,
  type: 'CallTransferAccepted' | 'CallTransferFailed',
  outcome: Outcome,
): Effect[] {
  if (asked.by !== 'application') return [];
  const parties = type === 'CallTransferAccepted' ? { transferTarget: target, transferee } : {};
  return callback(call, asked.connectionId, type, { outcome, ...parties }, asked);
}

/** A phone that asked by REFER is told the final status of the call it asked for (RFC 3515 2.4.4). */
const tellPhone = ({ asked, legId }: Transfer, status: number): Effect[] =>
  asked.by === 'phone' && legId !== undefined ? [{ effect: 'notify', legId, status }] : [];

/** The target's own answer; where it never came to one, what a SIP server would say in its place. */
function statusOf({ sip, code }: Outcome): number {
  if (sip) return sip.code;
  return code >= 400 && code <= 699 ? code : 480;
}

export function transferBegun({ transfer, headers }: FactOf<'transfer-begun'>): Effect[] {
  const { how, legId } = transfer;
  if (how.how !== 'refer' || legId === undefined) return [];
  return [{ effect: 'refer', legId, number: how.number, headers }];
}

export function transferAccepted(
  call: Call,
  { transferId, outcome }: FactOf<'transfer-accepted'>,
  before: Call | undefined,
): Effect[] {
  const transfer = before?.transfers[transferId];
  if (!transfer) return [];
  return [...tellApplication(call, transfer, 'CallTransferAccepted', outcome), ...tellPhone(transfer, 200)];
}

export function transferFailed(
  call: Call,
  { transferId, outcome }: FactOf<'transfer-failed'>,
  before: Call | undefined,
): Effect[] {
  const transfer = before?.transfers[transferId];
  if (!transfer) return [];
  return [
    ...tellApplication(call, transfer, 'CallTransferFailed', outcome),
    ...tellPhone(transfer, statusOf(outcome)),
  ];
}

/** The phone that asked hears that its target rings. */
export function transferRings(call: Call, { legId, sip }: FactOf<'leg-ringing'>): Effect[] {
  const transfer = Object.values(call.transfers).find(
    ({ how }) => how.how === 'call' && how.partId === legId,
  );
  return transfer ? tellPhone(transfer, sip.code) : [];
}
