/** Every session of every user: who is told what, and until when. */
import type { ChatEvents, Told } from '../../app/ports/chat-events.ts';
import type { Clock, Quiet } from '../../app/ports/clock.ts';
import type { Identities, TokenHolder } from '../../app/ports/identities.ts';
import type {
  OfferedSocket,
  OpenedSession,
  Polled,
  RealtimeSessions,
  RegisteredDevice,
  ReturningSession,
  SessionRefusal,
} from '../../app/ports/realtime.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { encodeNotification } from '../../wire/realtime/chat-notifications.ts';
import { decodePayload, heartbeatFrame } from '../../wire/realtime/frames.ts';
import { PollLink } from './polling.ts';
import { type Kept, Roster, secret } from './roster.ts';
import { type About, Session, type SessionBounds, type SessionWorld, sessionTtlMs } from './session.ts';

export interface SessionsParts {
  readonly events: ChatEvents;
  readonly identities: Pick<Identities, 'onRevoked'>;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly bounds: SessionBounds & {
    /** Sessions of one user. */
    readonly sessions: number;
  };
  /** A device's connection ended: one line of the log. */
  readonly onClosed: (session: { readonly id: string; readonly user: string }, why: string) => void;
  /** Monotonic wall time in ms. */
  readonly wall?: () => number;
}

/** The client waits two seconds longer for any sign of the server. */
const heartbeatSeconds = 70;
const heartbeatMs = 25_000;
/** The client asks every 40 s. */
const silentMs = 90_000;
/** The client answers a push within 5 s, whatever its application does. */
const confirmWithinMs = 20_000;
const sweepMs = 5_000;
/** For a client to connect after it asked for a session, and for a socket after its handshake. */
const connectWithinMs = 60_000;
/** A manual clock does not wait for a device that has gone silent. */
const holdMs = 1_000;

const aboutOf = ({ event }: Told): About => ({
  threadId: event.threadId,
  event: event.event,
  ...('message' in event ? { messageId: event.message.id } : {}),
  ...('messageId' in event ? { messageId: event.messageId } : {}),
});

export class Sessions implements RealtimeSessions {
  readonly #parts: SessionsParts;
  readonly #wall: () => number;
  /** The same for every session. */
  readonly #world: SessionWorld;
  readonly #roster = new Roster();
  readonly #unsubscribe: readonly (() => void)[];
  readonly #sweeping: NodeJS.Timeout;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#wall = parts.wall ?? (() => performance.now());
    const { clock, quiet, events, bounds, onClosed } = parts;
    this.#world = {
      now: () => clock.now(),
      wall: this.#wall,
      bounds,
      notified: (notice) => events.notified(notice),
      closed: ({ id, holder }, why) => onClosed({ id, user: holder.userRawId }, why),
      hold: (what) => quiet.hold(what, holdMs),
    };
    this.#unsubscribe = [
      parts.events.subscribe((told) => this.#tell(told)),
      parts.identities.onRevoked((user) => this.#revoked(user)),
    ];
    this.#sweeping = setInterval(() => this.#sweep(), sweepMs).unref();
  }

  /** Sessions, and those with a device at the other end. */
  counts(): { readonly sessions: number; readonly attached: number } {
    const all = this.#roster.all();
    return { sessions: all.length, attached: all.filter(({ session }) => session.attached).length };
  }

  open(holder: TokenHolder, returning?: ReturningSession): OpenedSession | SessionRefusal {
    const before = returning && this.#of(holder, returning);
    if (before) {
      this.#renew(before, holder);
      return opened(before.session);
    }
    const { bounds } = this.#parts;
    if (this.#roster.ofUser(holder.userRawId).size >= bounds.sessions && !this.#makeRoom(holder.userRawId))
      return { refused: 'too-many', limit: bounds.sessions };
    const session = new Session(this.#world, { id: secret(), signature: secret() }, holder);
    // The client had a session that is not here any more: what it missed cannot be told.
    if (returning) session.miss();
    this.#renew(this.#roster.add(session, this.#wall()), holder);
    return opened(session);
  }

  handshake(holder: TokenHolder, returning: ReturningSession): OfferedSocket | SessionRefusal {
    const kept = this.#of(holder, returning);
    if (!kept) return { refused: 'unknown' };
    this.#renew(kept, holder);
    kept.session.heardAt = this.#wall();
    return { socketId: this.#roster.offer(kept), heartbeatSeconds };
  }

  register(holder: TokenHolder, device: RegisteredDevice): SessionRefusal | undefined {
    const kept = this.#roster.find(device.sessionId);
    if (kept?.session.holder.userRawId !== holder.userRawId) return { refused: 'unknown' };
    kept.session.register(device.registrationId, device.ttlMs);
    this.#renew(kept, holder);
    return undefined;
  }

  unregister(holder: TokenHolder, registrationId: string): void {
    for (const kept of [...this.#roster.ofUser(holder.userRawId)]) {
      if (kept.session.registrationId !== registrationId) continue;
      kept.session.unregister();
      if (!kept.session.attached) this.#roster.remove(kept);
    }
  }

  /** The session that a handshake named; each name opens one socket. */
  redeem(socketId: string): Session | undefined {
    const kept = this.#roster.ofSocket(socketId);
    if (!kept || kept.poll) return undefined;
    this.#roster.withdraw(kept);
    return kept.session;
  }

  poll(holder: TokenHolder, socketId: string, waitMs: number): Promise<Polled> {
    const kept = this.#polled(holder, socketId);
    if (!kept) return Promise.resolve({ refused: 'unknown' });
    const { session } = kept;
    if (!kept.poll) {
      const link = new PollLink((why) => {
        kept.poll = undefined;
        this.#roster.withdraw(kept);
        session.detached(link, why);
      });
      kept.poll = link;
      session.attach(link);
    }
    session.heardAt = this.#wall();
    return kept.poll.poll(waitMs);
  }

  take(holder: TokenHolder, socketId: string, text: string): { readonly refused: 'unknown' } | undefined {
    const { session, poll } = this.#polled(holder, socketId) ?? {};
    if (!session || !poll) return { refused: 'unknown' };
    for (const frame of decodePayload(text)) session.take(frame, poll);
    return undefined;
  }

  /** Closes every session; nothing is told any more. */
  stop(): void {
    for (const off of this.#unsubscribe) off();
    clearInterval(this.#sweeping);
    this.forget('this server is stopping');
  }

  /** After the store was wiped, or at the end. */
  forget(why = 'the server was reset'): void {
    for (const kept of this.#roster.all()) {
      kept.session.unregister();
      kept.session.close('serviceunavailable', why);
      this.#roster.remove(kept);
    }
  }

  #tell(told: Told): void {
    const at = this.#parts.clock.now();
    let notification: ReturnType<typeof encodeNotification> | undefined;
    const about = aboutOf(told);
    for (const recipient of told.recipients) {
      for (const { session } of this.#roster.ofUser(recipient)) {
        if (!session.hears(at)) continue;
        notification ??= encodeNotification(told.event);
        session.owe(notification, about);
      }
    }
  }

  /** A page that was closed or loaded again leaves a session behind: the one longest unheard of goes. */
  #makeRoom(user: string): boolean {
    const gone = [...this.#roster.ofUser(user)].filter(({ session }) => !session.attached);
    const [oldest] = gone.sort((a, b) => a.session.heardAt - b.session.heardAt);
    if (oldest) this.#roster.remove(oldest);
    return oldest !== undefined;
  }

  #of(holder: TokenHolder, { sessionId, signature }: ReturningSession): Kept | undefined {
    const kept = this.#roster.find(sessionId);
    if (kept?.session.signature !== signature) return undefined;
    return kept.session.holder.userRawId === holder.userRawId ? kept : undefined;
  }

  #polled(holder: TokenHolder, socketId: string): Kept | undefined {
    const kept = this.#roster.ofSocket(socketId);
    return kept?.session.holder.userRawId === holder.userRawId ? kept : undefined;
  }

  /** A newer token keeps the connection open for longer. */
  #renew(kept: Kept, holder: TokenHolder): void {
    if (holder.expiresAt >= kept.session.holder.expiresAt) kept.session.holder = holder;
    this.#arm(kept, this.#parts.clock.now());
  }

  #arm(kept: Kept, at: Instant): void {
    const { session } = kept;
    const ends = [session.holder.expiresAt, session.registeredUntil].filter((end) => end > at);
    kept.expiry?.();
    kept.expiry =
      ends.length === 0
        ? undefined
        : this.#parts.clock.at(Math.min(...ends), 'end of a session', () => this.#expired(kept));
  }

  #expired(kept: Kept): void {
    const { session } = kept;
    const at = this.#parts.clock.now();
    if (at >= session.holder.expiresAt) session.close('unauthorized', 'its access token has expired');
    if (!session.isRegistered(at) && !session.prolong()) session.unregister();
    if (session.attached || session.isRegistered(at)) this.#arm(kept, at);
    else this.#roster.remove(kept);
  }

  #revoked(user: string): void {
    for (const kept of [...this.#roster.ofUser(user)]) {
      kept.session.unregister();
      kept.session.close('unauthorized', 'the tokens of its user were revoked');
      this.#roster.remove(kept);
    }
  }

  #sweep(): void {
    const now = this.#wall();
    const at = this.#parts.clock.now();
    for (const kept of this.#roster.all()) {
      const { session } = kept;
      if (session.attached) this.#watch(kept, now);
      else if (!session.isRegistered(at) && now - session.heardAt > connectWithinMs)
        this.#roster.remove(kept);
    }
  }

  #watch(kept: Kept, now: number): void {
    const { session } = kept;
    const since = session.waitingSince;
    if (now - session.heardAt > silentMs)
      session.close('serviceunavailable', `nothing came from the device for ${silentMs / 1000} s`);
    else if (since !== undefined && now - since > confirmWithinMs)
      session.close('serviceunavailable', `the device confirmed nothing for ${confirmWithinMs / 1000} s`);
    else if (now - kept.beatAt >= heartbeatMs) {
      kept.beatAt = now;
      session.beat(heartbeatFrame);
    }
  }
}

const opened = ({ id: sessionId, signature, createdAt }: Session): OpenedSession => ({
  sessionId,
  signature,
  createdAt,
  ttlMs: sessionTtlMs,
});
