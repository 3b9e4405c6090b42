/** What is asked inside an answered call, both ways: to call somebody else (RFC 3515), and our own hold (RFC 3264 8.4). */
import type { Header, SipReason, TrunkEvent } from '../../app/ports/trunk.ts';
import { headerList } from '../../wire/sip/header.ts';
import { parseUri } from '../../wire/sip/uri.ts';
import type { InboundCall, OutboundCall, Referral } from '../sip/api.ts';
import type { Negotiation } from './negotiation.ts';
import { calledNumber } from './numbers.ts';
import { referredHeaders, referUri } from './refer-uri.ts';
import type { Trunk } from './trunk.ts';

export interface MidCallWorld {
  readonly legId: string;
  readonly trunk: Trunk;
  readonly negotiation: Negotiation;
  readonly emit: (event: TrunkEvent) => void;
  /** The trunk of a dialog that is one of ours (RFC 3891). */
  readonly trunkOfDialog: (replaces: NonNullable<Referral['replaces']>) => string | undefined;
}

const reasonOf = ({ status, reason }: { readonly status: number; readonly reason: string }): SipReason => ({
  code: status,
  message: reason,
});

export class MidCall {
  readonly #world: MidCallWorld;
  /** Methods that the far end takes. */
  #allowed: readonly string[] = [];
  /** Of the far end, until its last word is said. */
  #referral: Referral | undefined;
  #referring = false;

  constructor(world: MidCallWorld) {
    this.#world = world;
  }

  /** What the far end says of itself in its INVITE or 2xx. */
  meet(headers: readonly Header[]): void {
    this.#allowed = headerList(headers, 'allow').map((method) => method.toUpperCase());
  }

  /** By the trunk's setting and by what the far end says of itself. */
  get refers(): boolean {
    return this.#world.trunk.transfer === 'refer' && this.#allowed.includes('REFER');
  }

  refer(call: OutboundCall | InboundCall, number: string, headers: readonly Header[]): void {
    const { legId, trunk, emit } = this.#world;
    this.#referring = true;
    const progress = (status: number, reason: string): void =>
      emit({
        kind: 'refer',
        legId,
        told: { step: 'progress', sip: { code: status, message: reason } },
      });
    void call.refer({ to: referUri(trunk, number, headers), progress }).then((result) => {
      this.#referring = false;
      if (result.kind === 'ended') return;
      const step = result.kind === 'done' ? 'done' : 'refused';
      emit({ kind: 'refer', legId, told: { step, sip: reasonOf(result) } });
    });
  }

  /** What became of our REFER is told before the end of the call that it was lost with. */
  beforeEnd(tell: () => void): void {
    if (this.#referring) queueMicrotask(tell);
    else tell();
  }

  hold(call: OutboundCall | InboundCall, held: boolean): void {
    const { legId, negotiation, emit } = this.#world;
    const undo = negotiation.hold(held);
    // RFC 3311 5.1: an UPDATE is answered at once, where a re-INVITE may wait for a person.
    const method = this.#allowed.includes('UPDATE') ? 'UPDATE' : 'INVITE';
    void call.offer(negotiation.offer(), method).then((result) => {
      if (result.kind === 'ended') return;
      if (result.kind === 'refused') {
        undo();
        emit({ kind: 'hold-refused', legId, held, sip: reasonOf(result) });
        return;
      }
      if (result.sdp !== undefined) negotiation.answered(result.sdp);
      emit({ kind: 'hold', legId, held });
    });
  }

  /** The far end's REFER: the status that it is answered with. */
  referred(referral: Referral): number {
    const { legId, trunk, emit, trunkOfDialog } = this.#world;
    if (trunk.transfer === 'none') return 603;
    if (this.#referral) return 491;
    // RFC 3261 21.4.14.
    if (!parseUri(referral.to)) return 416;
    const joined = referral.replaces && trunkOfDialog(referral.replaces);
    // RFC 3891 8: who may join two calls is who is in both.
    if (joined !== undefined && joined !== trunk.name) return 603;
    this.#referral = referral;
    const event: TrunkEvent = {
      kind: 'referred',
      legId,
      to: calledNumber(referral.to),
      headers: referredHeaders(referral),
      ...(joined === undefined ? {} : { joins: true }),
    };
    // RFC 3515 2.4.4: its 202 goes out before anything is told of what became of it.
    queueMicrotask(() => emit(event));
    return 202;
  }

  notify(status: number): void {
    this.#referral?.notify(status);
    if (status >= 200) this.#referral = undefined;
  }
}
