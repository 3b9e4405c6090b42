/** Settings of trunks that are each right and do not go together. */
import { BlockList, isIP } from 'node:net';
import type { Config, TrunkConfig } from './config.ts';
import type { Fault, Given } from './fault.ts';
import { originOf } from './located.ts';

export function trunkFaults({ trunks }: Config, given: Given): readonly Fault[] {
  if (given.spoilt('trunks')) return [];
  const own = trunks.filter(({ simulated }) => !simulated);
  return [
    ...own.flatMap(sessionTimer),
    ...own.flatMap(ice),
    ...own.flatMap((trunk, i) => claims(trunk, i, own, given)),
  ];
}

function sessionTimer({ sessionTimer: timer }: TrunkConfig, i: number): readonly Fault[] {
  if (timer === undefined || timer === 'off' || timer.minimum <= timer.expires) return [];
  const fix = 'Make minimum shorter or expires longer; RFC 4028 advises 90s and 30m.';
  const found = `${timer.minimum / 1000}s, with expires: ${timer.expires / 1000}s`;
  return [{ key: `trunks[${i}].sessionTimer.minimum`, found, expected: 'at most expires', fix }];
}

function ice({ ice: wanted, media }: TrunkConfig, i: number): readonly Fault[] {
  if (!wanted || media !== 'none') return [];
  const fix = 'Take ice out, or set "media: rtp" or "media: srtp".';
  return [
    { key: `trunks[${i}].ice`, found: 'true, with media: none', expected: 'a trunk that carries audio', fix },
  ];
}

/** Whose call it is that comes from there could not be told. */
function claims(
  trunk: TrunkConfig,
  i: number,
  trunks: readonly TrunkConfig[],
  { root }: Given,
): readonly Fault[] {
  return trunks.slice(0, i).flatMap((other, j) => {
    const shared =
      trunk.port === other.port && trunk.protocol === other.protocol ? common(trunk, other) : undefined;
    if (shared === undefined) return [];
    const where = originOf(root, `trunks[${j}].allow`)?.where;
    return [
      {
        key: `trunks[${i}].allow`,
        found: `calls from ${shared} for trunk ${trunk.name}, which trunk ${other.name}${where ? ` (${where})` : ''} claims too`,
        expected: 'sources of its own for each trunk of one port and protocol',
        fix: `Give ${trunk.name} and ${other.name} lists of their own, or write "allow: none" for the one that takes no calls.`,
      },
    ];
  });
}

function common(a: TrunkConfig, b: TrunkConfig): string | undefined {
  return sourcesOf(a).find((one) => sourcesOf(b).some((other) => overlap(one, other)));
}

/** Where a host is a name, the name: what it stands for is seen only when it is asked for. */
function sourcesOf({ allow, host }: TrunkConfig): readonly string[] {
  if (allow === 'none') return [];
  return allow.length > 0 ? allow : [host.toLowerCase()];
}

function overlap(a: string, b: string): boolean {
  return a === b || holds(a, b) || holds(b, a);
}

/** Two blocks overlap when one of them holds the first address of the other. */
function holds(block: string, other: string): boolean {
  const [base = '', bits] = block.split('/');
  const [address = ''] = other.split('/');
  const family = isIP(base);
  if (family === 0 || isIP(address) !== family) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  if (bits === undefined) list.addAddress(base, type);
  else list.addSubnet(base, Number(bits), type);
  return list.check(address, type);
}
