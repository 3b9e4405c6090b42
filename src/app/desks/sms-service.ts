/** What services ask of texts and carriers tell of them, turned into inputs of the desk. */
import type { Outcome } from '../../domain/call/outcome.ts';
import { recipientFault, type Sender, senderOf } from '../../domain/sms/addresses.ts';
import { attemptOf } from '../../domain/sms/grid-events.ts';
import { smsLimits } from '../../domain/sms/limits.ts';
import type { Particulars } from '../../domain/sms/message.ts';
import { cut } from '../../domain/sms/segments.ts';
import type { Quiet } from '../ports/clock.ts';
import type { RateWindows } from '../ports/limits.ts';
import type { HeldNumber } from '../ports/owned-numbers.ts';
import type {
  ArrivedText,
  CarriersListener,
  ReceiptEvent,
  SmsCarriers,
  SubmitEvent,
} from '../ports/sms-carriers.ts';
import { type Store, StoreFailed, StoreSilent } from '../ports/store.ts';
import { refuse } from './refusals.ts';
import type {
  OptOutItem,
  SentItem,
  SmsAnswer,
  SmsRecipient,
  SmsReport,
  SmsRequest,
  Texts,
} from './sms-commands.ts';
import { queueOf, SmsDesk, type SmsDeskDependencies } from './sms-desk.ts';
import { SmsDispatcher } from './sms-dispatcher.ts';
import { outgoingId } from './sms-ids.ts';
import { type InboundDependencies, InboundDesk } from './sms-inbound.ts';
import { OverdueWatch } from './sms-overdue.ts';
import { routesFor, SenderRules, type SmsPolicy } from './sms-policy.ts';
import { type Post, type Posted, Repeats } from './sms-repeats.ts';

export interface SmsServiceDependencies extends SmsDeskDependencies, InboundDependencies {
  readonly store: Pick<Store, 'repeat'>;
  readonly rate: RateWindows;
  readonly quiet: Quiet;
  readonly carriers: Pick<SmsCarriers, 'room' | 'submit' | 'status'>;
  readonly policy: SmsPolicy;
  /** How long receipts are waited for where a request does not say. */
  readonly reportTimeoutMs: number;
  /** A receipt for a text that nobody sent here. */
  readonly onStrayReceipt: (event: ReceiptEvent) => void;
}

/** What a text has beside what its request says. */
interface Posting extends Pick<SmsRequest, 'text' | 'report' | 'tag' | 'reportTimeoutSeconds'> {
  readonly resourceId: string;
  readonly from: Sender;
  readonly to: string;
  readonly answersKeyword?: true;
}

export class SmsService implements Texts, CarriersListener {
  readonly limits = smsLimits;
  readonly desk: SmsDesk;
  readonly #deps: SmsServiceDependencies;
  readonly #dispatcher: SmsDispatcher;
  readonly #inbound: InboundDesk;
  readonly #overdue: OverdueWatch;
  readonly #rules: SenderRules;
  readonly #repeats: Repeats;
  #references = 0;

  constructor(deps: SmsServiceDependencies) {
    this.#deps = deps;
    this.desk = new SmsDesk(deps);
    this.#dispatcher = new SmsDispatcher({ ...deps, desk: this.desk });
    this.#inbound = new InboundDesk(deps, (holder, to, text) => this.#answerKeyword(holder, to, text));
    this.#overdue = new OverdueWatch({
      ...deps,
      desk: this.desk,
      onEnded: () => this.#dispatcher.pull(),
    });
    this.#rules = new SenderRules(deps.policy, deps.rate);
    this.#repeats = new Repeats(deps);
  }

  /** Takes up what an earlier process left. */
  async start(): Promise<void> {
    await this.#dispatcher.start();
    this.#overdue.start();
    this.#inbound.start();
  }

  /** Sends nothing more; answers, receipts and texts are still taken. */
  stop(): void {
    this.#dispatcher.stop();
    this.#overdue.stop();
    this.#inbound.stop();
  }

  /** After the store was wiped. */
  forget(): void {
    this.desk.forget();
    this.#dispatcher.forget();
    this.#overdue.start();
    this.#inbound.start();
  }

  /** Submitted to carriers and not answered yet. */
  get pending(): number {
    return this.#dispatcher.pending;
  }

  async send(resourceId: string, request: SmsRequest): Promise<SmsAnswer<readonly SentItem[]>> {
    const { clock } = this.#deps;
    const from = this.#sender(resourceId, request.from);
    if ('refused' in from) return from;
    const at = clock.now();
    const wait = this.#rules.throttle(from.ok, resourceId, request.recipients.length, at);
    if (wait > 0) {
      const detail = `${request.from} has sent as many texts in 60 s as the documented limit allows (sms.rates)`;
      return { refused: refuse('too-many-requests', at, detail), retryAfterMs: wait };
    }
    const items = request.recipients.map((recipient) => this.#item(resourceId, from.ok, recipient, request));
    return { ok: await Promise.all(items) };
  }

  report(resourceId: string, messageId: string): SmsReport | undefined {
    const index = this.#deps.sms.index(messageId);
    if (index?.direction !== 'out' || index.resourceId !== resourceId) return undefined;
    const state = this.desk.state(messageId);
    if (!state) return undefined;
    const { from, to, tag } = state.message;
    const { outcome } = state.phase === 'ended' ? state : {};
    return {
      messageId,
      from: from.address,
      to,
      ...(tag === undefined ? {} : { tag }),
      ...(outcome ? { end: { outcome, attempt: attemptOf(state, outcome) } } : {}),
    };
  }

  async optOuts(
    resourceId: string,
    what: 'add' | 'remove' | 'check',
    address: string,
    recipients: readonly string[],
  ): Promise<SmsAnswer<readonly OptOutItem[]>> {
    const { sms, clock } = this.#deps;
    const from = this.#sender(resourceId, address);
    if ('refused' in from) return from;
    const good = recipients.filter((to) => recipientFault(to) === undefined);
    const pair = (recipient: string) => ({ resourceId, sender: address, recipient });
    if (what !== 'check') {
      const since = what === 'add' ? clock.now() : undefined;
      await sms.setOptOuts(good.map((recipient) => ({ ...pair(recipient), since })));
    }
    const item = (to: string): OptOutItem =>
      good.includes(to) ? { to, isOptedOut: sms.isOptedOut(pair(to)) } : { to };
    return { ok: recipients.map(item) };
  }

  submitted(event: SubmitEvent): void {
    this.#dispatcher.submitted(event);
  }

  room(): void {
    this.#dispatcher.pull();
  }

  async delivered(event: ReceiptEvent | ArrivedText): Promise<void> {
    if (event.kind === 'arrived') return this.#inbound.arrived(event);
    const { carrier, carrierMessageId, receipt } = event;
    let found = this.desk.find(carrier, carrierMessageId);
    if (!found) {
      // It may have overtaken the answer that brings its id.
      await this.#dispatcher.answers(carrier);
      found = this.desk.find(carrier, carrierMessageId);
    }
    if (!found) {
      this.#deps.onStrayReceipt(event);
      return;
    }
    const { messageId, segment } = found;
    await this.desk.accept(messageId, { input: 'receipt', segment, carrier, receipt }).stored;
  }

  #sender(resourceId: string, address: string): { readonly ok: Sender } | { readonly refused: Outcome } {
    const at = this.#deps.clock.now();
    const sender = senderOf(address);
    if (!sender) {
      const detail =
        'The field From is invalid. It must be a number in E.164, a short code of 5 or 6 digits, or a name of up to 11 letters and digits.';
      return { refused: refuse('sms-argument', at, detail) };
    }
    if (sender.kind === 'alphanumeric') return { ok: sender };
    const held = this.#deps.numbers.find(address);
    if (held?.resourceId === resourceId && held.sendsTexts) return { ok: sender };
    const why =
      held?.resourceId === resourceId ? 'sends no texts (its capabilities)' : 'is not one of this resource';
    return { refused: refuse('sender-not-owned', at, `${address} ${why}`) };
  }

  async #item(
    resourceId: string,
    from: Sender,
    recipient: SmsRecipient,
    request: SmsRequest,
  ): Promise<SentItem> {
    const { to } = recipient;
    const why = recipientFault(to);
    if (why !== undefined) return { to, status: 400, why };
    const post: Post = (remember) => this.#post({ ...request, resourceId, from, to }, remember);
    try {
      return await this.#repeats.once(resourceId, recipient, request, post);
    } catch (error) {
      if (!(error instanceof StoreFailed || error instanceof StoreSilent)) throw error;
      this.#deps.onTrouble(error);
      return { to, status: 503, why: 'ServiceUnavailable' };
    }
  }

  #post(posting: Posting, remember?: Parameters<Post>[0]): Posted {
    const { clock, ids, sms, policy, reportTimeoutMs } = this.#deps;
    const { resourceId, from, to, text, report, tag, reportTimeoutSeconds, answersKeyword } = posting;
    const at = clock.now();
    const id = outgoingId(at, ids.next());
    const { alphabet, parts } = cut(text);
    this.#references = (this.#references + 1) % 256;
    const timeout = reportTimeoutSeconds === undefined ? reportTimeoutMs : reportTimeoutSeconds * 1000;
    const message: Particulars = {
      id,
      resourceId,
      from,
      to,
      acceptedAt: at,
      alphabet,
      parts: parts.length,
      reference: this.#references,
      report,
      reportDue: at + timeout,
      routes: routesFor(policy.routes, from, to),
      ...(tag === undefined ? {} : { tag }),
      ...(answersKeyword ? { answersKeyword } : {}),
    };
    const pair = { resourceId, sender: from.address, recipient: to };
    const standing = answersKeyword
      ? { optedOut: false, entitled: true }
      : this.#rules.standing(from, sms.isOptedOut(pair), at);
    const { state, stored } = this.desk.accept(
      id,
      { input: 'accept', message, standing },
      { text, ...remember?.(id) },
    );
    const joined = stored.then(() => {
      if (state.phase !== 'queued') return;
      this.#dispatcher.joined(queueOf(state.routes));
      this.#overdue.expect(message.reportDue);
    });
    return { messageId: id, stored: joined };
  }

  #answerKeyword(holder: HeldNumber, to: string, text: string): Posted {
    const { number: address, resourceId } = holder;
    const from: Sender = { kind: holder.kind === 'shortCode' ? 'short-code' : 'e164', address };
    return this.#post({ resourceId, from, to, text, report: false, answersKeyword: true });
  }
}
