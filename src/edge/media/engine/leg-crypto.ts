import { isDeepStrictEqual } from 'node:util';
import type { LocalMedia, RemoteMedia } from '../../../app/ports/trunk.ts';
import { type SrtpFault, SrtpReceiver, SrtpSender } from '../../../wire/rtp/srtp.ts';

type RemoteCrypto = NonNullable<RemoteMedia['crypto']>;

/** SRTP of one leg, where its far end has given a key. */
export class LegCrypto {
  readonly #keys: NonNullable<LocalMedia['keys']>;
  /** By suite, for as long as the leg: one that began anew under the same key would use its key stream twice. */
  readonly #senders = new Map<string, SrtpSender>();
  #remote: RemoteCrypto | undefined;
  #receiver: SrtpReceiver | undefined;

  constructor(keys: LocalMedia['keys'] = {}) {
    this.#keys = keys;
  }

  get active(): boolean {
    return this.#receiver !== undefined;
  }

  /** Throws where there is no key of ours for the suite; SDP offered and answered only those. */
  use(remote: RemoteCrypto | undefined): void {
    const before = this.#remote;
    this.#remote = remote;
    if (remote === undefined) {
      this.#receiver = undefined;
      return;
    }
    // The same key goes on: a receiver that began anew would take old packets again.
    if (!isDeepStrictEqual(before, remote)) this.#receiver = new SrtpReceiver(remote);
    if (this.#senders.has(remote.suite)) return;
    const key = this.#keys[remote.suite];
    if (key === undefined) throw new Error(`no key of ours for ${remote.suite}`);
    this.#senders.set(remote.suite, new SrtpSender({ suite: remote.suite, key }));
  }

  /** As it goes over the wire. A view that the next call overwrites. */
  protect(packet: Uint8Array): Uint8Array {
    const suite = this.#remote?.suite;
    const sender = suite === undefined ? undefined : this.#senders.get(suite);
    return sender === undefined ? packet : sender.protect(packet);
  }

  unprotect(packet: Uint8Array): Uint8Array | SrtpFault {
    return this.#receiver === undefined ? packet : this.#receiver.unprotect(packet);
  }
}
