/** Handsets' texts: put together from their parts, kept, told, and acted upon where they are keywords. */
import type { Instant } from '../../domain/ids/instant.ts';
import { type InboundFact, type InboundText, receive } from '../../domain/sms/inbound.ts';
import { type Keyword, keywordOf } from '../../domain/sms/keywords.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { HeldNumber, OwnedNumbers } from '../ports/owned-numbers.ts';
import type { ArrivedText } from '../ports/sms-carriers.ts';
import type { PartRow, SmsStore } from '../ports/sms-store.ts';
import type { Json } from '../ports/store.ts';
import { type SmsEntryContext, smsEntries } from './sms-entries.ts';
import { inboundId } from './sms-ids.ts';

export interface InboundDependencies extends SmsEntryContext {
  readonly sms: SmsStore;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly numbers: OwnedNumbers;
  /** How long parts wait for the others. */
  readonly partsWithinMs: number;
  /** What a keyword is answered with; undefined: nothing. */
  readonly replies: Readonly<Partial<Record<Keyword, string>>>;
  readonly onInbound: (messageId: string, fact: InboundFact) => void;
  /** A text that is nobody's. */
  readonly onStray: (text: ArrivedText, why: string) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Sends the answer to a keyword, from `sender` to the handset. */
export type SendReply = (
  holder: HeldNumber,
  recipient: string,
  text: string,
) => { readonly messageId: string; readonly stored: Promise<void> };

/** More parts than this on disk make room by the message that has waited longest, as it is. */
const mostParts = 10_000;
const retryMs = 60_000;

interface Whole extends Pick<ArrivedText, 'carrier' | 'from' | 'to' | 'text'> {
  readonly parts: number;
  readonly of: number;
  /** Of the parts that it was put together from. */
  readonly key?: string;
}

export class InboundDesk {
  readonly #deps: InboundDependencies;
  readonly #reply: SendReply;
  /** Parts of one message are taken one after the other. */
  readonly #taking = new Map<string, Promise<void>>();
  #alarm: { readonly at: Instant; readonly cancel: Cancel } | undefined;

  constructor(deps: InboundDependencies, reply: SendReply) {
    this.#deps = deps;
    this.#reply = reply;
  }

  /** Resolves once nothing of it can be lost any more. */
  async arrived(text: ArrivedText): Promise<void> {
    const { segment } = text;
    if (!this.#holder(text)) return;
    if (!segment || segment.of <= 1) {
      await this.#whole({ ...text, parts: 1, of: 1 });
      return;
    }
    const key = `${text.carrier} ${text.from} ${text.to} ${segment.reference} ${segment.of}`;
    const before = this.#taking.get(key) ?? Promise.resolve();
    const taking = before.catch(() => undefined).then(() => this.#part(key, text, segment));
    this.#taking.set(key, taking);
    try {
      await taking;
    } finally {
      if (this.#taking.get(key) === taking) this.#taking.delete(key);
    }
  }

  /** Waits for the message whose parts have waited longest. */
  start(): void {
    this.stop();
    try {
      const oldest = this.#deps.sms.oldestParts();
      if (oldest) this.#expect(oldest.at + this.#deps.partsWithinMs);
    } catch (error) {
      this.#deps.onTrouble(error);
      this.#expect(this.#deps.clock.now() + retryMs);
    }
  }

  stop(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
  }

  #holder(text: ArrivedText): HeldNumber | undefined {
    const holder = this.#deps.numbers.find(text.to);
    if (holder?.takesTexts) return holder;
    const why = holder ? `${text.to} takes no texts (its capabilities)` : `${text.to} is nobody's`;
    this.#deps.onStray(text, why);
    return undefined;
  }

  async #part(key: string, text: ArrivedText, { number, of }: NonNullable<ArrivedText['segment']>) {
    const { sms, clock, partsWithinMs } = this.#deps;
    const at = clock.now();
    const { carrier, from, to } = text;
    const own: PartRow = { key, number, of, at, carrier, from, to, text: text.text };
    const others = sms.parts(key).filter((part) => part.number !== number);
    if (others.length + 1 === of) {
      await this.#whole(together([...others, own]));
      return;
    }
    if (sms.countParts() >= mostParts) await this.#giveUp();
    await sms.keepPart(own);
    this.#expect(at + partsWithinMs);
  }

  /** The message that has waited longest is delivered as far as it came. */
  async #giveUp(): Promise<void> {
    const oldest = this.#deps.sms.oldestParts();
    const parts = oldest ? this.#deps.sms.parts(oldest.key) : [];
    if (parts.length > 0) await this.#whole(together(parts));
  }

  #expect(at: Instant): void {
    if (this.#alarm && this.#alarm.at <= at) return;
    this.#alarm?.cancel();
    const cancel = this.#deps.clock.at(at, 'parts of a text', () => {
      this.#alarm = undefined;
      this.#expire()
        .catch(this.#deps.onTrouble)
        .finally(() => this.start());
    });
    this.#alarm = { at, cancel };
  }

  async #expire(): Promise<void> {
    const { sms, clock, partsWithinMs } = this.#deps;
    for (;;) {
      const oldest = sms.oldestParts();
      if (!oldest || oldest.at + partsWithinMs > clock.now()) return;
      await this.#giveUp();
    }
  }

  async #whole({ carrier, from, to, text: says, parts, of, key }: Whole): Promise<void> {
    const { sms, clock, ids, outbox, replies } = this.#deps;
    const holder = this.#deps.numbers.find(to);
    const at = clock.now();
    const id = inboundId(at, ids.next());
    // Between its parts, the number may have been given back.
    const resourceId = holder?.resourceId ?? '';
    const text: InboundText = { id, resourceId, carrier, from, to, at, parts, of };
    const keyword = keywordOf(says);
    const answer = keyword && holder?.sendsTexts ? replies[keyword] : undefined;
    const reply = holder && answer !== undefined ? this.#reply(holder, from, answer) : undefined;
    const { facts, optOut } = receive(text, says, reply);
    const received = { type: 'SMSReceived', messageId: id, from, to, text: says } as const;
    const event = { ...received, receivedAt: at, segmentCount: parts };
    const entries = smsEntries(event, resourceId, this.#deps);
    const since = optOut === 'set' ? at : undefined;
    const stored = sms.append({
      messageId: id,
      fromSeq: 1,
      at,
      facts: facts as unknown as readonly Json[],
      index: { messageId: id, resourceId, direction: 'in', from, to, at, endedAt: at },
      entries,
      ...(optOut ? { optOuts: [{ resourceId, sender: to, recipient: from, since }] } : {}),
      ...(key === undefined ? {} : { dropParts: key }),
    });
    await Promise.all([stored, reply?.stored]);
    outbox.owe(entries);
    for (const fact of facts) this.#deps.onInbound(id, fact);
  }
}

/** Of parts in any order; what never came is simply not there. */
function together(parts: readonly PartRow[]): Whole {
  const sorted = parts.toSorted((a, b) => a.number - b.number);
  const [first] = sorted;
  if (!first) throw new Error('a message of no parts');
  const { carrier, from, to, of, key } = first;
  return { carrier, from, to, of, key, parts: sorted.length, text: sorted.map((part) => part.text).join('') };
}
