import net from 'node:net';
import { parseNameAddr } from '../../wire/sip/name-addr.ts';
import { parseUri } from '../../wire/sip/uri.ts';
import type { InboundCall } from '../sip/api.ts';
import type { Trunk } from './trunk.ts';

/** Which trunk a source address belongs to. */
export class Sources {
  readonly #lists: readonly { readonly trunk: Trunk; readonly list: net.BlockList }[];

  constructor(trunks: readonly Trunk[]) {
    this.#lists = trunks.map((trunk) => ({ trunk, list: listOf(trunk) }));
  }

  allows(host: string): boolean {
    return this.#lists.some(({ list }) => contains(list, host));
  }

  allowsFor(trunk: Trunk, host: string): boolean {
    return this.#lists.some((each) => each.trunk === trunk && contains(each.list, host));
  }

  /** Where several trunks share an address, the port tells them apart. */
  trunkOf(call: InboundCall): Trunk | undefined {
    const { host, port } = call.source;
    const candidates = this.#lists.filter(({ list }) => contains(list, host)).map(({ trunk }) => trunk);
    if (candidates.length < 2) return candidates[0];
    const contact = contactPort(call);
    return candidates.find((trunk) => trunk.port === port || trunk.port === contact) ?? candidates[0];
  }
}

function contactPort(call: InboundCall): number | undefined {
  const contact = call.invite.headers.find(({ name }) => name === 'contact');
  const uri = contact && parseUri(parseNameAddr(contact.value)?.uri ?? '');
  return uri && uri.scheme !== 'tel' ? (uri.port ?? 5060) : undefined;
}

function listOf(trunk: Trunk): net.BlockList {
  const list = new net.BlockList();
  for (const entry of trunk.allow) {
    const [address = '', prefix] = entry.split('/');
    const family = net.isIP(address);
    const bits = prefix === undefined ? undefined : Number(prefix);
    const usable =
      family !== 0 &&
      (bits === undefined || (Number.isInteger(bits) && bits >= 0 && bits <= (family === 6 ? 128 : 32)));
    if (!usable) throw new Error(`trunk ${trunk.name}: "${entry}" is no address or network`);
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, type);
    else list.addSubnet(address, bits, type);
  }
  return list;
}

function contains(list: net.BlockList, host: string): boolean {
  return list.check(host, net.isIPv6(host) ? 'ipv6' : 'ipv4');
}
