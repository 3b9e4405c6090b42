import { formatResponse, type Reply, responseHead } from '../../wire/sip/format.ts';
import type { Answerable, Request } from '../../wire/sip/message.ts';
import type { Bounds } from './api.ts';
import type { Counts } from './counts.ts';
import type { Flow } from './flow.ts';
import { Limiter } from './limiter.ts';
import type { Names } from './names.ts';
import type { WireLog } from './wire-log.ts';

/** Answers that leave nothing behind (RFC 3261 8.2.7): what strangers and floods get. */
export class StatelessAnswers {
  readonly #log: WireLog;
  readonly #names: Names;
  readonly #counts: Counts;
  readonly #limiter: Limiter;
  readonly #strays: Limiter;

  constructor(log: WireLog, names: Names, counts: Counts, bounds: Bounds) {
    this.#log = log;
    this.#names = names;
    this.#counts = counts;
    this.#limiter = new Limiter(bounds.refusalsPerSecond);
    this.#strays = new Limiter(bounds.strayAnswersPerSecond);
  }

  /**
   * Refuses at most so often for each source, and with no more bytes than came from it: the address of a datagram may be
   * forged, and its owner shall not be flooded by us.
   */
  refuse(request: Answerable, reply: Reply, flow: Flow, bytes: number): void {
    const { host } = flow.remote;
    const text = this.#limiter.allows(host) ? this.#text(request, reply, flow) : undefined;
    if (text === undefined || (flow.protocol === 'udp' && !this.#limiter.affords(host, bytes, text.length))) {
      this.#counts.dropped += 1;
      return;
    }
    this.#counts.refused += 1;
    this.#log.send(flow, text, false, undefined);
  }

  /** Answers somebody we let in. */
  answerStray(request: Request, reply: Reply, flow: Flow): void {
    if (!this.#strays.allows(flow.remote.host)) {
      this.#counts.dropped += 1;
      return;
    }
    this.#counts.refused += 1;
    this.#log.saw(flow, request.text, false, undefined);
    this.#log.send(flow, this.#text(request, reply, flow), false, undefined);
  }

  #text(request: Answerable, reply: Reply, flow: Flow): string {
    const head = responseHead(request, flow.remote.host, flow.remote.port);
    return formatResponse(head, reply, this.#names.tagOf(head.rest));
  }
}
