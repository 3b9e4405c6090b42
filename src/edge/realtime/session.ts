/** One device's session: what it is owed, in order, until it says that it has it. */
import type { Notified } from '../../app/ports/chat-events.ts';
import type { TokenHolder } from '../../app/ports/identities.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { Notification } from '../../wire/realtime/chat-notifications.ts';
import {
  acknowledgement,
  type ClientFrame,
  type DisconnectReason,
  decodePushAnswer,
  disconnectFrame,
  eventFrame,
} from '../../wire/realtime/frames.ts';

/** The way to a device: a websocket, or the polls of one. */
export interface Link {
  send(frame: string): void;
  /** `words`: why. `frame`: what says so to the device, where it has not gone by itself. */
  close(words: string, frame?: string): void;
}

export interface SessionBounds {
  /** Notifications that may wait for a device, sent ones that it has not confirmed included. */
  readonly events: number;
  /** UTF-16 units of them. */
  readonly length: number;
}

export interface SessionWorld {
  readonly now: () => Instant;
  /** Monotonic wall time in ms. */
  readonly wall: () => number;
  readonly bounds: SessionBounds;
  readonly notified: (notice: Notified) => void;
  readonly closed: (session: Session, why: string) => void;
  /** Keeps a manual clock from moving on. */
  readonly hold: (what: string) => () => void;
}

/** What an event is about, as far as it is kept. */
export type About = Pick<Notified, 'threadId' | 'event'> & { readonly messageId?: number };

interface Owed {
  readonly number: number;
  readonly frame: string;
  readonly about: About;
}

/** That a client may come back to its session within. */
export const sessionTtlMs = 7 * 24 * 60 * 60 * 1000;
/** Sent and not confirmed: enough to keep a device busy, and little to send again. */
const windowEvents = 128;
const windowLength = 1_048_576;

export class Session {
  readonly id: string;
  readonly signature: string;
  readonly createdAt: Instant;
  holder: TokenHolder;
  /** Wall time of the last sign of the device. */
  heardAt: number;
  readonly #world: SessionWorld;
  #registrationId: string | undefined;
  #registrationMs = 0;
  #registeredUntil: Instant = 0;
  /** Not registered yet: the client says that it is connected before it registers. */
  #isNew = true;
  #link: Link | undefined;
  #numbers = 0;
  readonly #sent = new Map<number, Owed>();
  /** Wall time of the last confirmation, or of the first push after everything was confirmed. */
  #progressAt = 0;
  #waiting: Owed[] = [];
  #length = 0;
  #sentLength = 0;
  /** Events were dropped: the device is told when it comes back. */
  #lost = false;
  #release: (() => void) | undefined;

  constructor(
    world: SessionWorld,
    { id, signature }: { readonly id: string; readonly signature: string },
    holder: TokenHolder,
  ) {
    this.#world = world;
    this.id = id;
    this.signature = signature;
    this.holder = holder;
    this.createdAt = world.now();
    this.heardAt = world.wall();
  }

  get attached(): boolean {
    return this.#link !== undefined;
  }

  get registrationId(): string | undefined {
    return this.#registrationId;
  }

  get registeredUntil(): Instant {
    return this.#registeredUntil;
  }

  isRegistered(at: Instant): boolean {
    return at < this.#registeredUntil;
  }

  /** Whether what its user is told is for this device, there or on its way back. */
  hears(at: Instant): boolean {
    return this.#isNew || this.isRegistered(at);
  }

  /** Since when a confirmation is awaited, in wall time; undefined: none is. */
  get waitingSince(): number | undefined {
    return this.#link && this.#sent.size > 0 ? this.#progressAt : undefined;
  }

  owe(notification: Notification, about: About): void {
    const number = ++this.#numbers;
    const frame = notification.push(number, this.id, this.holder.userRawId);
    this.#waiting.push({ number, frame, about });
    this.#length += frame.length;
    const { events, length } = this.#world.bounds;
    if (this.#waiting.length + this.#sent.size > events || this.#length > length) {
      this.#drop();
      this.miss();
      const words = `it left more than ${events} events, or ${length} characters of them, unconfirmed`;
      this.close('serviceunavailable', words);
      return;
    }
    this.#flush();
  }

  /** What was sent before and not confirmed is sent again, first. */
  attach(link: Link): void {
    this.close('dup', 'the device opened another connection');
    this.#link = link;
    this.heardAt = this.#world.wall();
    // The client registers for this long at most: the life of its token would end the registration with the token,
    // and what happens until the next token is there would wait for nobody.
    const secondsLeft = Math.max(1, Math.floor((this.createdAt + sessionTtlMs - this.#world.now()) / 1000));
    link.send(eventFrame('trouter.connected', { ttl: secondsLeft, dur: '1' }));
    if (this.#lost) {
      this.#lost = false;
      link.send(eventFrame('trouter.message_loss', { droppedIndicators: [{ tag: 'chat', etag: this.id }] }));
    }
    this.#waiting = [...this.#sent.values(), ...this.#waiting];
    this.#sent.clear();
    this.#sentLength = 0;
    this.#flush();
  }

  /** The link is gone, by whomever. */
  detached(link: Link, why: string): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    if (!this.hears(this.#world.now())) this.#drop();
    this.#settle();
    this.#world.closed(this, why);
  }

  close(reason: DisconnectReason, words: string): void {
    this.#close(words, disconnectFrame(reason, words));
  }

  register(registrationId: string, ttlMs: number): void {
    this.#isNew = false;
    this.#registrationId = registrationId;
    this.#registrationMs = ttlMs;
    this.#registeredUntil = this.#world.now() + ttlMs;
  }

  /** A device that is connected stays registered: a clock that was moved says less than its connection. */
  prolong(): boolean {
    if (!this.#link || this.#registrationId === undefined) return false;
    this.register(this.#registrationId, this.#registrationMs);
    return true;
  }

  /** The device will be told that it missed something. */
  miss(): void {
    this.#lost = true;
  }

  /** Told of nothing more, and owed nothing. */
  unregister(): void {
    this.#isNew = false;
    this.#registrationId = undefined;
    this.#registeredUntil = 0;
    this.#drop();
    this.#settle();
  }

  /** What comes over a link that has been replaced counts for nothing. */
  take(frame: ClientFrame, link: Link): void {
    if (link !== this.#link) return;
    this.heardAt = this.#world.wall();
    switch (frame.kind) {
      case 'message':
        this.#confirmed(frame.data);
        return;
      case 'event':
        if (frame.acknowledge !== undefined)
          link.send(acknowledgement(frame.acknowledge, frame.name === 'ping' ? ['pong'] : []));
        return;
      case 'disconnect':
        this.#close('the device said goodbye');
        return;
      case 'malformed':
        this.close('badrequest', `a frame cannot be read: ${frame.why}`);
        return;
      case 'heartbeat':
      case 'nothing':
        return;
    }
  }

  beat(frame: string): void {
    this.#link?.send(frame);
  }

  #close(words: string, frame?: string): void {
    const link = this.#link;
    if (!link) return;
    this.detached(link, words);
    link.close(words, frame);
  }

  #confirmed(data: string): void {
    const answer = decodePushAnswer(data);
    if (!answer) {
      this.close('badrequest', 'the answer to a push names no number and status');
      return;
    }
    const owed = this.#sent.get(answer.id);
    // Confirmed before, or never sent: nothing comes of it.
    if (!owed) return;
    this.#sent.delete(answer.id);
    this.#progressAt = this.#world.wall();
    this.#length -= owed.frame.length;
    this.#sentLength -= owed.frame.length;
    this.#notify(owed, 'acknowledged');
    this.#flush();
    this.#settle();
  }

  #flush(): void {
    const link = this.#link;
    if (!link) return;
    let next = 0;
    for (; next < this.#waiting.length; next++) {
      const owed = this.#waiting[next] as Owed;
      if (this.#sent.size >= windowEvents) break;
      if (this.#sent.size > 0 && this.#sentLength + owed.frame.length > windowLength) break;
      if (this.#sent.size === 0) this.#progressAt = this.#world.wall();
      this.#sent.set(owed.number, owed);
      this.#sentLength += owed.frame.length;
      link.send(owed.frame);
      this.#notify(owed, 'sent');
    }
    if (next > 0) this.#waiting.splice(0, next);
    if (this.#sent.size > 0) this.#release ??= this.#world.hold(`notifications to ${this.holder.userRawId}`);
  }

  #settle(): void {
    if (this.#link && this.#sent.size > 0) return;
    this.#release?.();
    this.#release = undefined;
  }

  #drop(): void {
    this.#waiting = [];
    this.#sent.clear();
    this.#length = 0;
    this.#sentLength = 0;
  }

  /** Only what happens to messages is explained. */
  #notify({ about }: Owed, how: Notified['how']): void {
    if (about.messageId === undefined) return;
    const { userRawId: user } = this.holder;
    this.#world.notified({ ...about, user, device: this.id, how, at: this.#world.now() });
  }
}
