/** One request about a call: it is decided, stored, and answered once it is stored. */
import type { Call, Connection } from '../../domain/call/call.ts';
import type { Input } from '../../domain/call/inputs.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Clock } from '../ports/clock.ts';
import type { Records } from '../ports/records.ts';
import type { RepeatRecord, Store } from '../ports/store.ts';
import { type Accepted, type AcceptOptions, type CallDesk, storeOutcome } from './call-desk.ts';
import type { Answer, ConnectionCommand, Remember } from './commands.ts';
import { type RequestCause, refuse } from './refusals.ts';

export interface AskingDependencies {
  readonly desk: CallDesk;
  readonly store: Pick<Store, 'remember'>;
  readonly clock: Clock;
  readonly records: Records;
}

export class Asking {
  readonly #deps: AskingDependencies;

  constructor(deps: AskingDependencies) {
    this.#deps = deps;
  }

  refuse(cause: RequestCause, detail: string): Outcome {
    return refuse(cause, this.#deps.clock.now(), detail);
  }

  unknown(connectionId: string): Outcome {
    return this.refuse('call-not-found', `no call connection ${connectionId}`);
  }

  /** A refusal that needs no decision of the call. */
  async refused<T>(
    answer: { readonly refused: Outcome; readonly retryAfterMs?: number },
    remember: Remember<T> | undefined,
    callId?: string,
  ): Promise<Answer<T>> {
    this.#deps.records.refused(answer.refused, callId);
    const record = remember?.(answer);
    if (record) await this.#deps.store.remember(record);
    return answer;
  }

  /** About a connection of the resource: an input, or why there is none. */
  async onConnection(
    { resourceId, connectionId }: ConnectionCommand,
    operation: string,
    input: (call: Call, connection: Connection) => Input | { readonly refused: Outcome },
    remember?: Remember<undefined>,
  ): Promise<Answer<undefined>> {
    const call = this.#deps.desk.calls.byPart(connectionId)?.call;
    const connection = call?.connections[connectionId];
    if (!call || connection?.resourceId !== resourceId)
      return this.refused({ refused: this.unknown(connectionId) }, remember);
    const asked = input(call, connection);
    if ('refused' in asked) return this.refused(asked, remember, call.callId);
    return this.ask(call.callId, asked, operation, () => undefined, remember);
  }

  async ask<T>(
    callId: string,
    input: Input,
    operation: string,
    present: (call: Call) => T,
    remember: Remember<T> | undefined,
    signal?: AbortSignal,
  ): Promise<Answer<T>> {
    let answer: Answer<T> | undefined;
    const options: AcceptOptions = {
      operation,
      remember: (call, refused): RepeatRecord | undefined => {
        answer = refused || !call ? { refused: refused ?? this.unknown(callId) } : { ok: present(call) };
        return remember?.(answer);
      },
      ...(signal ? { signal } : {}),
    };
    let accepted: Accepted | undefined;
    try {
      accepted = this.#deps.desk.accept(callId, input, options);
      await accepted.stored;
    } catch (failure) {
      // A decision that throws is a bug and goes on to the door; a store that fails is an outcome.
      if (!accepted) throw failure;
      const refused = storeOutcome(failure, this.#deps.clock.now(), signal?.aborted === true);
      this.#deps.records.refused(refused, callId);
      return { refused };
    }
    return answer ?? { refused: this.unknown(callId) };
  }
}
