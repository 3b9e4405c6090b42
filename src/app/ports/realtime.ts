/** Real-time notifications as the door sees them: sessions of devices, kept by `edge/realtime`. */
import type { Instant } from '../../domain/ids/instant.ts';
import type { TokenHolder } from './identities.ts';

/** A device's session. It lives while it is registered, and its events wait for the device to come back. */
export interface OpenedSession {
  readonly sessionId: string;
  /** What proves that a client coming back had the session before. */
  readonly signature: string;
  readonly createdAt: Instant;
  /** Milliseconds that the client may come back within. */
  readonly ttlMs: number;
}

export interface ReturningSession {
  readonly sessionId: string;
  readonly signature: string;
}

/** `unknown`: there is no such session of this user, or the signature is another's. */
export type SessionRefusal =
  | { readonly refused: 'unknown' }
  | { readonly refused: 'too-many'; readonly limit: number };

/** What a handshake offers: the name of one socket. */
export interface OfferedSocket {
  readonly socketId: string;
  readonly heartbeatSeconds: number;
}

export interface RegisteredDevice {
  readonly registrationId: string;
  readonly sessionId: string;
  readonly ttlMs: number;
}

/** A polling client's next frames; empty text never. */
export type Polled = { readonly frames: string } | { readonly refused: 'unknown' };

export interface RealtimeSessions {
  /** A new session, or the one that the client comes back to. */
  open(holder: TokenHolder, returning?: ReturningSession): OpenedSession | SessionRefusal;
  /** Names the socket that the client opens next. */
  handshake(holder: TokenHolder, returning: ReturningSession): OfferedSocket | SessionRefusal;
  /** From now on the session is told what its user is told. Also takes a newer token of the user. */
  register(holder: TokenHolder, device: RegisteredDevice): SessionRefusal | undefined;
  /** Also where there was no such registration. */
  unregister(holder: TokenHolder, registrationId: string): void;
  /** Waits up to `waitMs` of wall time; a second poll of the same socket ends the first. */
  poll(holder: TokenHolder, socketId: string, waitMs: number): Promise<Polled>;
  /** Frames of a polling client. */
  take(holder: TokenHolder, socketId: string, frames: string): { readonly refused: 'unknown' } | undefined;
}
