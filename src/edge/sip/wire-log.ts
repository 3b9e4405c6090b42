import { toPeople } from '../../wire/sip/syntax.ts';
import type { Observed } from './api.ts';
import { type Flow, ignoreFailure } from './flow.ts';
import type { Failed } from './network.ts';

/** Sends, counts, and tells the observer what went over the wires. */
export class WireLog {
  readonly #observe: ((message: Observed) => void) | undefined;
  received = 0;
  sent = 0;
  retransmitted = 0;

  constructor(observe: ((message: Observed) => void) | undefined) {
    this.#observe = observe;
  }

  send(
    flow: Flow,
    text: string,
    repeated: boolean,
    key: string | undefined,
    failed: Failed = ignoreFailure,
  ): void {
    this.sent += 1;
    if (repeated) this.retransmitted += 1;
    if (this.#observe) this.#tell('out', flow, text, repeated, key);
    flow.send(text, failed);
  }

  saw(flow: Flow, text: string, repeated: boolean, key: string | undefined): void {
    if (this.#observe) this.#tell('in', flow, text, repeated, key);
  }

  #tell(direction: 'in' | 'out', flow: Flow, text: string, repeated: boolean, key: string | undefined): void {
    const { protocol, local, remote } = flow;
    const message = { direction, protocol, local, remote, text: toPeople(text), repeated };
    this.#observe?.(key === undefined ? message : { ...message, key });
  }
}
