/** XOR-MAPPED-ADDRESS, RFC 8489 14.2: where a request came from, hidden from those who rewrite addresses they see. */
import { half, putHalf } from './message.ts';

export interface Address {
  /** IP address literal. */
  readonly address: string;
  readonly port: number;
}

const cookie = [0x21, 0x12, 0xa4, 0x42] as const;

export const writeMapped = ({ address, port }: Address, transaction: Uint8Array): Uint8Array => {
  const octets = address.includes(':') ? ipv6(address) : address.split('.').map(Number);
  const value = new Uint8Array(4 + octets.length);
  value[1] = octets.length === 4 ? 1 : 2;
  putHalf(value, 2, port ^ ((cookie[0] << 8) | cookie[1]));
  const mask = [...cookie, ...transaction];
  for (const [i, octet] of octets.entries()) value[4 + i] = octet ^ mask[i]!;
  return value;
};

export const readMapped = (value: Uint8Array, transaction: Uint8Array): Address | undefined => {
  const length = value[1] === 1 ? 4 : value[1] === 2 ? 16 : undefined;
  if (length === undefined || value.length !== 4 + length) return undefined;
  const mask = [...cookie, ...transaction];
  const octets = Array.from(value.subarray(4), (octet, i) => octet ^ mask[i]!);
  const port = half(value, 2) ^ ((cookie[0] << 8) | cookie[1]);
  return { address: length === 4 ? octets.join('.') : ipv6Text(octets), port };
};

/** RFC 4291 2.2; a zone (`%eth0`) is of this machine only. */
const ipv6 = (text: string): readonly number[] => {
  const [bare = ''] = text.split('%');
  const [left = '', right] = bare.split('::');
  const groups = (part: string): number[] =>
    part === ''
      ? []
      : part
          .split(':')
          .flatMap((group) => (group.includes('.') ? embedded(group) : [Number.parseInt(group, 16)]));
  const [before, after] = [groups(left), right === undefined ? [] : groups(right)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]);
};

const embedded = (ipv4: string): number[] => {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  return [(a << 8) | b, (c << 8) | d];
};

/** All eight groups, without what RFC 5952 shortens. */
const ipv6Text = (octets: readonly number[]): string =>
  Array.from({ length: 8 }, (_, i) =>
    (((octets[2 * i] ?? 0) << 8) | (octets[2 * i + 1] ?? 0)).toString(16),
  ).join(':');
