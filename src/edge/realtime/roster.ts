/** Sessions, found by their id, their user or the socket that was offered to them. */
import { randomBytes } from 'node:crypto';
import type { Cancel } from '../../app/ports/clock.ts';
import type { PollLink } from './polling.ts';
import type { Session } from './session.ts';

export interface Kept {
  readonly session: Session;
  /** Offered by a handshake; of a polling device for as long as it polls. */
  socketId: string | undefined;
  poll: PollLink | undefined;
  expiry: Cancel | undefined;
  /** Wall time of the last heartbeat. */
  beatAt: number;
}

export const secret = (): string => randomBytes(16).toString('hex');

const nobody: ReadonlySet<Kept> = new Set();

export class Roster {
  readonly #byId = new Map<string, Kept>();
  readonly #byUser = new Map<string, Set<Kept>>();
  readonly #bySocket = new Map<string, Kept>();

  all(): readonly Kept[] {
    return [...this.#byId.values()];
  }

  find(sessionId: string): Kept | undefined {
    return this.#byId.get(sessionId);
  }

  ofUser(user: string): ReadonlySet<Kept> {
    return this.#byUser.get(user) ?? nobody;
  }

  ofSocket(socketId: string): Kept | undefined {
    return this.#bySocket.get(socketId);
  }

  add(session: Session, now: number): Kept {
    const kept: Kept = { session, socketId: undefined, poll: undefined, expiry: undefined, beatAt: now };
    this.#byId.set(session.id, kept);
    const user = session.holder.userRawId;
    const mine = this.#byUser.get(user);
    if (mine) mine.add(kept);
    else this.#byUser.set(user, new Set([kept]));
    return kept;
  }

  /** The name of its next socket; the one before is void. */
  offer(kept: Kept): string {
    this.withdraw(kept);
    const socketId = secret();
    kept.socketId = socketId;
    this.#bySocket.set(socketId, kept);
    return socketId;
  }

  withdraw(kept: Kept): void {
    if (kept.socketId !== undefined) this.#bySocket.delete(kept.socketId);
    kept.socketId = undefined;
  }

  remove(kept: Kept): void {
    kept.expiry?.();
    this.withdraw(kept);
    this.#byId.delete(kept.session.id);
    const user = kept.session.holder.userRawId;
    const mine = this.#byUser.get(user);
    mine?.delete(kept);
    if (mine?.size === 0) this.#byUser.delete(user);
  }
}
