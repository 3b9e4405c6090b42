/** What the handsets of the simulated SMSC show: messages put together from their segments. */

import { addressesOf, contentOf } from '../../edge/smpp/content.ts';
import type { Pdu } from '../../edge/smpp/pdu.ts';
import type { Tlvs } from '../../wire/smpp/tlvs.ts';
import type { Place } from '../../wire/smpp/user-data-header.ts';

export interface ShownText {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly segments: number;
}

export interface SubmittedText {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly segment?: Place;
}

/** Undefined where it cannot be read, which a handset would not show either. */
export function submittedText(pdu: Pdu, tlvs: Tlvs): SubmittedText | undefined {
  const { text, segment } = contentOf(pdu, tlvs) ?? {};
  if (text === undefined) return undefined;
  return { ...addressesOf(pdu), text, ...(segment ? { segment } : {}) };
}

const mostShown = 1000;
const mostUnfinished = 200;

export class Handsets {
  readonly #shown: ShownText[] = [];
  readonly #unfinished = new Map<string, Map<number, string>>();

  /** The last thousand. */
  get shown(): readonly ShownText[] {
    return [...this.#shown];
  }

  receive({ from, to, text, segment }: SubmittedText): void {
    if (!segment) {
      this.#show({ from, to, text, segments: 1 });
      return;
    }
    const key = [from, to, segment.reference, segment.of].join(' ');
    const parts = this.#unfinished.get(key) ?? new Map<number, string>();
    parts.set(segment.number, text);
    this.#unfinished.delete(key);
    if (parts.size === segment.of) {
      const whole = [...parts].sort(([one], [other]) => one - other).map(([, part]) => part);
      this.#show({ from, to, text: whole.join(''), segments: segment.of });
      return;
    }
    this.#unfinished.set(key, parts);
    const [oldest] = this.#unfinished.keys();
    if (this.#unfinished.size > mostUnfinished && oldest !== undefined) this.#unfinished.delete(oldest);
  }

  #show(text: ShownText): void {
    this.#shown.push(text);
    if (this.#shown.length > mostShown) this.#shown.shift();
  }
}
