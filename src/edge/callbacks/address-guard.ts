/** Which addresses we may connect to when somebody else names the host (`design.md` §5). */
import { BlockList, isIP } from 'node:net';

export interface OutboundPolicy {
  readonly profile: 'development' | 'production';
  /** CIDRs of private networks that production may reach (`outbound.allow`). */
  readonly allow?: readonly string[];
  /** Plain http, to loopback only. */
  readonly allowHttpCallbacks?: boolean;
}

/** Undefined when the address may be opened, else why not. */
export type AddressGuard = (address: string, scheme: 'http' | 'https') => string | undefined;

type Kind = 'unusable' | 'metadata' | 'loopback' | 'private' | 'public';

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix] = cidr.split('/');
    const family = isIP(network);
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) {
      throw new Error(
        `outbound.allow: "${cidr}" is no network. Write an address and a prefix, as in 10.20.0.0/16.`,
      );
    }
    list.addSubnet(network, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

const has = (list: BlockList, address: string): boolean =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

// Link-local (RFC 3927, RFC 4291) and the fixed addresses at which clouds answer with credentials or platform data.
const metadata = blockList([
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254/128',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
]);
// This host, multicast, broadcast and reserved (RFC 6890).
const unusable = blockList(['0.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4', '::/128', 'ff00::/8']);
const loopback = blockList(['127.0.0.0/8', '::1/128']);
const privateNetworks = blockList([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '198.18.0.0/15',
  'fc00::/7',
  'fec0::/10',
]);

/** The IPv4 address inside an IPv6 one: mapped (RFC 4291), compatible, NAT64 (RFC 6052) or 6to4 (RFC 3056). */
function embedded(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const groups = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1);
  const [head = '', tail] = groups.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const words = [
    ...front,
    ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'),
    ...back,
  ].map((group) => Number.parseInt(group, 16));
  const v4 = (high = 0, low = 0): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  const zeros = (count: number): boolean => words.slice(0, count).every((word) => word === 0);
  if (zeros(5) && words[5] === 0xffff) return v4(words[6], words[7]);
  if (zeros(6) && (words[6] ?? 0) > 0) return v4(words[6], words[7]);
  if (words[0] === 0x64 && words[1] === 0xff9b) return v4(words[6], words[7]);
  if (words[0] === 0x2002) return v4(words[1], words[2]);
  return undefined;
}

function kind(address: string): Kind {
  if (has(metadata, address)) return 'metadata';
  if (has(unusable, address)) return 'unusable';
  if (has(loopback, address)) return 'loopback';
  return has(privateNetworks, address) ? 'private' : 'public';
}

/** Throws when `policy.allow` holds something that is no network. */
export function addressGuard(policy: OutboundPolicy): AddressGuard {
  const allowed = blockList(policy.allow ?? []);
  return (given, scheme) => {
    const address = embedded(given) ?? given.split('%')[0] ?? given;
    const shown = address === given ? given : `${given} (${address})`;
    const what = kind(address);
    if (what === 'metadata') {
      return `The address ${shown} is link-local or a cloud's metadata service, which Ringback never opens. Use the receiver's own address.`;
    }
    if (what === 'unusable') {
      return `The address ${shown} belongs to no single host. Use the receiver's own address.`;
    }
    if (scheme === 'http') {
      if (!policy.allowHttpCallbacks) {
        return 'Plain http is not allowed. Serve the endpoint over https (`ringback cert NAME` makes a certificate), or start with --allow-http-callbacks for a receiver on this machine.';
      }
      if (what !== 'loopback') {
        return `Plain http is allowed to loopback only, and ${shown} is not. Serve the endpoint over https.`;
      }
    }
    if (what === 'public' || policy.profile === 'development' || has(allowed, address)) return undefined;
    return `The address ${shown} is ${what}, which production opens only when listed. Add its network to outbound.allow, as in "${address}/${isIP(address) === 6 ? 128 : 32}".`;
  };
}
