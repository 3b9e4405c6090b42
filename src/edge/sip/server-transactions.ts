import { formatResponse, type Reply, type ResponseHead, responseHead } from '../../wire/sip/format.ts';
import {
  type InviteServer,
  type InviteServerEvent,
  newInviteServer,
  stepInviteServer,
} from '../../wire/sip/invite-server.ts';
import type { Request } from '../../wire/sip/message.ts';
import {
  newRequestServer,
  type RequestServer,
  type RequestServerEvent,
  stepRequestServer,
} from '../../wire/sip/request-server.ts';
import type { ServerContext, Timing } from '../../wire/sip/transaction.ts';
import type { Flow } from './flow.ts';
import { type RunnerTimers, TransactionRunner, type TransactionUser } from './transaction-runner.ts';
import type { WireLog } from './wire-log.ts';

/** RFC 3261 17.1.2.2 sends a request eleven times; who sends it for ever is not answered for ever. */
const MAX_REPEATS = 64;

/** Server transactions by branch and sent-by (RFC 3261 17.2.3), and the merged requests among them. */
export class ServerTransactions {
  readonly #log: WireLog;
  readonly #timers: RunnerTimers;
  readonly #timing: Timing;
  readonly #returnFlow: (request: Request, flow: Flow) => Flow;
  readonly #entries = new Map<string, LiveServerTransaction>();
  readonly #merged = new Set<string>();
  #bytes = 0;

  constructor(
    log: WireLog,
    timers: RunnerTimers,
    timing: Timing,
    returnFlow: (request: Request, flow: Flow) => Flow,
  ) {
    this.#log = log;
    this.#timers = timers;
    this.#timing = timing;
    this.#returnFlow = returnFlow;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Of the requests that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The transaction that a request repeats or acknowledges. */
  find(request: Request): LiveServerTransaction | undefined {
    return this.#entries.get(entryId(request, request.method === 'ACK' ? 'INVITE' : request.method));
  }

  /** The INVITE that a CANCEL is about (RFC 3261 9.2). */
  findCancelled(cancel: Request): LiveServerTransaction | undefined {
    return this.#entries.get(entryId(cancel, 'INVITE'));
  }

  /** RFC 3261 8.2.2.2: the same request came by another way and is being served already. */
  isMerged(request: Request): boolean {
    return request.toTag === '' && this.#merged.has(mergedId(request));
  }

  start(request: Request, flow: Flow, toTag: string): LiveServerTransaction {
    const id = entryId(request, request.method);
    const name = request.toTag === '' ? mergedId(request) : undefined;
    // The first that came by another way owns the name: the end of a later one, refused at once, must not take it away.
    const merged = name === undefined || this.#merged.has(name) ? undefined : name;
    if (merged !== undefined) this.#merged.add(merged);
    this.#bytes += request.text.length;
    const ended = (): void => {
      if (this.#entries.delete(id)) this.#bytes -= request.text.length;
      if (merged !== undefined) this.#merged.delete(merged);
    };
    const transaction = new LiveServerTransaction(request, flow, toTag, {
      log: this.#log,
      timers: this.#timers,
      timing: this.#timing,
      returnFlow: this.#returnFlow,
      ended,
    });
    this.#entries.set(id, transaction);
    return transaction;
  }

  drop(): void {
    for (const entry of this.#entries.values()) entry.drop();
    this.#entries.clear();
    this.#merged.clear();
    this.#bytes = 0;
  }
}

interface Surroundings {
  readonly log: WireLog;
  readonly timers: RunnerTimers;
  readonly timing: Timing;
  readonly returnFlow: (request: Request, flow: Flow) => Flow;
  ended(): void;
}

/** One request and its responses. */
export class LiveServerTransaction {
  readonly request: Request;
  readonly flow: Flow;
  readonly toTag: string;
  /** Named in what the observer is told. */
  key: string | undefined;
  /** The user it authenticated as. */
  user: string | undefined;
  /** CANCEL came for it. */
  onCancel: ((cancel: Request) => void) | undefined;
  readonly #around: Surroundings;
  readonly #head: ResponseHead;
  readonly #reply: (status: number, text: string) => void;
  readonly #repeat: () => void;
  readonly #ack: () => void;
  readonly #drop: () => void;
  #answered = false;
  #repeats = 0;
  #acked = false;
  #silent = false;
  #stopSilence: (() => void) | undefined;
  #answer = '';
  /** Where the responses go. */
  #back: Flow;

  constructor(request: Request, flow: Flow, toTag: string, around: Surroundings) {
    const { timers, timing } = around;
    this.request = request;
    this.flow = flow;
    this.toTag = toTag;
    this.#around = around;
    this.#back = around.returnFlow(request, flow);
    this.#head = responseHead(request, flow.remote.host, flow.remote.port);
    const context: ServerContext = { reliable: flow.protocol !== 'udp', timing };
    const user: TransactionUser = {
      send: (text, repeated) => this.#send(text, repeated),
      deliver: () => {},
      failed: () => {},
      ended: around.ended,
    };
    if (request.method === 'INVITE') {
      const runner = new TransactionRunner<InviteServer, InviteServerEvent>(
        newInviteServer,
        (state, event) => stepInviteServer(state, event, context),
        (timer) => ({ kind: 'timer', timer: timer as 'G' | 'H' | 'I' | 'L' }),
        user,
        timers,
      );
      this.#reply = (status, text) => runner.feed({ kind: 'reply', status, text });
      this.#repeat = () => runner.feed({ kind: 'request' });
      this.#ack = () => runner.feed({ kind: 'ack' });
      this.#drop = () => runner.drop();
    } else {
      const runner = new TransactionRunner<RequestServer, RequestServerEvent>(
        newRequestServer,
        (state, event) => stepRequestServer(state, event, context),
        () => ({ kind: 'timer', timer: 'J' }),
        user,
        timers,
      );
      this.#reply = (_status, text) => runner.feed({ kind: 'reply', text });
      this.#repeat = () => runner.feed({ kind: 'request' });
      this.#ack = () => {};
      this.#drop = () => runner.drop();
    }
  }

  /** A response was sent, or never will be. */
  get answered(): boolean {
    return this.#answered;
  }

  reply(reply: Reply): void {
    if (this.#silent) return;
    this.#answered = true;
    const text = formatResponse(this.#head, reply, this.toTag);
    if (reply.status >= 200 && reply.status < 300) this.#answer = text;
    this.#reply(reply.status, text);
  }

  /** Sends the last 2xx again, which RFC 3261 13.3.1.4 leaves to the transaction user. */
  repeatAnswer(): void {
    if (this.#answer !== '') this.#send(this.#answer, true);
  }

  #send(text: string, repeated: boolean): void {
    // RFC 3261 18.2.2: when the connection is gone, a new one to where the Via says.
    if (!this.#back.open) this.#back = this.#around.returnFlow(this.request, this.flow);
    this.#around.log.send(this.#back, text, repeated, this.key);
  }

  /** No response shall ever be sent. */
  silence(): void {
    if (this.#silent) return;
    this.#answered = true;
    this.#silent = true;
    const { timers, timing, ended } = this.#around;
    timers.counted(1);
    const cancel = timers.clock.after(64 * timing.t1, 'SIP ignored request', () => {
      timers.counted(-1);
      ended();
    });
    this.#stopSilence = () => {
      timers.counted(-1);
      cancel();
    };
  }

  /** The request came again. */
  repeat(): void {
    this.#repeats += 1;
    if (this.#repeats <= MAX_REPEATS) this.#repeat();
  }

  ack(): void {
    this.#acked = true;
    this.#ack();
  }

  /** An ACK has come. */
  get acked(): boolean {
    return this.#acked;
  }

  drop(): void {
    this.#drop();
    this.#stopSilence?.();
  }
}

function entryId(request: Request, method: string): string {
  const { via } = request;
  if (via.branch.startsWith('z9hG4bK') && via.branch.length > 7) {
    return `${via.branch} ${via.host} ${via.port ?? ''} ${method}`;
  }
  // RFC 3261 17.2.3, for requests of RFC 2543.
  return `${request.uri} ${request.fromTag} ${request.callId} ${request.cseq} ${via.host} ${via.branch} ${method}`;
}

function mergedId({ fromTag, callId, cseq, method }: Request): string {
  return `${fromTag} ${callId} ${cseq} ${method}`;
}
