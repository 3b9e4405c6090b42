import net from 'node:net';

const MAX_SOURCES = 4096;
/** In all, as many as this number of sources may have: who forges addresses has plenty of them. */
const SOURCES_AT_ONCE = 50;
/** Bytes that a source may have in hand. */
const MAX_CREDIT = 16_384;

interface Standing {
  second: number;
  count: number;
  credit: number;
}

/** Lets `perSecond` things a second through for each source. The source heard longest ago is forgotten when there are many. */
export class Limiter {
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #sources = new Map<string, Standing>();
  #second = 0;
  #inAll = 0;

  /** `now`: milliseconds that only grow. */
  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#now = now;
  }

  get sources(): number {
    return this.#sources.size;
  }

  allows(source: string): boolean {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#inAll = 0;
    }
    const standing = this.#standing(networkOf(source));
    if (standing.second !== second) {
      standing.second = second;
      standing.count = 0;
    }
    if (standing.count >= this.#perSecond || this.#inAll >= this.#perSecond * SOURCES_AT_ONCE) return false;
    standing.count += 1;
    this.#inAll += 1;
    return true;
  }

  /** Whether a source that sent `heard` bytes may be sent `said`: never more in all than came from it. */
  affords(source: string, heard: number, said: number): boolean {
    const standing = this.#standing(networkOf(source));
    standing.credit = Math.min(MAX_CREDIT, standing.credit + heard);
    if (standing.credit < said) return false;
    standing.credit -= said;
    return true;
  }

  #standing(source: string): Standing {
    const known = this.#sources.get(source);
    if (!known && this.#sources.size >= MAX_SOURCES) {
      const [oldest] = this.#sources.keys();
      if (oldest !== undefined) this.#sources.delete(oldest);
    }
    const standing = known ?? { second: -1, count: 0, credit: 0 };
    // The order of a map is that of its insertions.
    if (known) this.#sources.delete(source);
    this.#sources.set(source, standing);
    return standing;
  }
}

/** Who can have one IPv6 address can have all of its /64. */
export function networkOf(host: string): string {
  if (!net.isIPv6(host)) return host;
  const [before = '', after] = host.split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  const filled =
    after === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return `${[...left, ...filled, ...right].slice(0, 4).join(':')}::`;
}
