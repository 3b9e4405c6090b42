/** Netstrings (cr.yp.to/proto/netstrings.txt), which baresip's control port speaks: `5:hello,`. */
export const netstring = (text: string): string => `${Buffer.byteLength(text)}:${text},`;

/** Puts together what comes in pieces. */
export class Netstrings {
  #rest: Buffer = Buffer.alloc(0);

  /** The texts that are whole now. */
  take(bytes: Buffer): readonly string[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const whole: string[] = [];
    for (;;) {
      const colon = this.#rest.indexOf(':');
      const length = Number(this.#rest.toString('latin1', 0, Math.max(colon, 0)));
      const end = colon + 1 + length;
      if (colon < 0 || this.#rest.length <= end) return whole;
      whole.push(this.#rest.toString('utf8', colon + 1, end));
      this.#rest = this.#rest.subarray(end + 1);
    }
  }
}
