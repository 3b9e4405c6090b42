import type { Address, Protocol } from './api.ts';
import type { Failed } from './network.ts';

/** Where messages come from and go to: a peer's address on one of our sockets, or a connection. */
export interface Flow {
  readonly protocol: Protocol;
  readonly local: Address;
  readonly remote: Address;
  /** See `Approach`. */
  readonly certificateNames?: readonly string[] | undefined;
  /** False once nothing can be sent any more. */
  readonly open: boolean;
  /** One character per byte. */
  send(text: string, failed: Failed): void;
  /** `broken` is told when the connection goes, or the peer's host says that nobody listens. Returns how to stop that. */
  watch(broken: Failed): () => void;
  /** The peer does not answer: find out whether anybody listens there. Only UDP does not know. */
  doubt(): void;
  close(): void;
  /** Whoever is at the other end was let in: it is not the one to go when there are too many. */
  keep?(): void;
}

export const ignoreFailure: Failed = () => {};

export function hostPort({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
