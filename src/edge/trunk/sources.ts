import net from 'node:net';
import { parseNameAddr } from '../../wire/sip/name-addr.ts';
import { parseUri } from '../../wire/sip/uri.ts';
import type { InboundCall, Protocol, Target } from '../sip/api.ts';
import type { Trunk } from './trunk.ts';
import { type Addresses, hasList } from './whereabouts.ts';

interface Heard extends Pick<InboundCall, 'source'> {
  readonly invite: Pick<InboundCall['invite'], 'headers'>;
}

/** Which trunk a source address belongs to. */
export class Sources {
  readonly trunks: readonly Trunk[];
  readonly #addresses: Addresses;
  readonly #lists: readonly { readonly trunk: Trunk; readonly list: net.BlockList }[];

  /** `addresses`: of the trunks that have no list of their own. */
  constructor(trunks: readonly Trunk[], addresses: Addresses = new Map()) {
    this.trunks = trunks;
    this.#addresses = addresses;
    this.#lists = trunks.map((trunk) => ({ trunk, list: listOf(trunk, addresses.get(trunk.name) ?? []) }));
  }

  /** Names of the trunks whose host stood for other addresses then. */
  movedSince(before: Sources): ReadonlySet<string> {
    const moved = [...this.#addresses].filter(([name, addresses]) => {
      const then = before.#addresses.get(name);
      return then !== undefined && then.join() !== addresses.join();
    });
    return new Set(moved.map(([name]) => name));
  }

  /**
   * The trunk that calls from an address of this one are taken for. Where addresses are written down the configuration
   * is refused; what names stand for is known only now.
   */
  rivalOf(name: string): { readonly trunk: string; readonly address: string } | undefined {
    const own = this.trunks.find((trunk) => trunk.name === name);
    if (own === undefined || own.allow === 'none') return undefined;
    for (const address of this.#addresses.get(name) ?? []) {
      const taken = nearest(this.#callersAt(address), own.protocol, [own.port]);
      if (taken && taken.name !== name) return { trunk: taken.name, address };
    }
    return undefined;
  }

  allows(host: string): boolean {
    return this.#lists.some(({ list }) => contains(list, host));
  }

  /** Trunks that share an address are told apart by port and protocol, as far as it can be. */
  trunkAt({ host, port, protocol }: Target): Trunk | undefined {
    return nearest(this.#at(host), protocol, [port]);
  }

  /** The same for a call, whose Contact says the port that its connection does not. */
  trunkOf(call: Heard): Trunk | undefined {
    const { host, port, protocol } = call.source;
    const candidates = this.#callersAt(host);
    if (candidates.length < 2) return candidates[0];
    return nearest(candidates, protocol, [port, contactPort(call)]);
  }

  /** Those that may connect to us from there over TLS. */
  tlsClientsAt(host: string): readonly Trunk[] {
    return this.#callersAt(host).filter(({ protocol }) => protocol === 'tls');
  }

  #callersAt(host: string): readonly Trunk[] {
    return this.#at(host).filter(({ allow }) => allow !== 'none');
  }

  #at(host: string): readonly Trunk[] {
    return this.#lists.filter(({ list }) => contains(list, host)).map(({ trunk }) => trunk);
  }
}

/** The port says more than the protocol: a peer may send large requests over TCP (RFC 3261 18.1.1). */
function nearest(
  candidates: readonly Trunk[],
  protocol: Protocol,
  ports: readonly (number | undefined)[],
): Trunk | undefined {
  const fits = (trunk: Trunk): number =>
    (ports.includes(trunk.port) ? 2 : 0) + (trunk.protocol === protocol ? 1 : 0);
  return candidates.toSorted((a, b) => fits(b) - fits(a))[0];
}

function contactPort(call: Heard): number | undefined {
  const contact = call.invite.headers.find(({ name }) => name === 'contact');
  const uri = contact && parseUri(parseNameAddr(contact.value)?.uri ?? '');
  return uri && uri.scheme !== 'tel' ? (uri.port ?? 5060) : undefined;
}

function listOf({ name, allow }: Trunk, addresses: readonly string[]): net.BlockList {
  const list = new net.BlockList();
  for (const entry of hasList(allow) ? allow : addresses) {
    const [address = '', prefix] = entry.split('/');
    const family = net.isIP(address);
    const bits = prefix === undefined ? undefined : Number(prefix);
    const usable =
      family !== 0 &&
      (bits === undefined || (Number.isInteger(bits) && bits >= 0 && bits <= (family === 6 ? 128 : 32)));
    if (!usable) throw new Error(`trunk ${name}: "${entry}" is no address or network`);
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, type);
    else list.addSubnet(address, bits, type);
  }
  return list;
}

function contains(list: net.BlockList, host: string): boolean {
  return list.check(host, net.isIPv6(host) ? 'ipv6' : 'ipv4');
}

/** Where the far ends of live calls are whose trunk has moved or gone since: what they say of those calls still gets in. */
export class FormerSources {
  #kept: readonly { readonly sources: Sources; readonly legs: Set<string> }[] = [];

  keep(sources: Sources, legs: Iterable<string>): void {
    const alive = new Set(legs);
    if (alive.size > 0) this.#kept = [...this.#kept, { sources, legs: alive }];
  }

  ended(legId: string): void {
    if (this.#kept.length === 0) return;
    for (const { legs } of this.#kept) legs.delete(legId);
    this.#kept = this.#kept.filter(({ legs }) => legs.size > 0);
  }

  allows(host: string): boolean {
    return this.#kept.some(({ sources }) => sources.allows(host));
  }
}
