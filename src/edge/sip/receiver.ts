import { calleeDialog } from '../../wire/sip/dialog.ts';
import type { Malformed, Request } from '../../wire/sip/message.ts';
import { type ParseLimits, parseMessage } from '../../wire/sip/parse.ts';
import { insideOnly, inviteRefusal, outsideDialog, refusalOf } from '../../wire/sip/refusals.ts';
import { ownCopy } from '../../wire/sip/syntax.ts';
import type {
  Approach,
  Bounds,
  InboundCall,
  InboundHandlers,
  SessionPolicy,
  SipEndpointOptions,
} from './api.ts';
import type { CallsWorld } from './call-world.ts';
import type { ClientTransactions } from './client-transactions.ts';
import type { Counts } from './counts.ts';
import { DigestGuard } from './digest-guard.ts';
import type { Flow } from './flow.ts';
import { replacing } from './replacing.ts';
import type { LiveServerTransaction, ServerTransactions } from './server-transactions.ts';
import type { StatelessAnswers } from './stateless-answers.ts';
import { takeCall } from './take-call.ts';
import type { WireLog } from './wire-log.ts';

export interface Surroundings {
  readonly options: SipEndpointOptions;
  readonly bounds: Bounds;
  readonly world: CallsWorld;
  readonly clients: ClientTransactions;
  readonly servers: ServerTransactions;
  readonly stateless: StatelessAnswers;
  readonly log: WireLog;
  readonly counts: Counts;
}

/** Where each message that comes goes (RFC 3261 8.2, 12.2.2, 18.1.2). */
export class Receiver {
  readonly #around: Surroundings;
  readonly #limits: ParseLimits;
  readonly #guard = new DigestGuard();
  /** New calls are refused. */
  stopping = false;

  constructor(around: Surroundings) {
    const { headerBytes, bodyBytes } = around.bounds;
    this.#around = around;
    this.#limits = { headerBytes, bodyBytes };
  }

  receive(text: string, flow: Flow): void {
    const { clients, counts, log } = this.#around;
    log.received += 1;
    const parsed = parseMessage(text, this.#limits);
    if ('malformed' in parsed) {
      this.#onMalformed(parsed, flow, text.length);
      return;
    }
    const { message } = parsed;
    if (message.kind === 'request') this.#onRequest(message, flow);
    else if (!clients.receive(message, flow)) counts.dropped += 1;
  }

  #onMalformed({ status, partial }: Malformed, flow: Flow, bytes: number): void {
    const { counts, stateless } = this.#around;
    counts.malformed += 1;
    if (partial && partial.method !== 'ACK') stateless.refuse(partial, { status }, flow, bytes);
    else counts.dropped += 1;
  }

  #onRequest(request: Request, flow: Flow): void {
    const { servers, log, stateless } = this.#around;
    const known = servers.find(request);
    if (request.method === 'ACK') {
      this.#onAck(request, flow, known);
      return;
    }
    if (known) {
      log.saw(flow, request.text, true, known.key);
      known.repeat();
      return;
    }
    const approach: Approach = {
      source: { ...flow.remote, protocol: flow.protocol },
      method: request.method,
      requestUri: request.uri,
      ...(flow.certificateNames && { certificateNames: flow.certificateNames }),
    };
    if (!this.#admits(request, approach, flow)) return;
    if (this.#isFull(request)) stateless.answerStray(request, { status: 503 }, flow);
    else if (request.method === 'CANCEL') this.#onCancel(request, flow);
    else this.#dispatch(request, approach, flow);
  }

  #admits(request: Request, approach: Approach, flow: Flow): boolean {
    const { options, counts, stateless } = this.#around;
    const admitted = options.admit?.(approach) ?? true;
    if (admitted === true) return true;
    if (admitted === false) counts.dropped += 1;
    else stateless.refuse(request, { status: admitted }, flow, request.text.length);
    return false;
  }

  /** Nothing more can be kept. What belongs to calls that are up still gets in while there is room for transactions. */
  #isFull({ method, toTag }: Request): boolean {
    const { servers, bounds, world } = this.#around;
    if (servers.size >= bounds.transactions || servers.bytes >= bounds.transactionBytes) return true;
    return method === 'INVITE' && toTag === '' && world.calls.size >= bounds.calls;
  }

  #dispatch(request: Request, approach: Approach, flow: Flow): void {
    const { stateless, world } = this.#around;
    const outside = request.toTag === '';
    const call = outside ? undefined : world.calls.find(request);
    // Inside a dialog our tag, which nobody can guess, stands for the credentials that made it.
    const proof = outside ? this.#prove(request, approach, flow) : undefined;
    if (proof === false) return;
    if (request.method === 'INVITE' && outside) {
      this.#onInvite(request, flow, proof);
      return;
    }
    const policy = this.#policy(flow);
    if (!call && (!outside || insideOnly.has(request.method))) {
      stateless.answerStray(request, refusalOf(request, policy) ?? { status: 481 }, flow);
      return;
    }
    const transaction = this.#serve(request, flow, call?.key);
    if (transaction.answered) return;
    const refusal =
      refusalOf(request, policy) ?? (call ? undefined : outsideDialog(request, policy, this.stopping));
    if (refusal) transaction.reply(refusal);
    else call?.request(transaction);
  }

  #policy({ remote, protocol }: Flow): SessionPolicy {
    return this.#around.world.sessionWith({ ...remote, protocol });
  }

  /** The user a request proves to come from; `undefined` when it need not, false when it was challenged. */
  #prove(request: Request, approach: Approach, flow: Flow): string | undefined | false {
    const { options, stateless } = this.#around;
    const authentication = options.authenticate?.(approach);
    if (!authentication) return undefined;
    const verdict = this.#guard.verify(request, authentication);
    if (verdict.kind === 'proven') return verdict.user;
    // Guesses are bounded like everything that is refused; the first request of every call has no credentials yet.
    if (verdict.wrong) stateless.refuse(request, verdict.reply, flow, request.text.length);
    else stateless.answerStray(request, verdict.reply, flow);
    return false;
  }

  #serve(request: Request, flow: Flow, key: string | undefined, toTag?: string): LiveServerTransaction {
    const { servers, world, log } = this.#around;
    flow.keep?.();
    const merged = servers.isMerged(request);
    const transaction = servers.start(request, flow, toTag ?? world.names.tag());
    transaction.key = key;
    log.saw(flow, request.text, false, key);
    // RFC 3261 8.2.2.2.
    if (merged) transaction.reply({ status: 482 });
    return transaction;
  }

  #onAck(request: Request, flow: Flow, known: LiveServerTransaction | undefined): void {
    const { world, log, counts } = this.#around;
    const call = world.calls.find(request);
    const repeated = call ? call.isRepeatedAck(request.text) : (known?.acked ?? false);
    log.saw(flow, request.text, repeated, call?.key ?? known?.key);
    known?.ack();
    if (call) call.ack(request);
    else if (!known) counts.dropped += 1;
  }

  #onCancel(request: Request, flow: Flow): void {
    const { servers, stateless } = this.#around;
    const cancelled = servers.findCancelled(request);
    if (!cancelled) {
      stateless.answerStray(request, { status: 481 }, flow);
      return;
    }
    // RFC 3261 9.2: the same To tag as the response to the INVITE.
    const transaction = this.#serve(request, flow, cancelled.key, cancelled.toTag);
    transaction.reply({ status: 200 });
    cancelled.onCancel?.(request);
  }

  #onInvite(request: Request, flow: Flow, user: string | undefined): void {
    const { servers, options, world } = this.#around;
    const merged = servers.isMerged(request);
    const key = merged ? undefined : (options.newKey?.() ?? ownCopy(request.callId));
    const transaction = this.#serve(request, flow, key);
    if (key === undefined) return;
    transaction.user = user;
    const dialog = calleeDialog(request, transaction.toTag);
    const replaced = replacing(request, world.calls);
    const policy = this.#policy(flow);
    const refusal =
      refusalOf(request, policy) ??
      inviteRefusal(request, policy, this.stopping) ??
      (replaced && 'refusal' in replaced ? replaced.refusal : undefined);
    if (refusal || !dialog) {
      transaction.reply(refusal ?? { status: 400, reason: 'No Contact' });
      return;
    }
    const replaces = replaced && 'replaces' in replaced ? replaced.replaces : undefined;
    try {
      takeCall(world, transaction, dialog, key, replaces, options.onInvite ?? declineAll);
    } catch (error) {
      world.bug(error);
      transaction.reply({ status: 500 });
      world.calls.remove(transaction.toTag);
    }
  }
}

function declineAll(call: InboundCall): InboundHandlers {
  call.reject(480);
  return { ended: () => {} };
}
