/** IP addresses as bytes. What is no address (a host name that a trace may have kept) becomes the unspecified one. */

export interface Endpoint {
  /** 4 bytes or 16. */
  readonly address: Uint8Array;
  readonly port: number;
}

function ipv4(text: string): readonly number[] | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

/** The groups of one side of `::`, as bytes. */
function groups(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1 ? ipv4(part) : undefined;
    if (last) bytes.push(...last);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      const group = Number.parseInt(part, 16);
      bytes.push(group >> 8, group & 0xff);
    } else return undefined;
  }
  return bytes;
}

/** RFC 4291 2.2, with a zone (`%eth0`) left out. */
function ipv6(text: string): readonly number[] | undefined {
  const [bare = ''] = text.split('%');
  const sides = bare.split('::');
  const [head, tail] = [groups(sides[0] ?? ''), groups(sides[1] ?? '')];
  if (!bare.includes(':') || sides.length > 2 || !head || !tail) return undefined;
  const missing = 16 - head.length - tail.length;
  if (sides.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** `192.0.2.1:5060` or `[2001:db8::1]:5060`. */
export function readEndpoint(text: string): Endpoint {
  const [, bracketed, bare = '', digits = ''] = /^(?:\[([^\]]*)\]|(.*)):(\d+)$/.exec(text) ?? [];
  const host = bracketed ?? bare;
  const port = Number(digits);
  return {
    address: Uint8Array.from(ipv4(host) ?? ipv6(host) ?? [0, 0, 0, 0]),
    port: port <= 0xffff ? port : 0,
  };
}

const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** In IPv6, as an IPv4 address is written where the other end has an IPv6 one (RFC 4291 2.5.5.2). */
export const inIpv6 = (address: Uint8Array): Uint8Array =>
  address.length === 16 ? address : Uint8Array.from([...mappedPrefix, ...address]);
