import { acceptSdp } from '../../wire/sip/call.ts';
import type { Draft } from '../../wire/sip/format.ts';
import { toPeople } from '../../wire/sip/syntax.ts';
import { bracketed, safeUri } from '../../wire/sip/uri.ts';
import type { PingResult, Target } from './api.ts';
import { AuthorizingSender, Keyring, type Sender } from './authorizing.ts';
import type { CallsWorld } from './call-world.ts';
import { hostPort } from './flow.ts';

/** OPTIONS outside calls (RFC 3261 11): whether a peer is alive. */
export class Pings {
  readonly #world: CallsWorld;
  /** What each peer has asked for is remembered, so that it does not challenge every ping. */
  readonly #keyrings = new Map<string, Keyring>();

  constructor(world: CallsWorld) {
    this.#world = world;
  }

  ping(target: Target, tell: (result: PingResult) => void): void {
    this.#senderTo(target).request(this.#draft(target), target, undefined, {
      response({ status, reason }) {
        if (status >= 200) tell({ kind: 'response', status, reason: toPeople(reason) });
      },
      failed: (why, detail) =>
        tell(why === 'timeout' ? { kind: 'timeout' } : { kind: 'transport', why: detail }),
      ended: () => {},
    });
  }

  #draft(target: Target): Draft {
    const { names, product } = this.#world;
    const uri = safeUri(`sip:${bracketed(target.host)}:${target.port}`);
    const contact = this.#world.contact(target);
    return {
      method: 'OPTIONS',
      uri,
      callId: names.callId(),
      cseq: 1,
      from: `${contact};tag=${names.tag()}`,
      to: `<${uri}>`,
      routes: [],
      headers: [{ name: 'Contact', value: contact }, acceptSdp, ...product],
    };
  }

  #senderTo(target: Target): Sender {
    const { requester, names } = this.#world;
    const credentials = this.#world.credentials(target);
    if (!credentials) return requester;
    const name = `${target.protocol} ${hostPort(target)} ${credentials.user} ${credentials.realm ?? ''}`;
    const known = this.#keyrings.get(name);
    const keyring = known ?? new Keyring(credentials, names);
    if (!known) this.#keyrings.set(name, keyring);
    return new AuthorizingSender(requester, keyring);
  }
}
