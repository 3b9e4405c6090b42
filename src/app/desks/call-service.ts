/** What applications and trunks ask for, turned into inputs of the call desk. */
import { type Call, type CallHeader, type CallLimits, offerOf } from '../../domain/call/call.ts';
import { partiesBeside } from '../../domain/call/decide-transfer.ts';
import { readContext } from '../../domain/call/incoming-context.ts';
import type { Input, NewConnection } from '../../domain/call/inputs.ts';
import type { TrunkEvent } from '../../domain/call/leg-events.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import { communicationUser, type Identifier } from '../../domain/ids/identifier.ts';
import type { RepeatRecord } from '../ports/store.ts';
import {
  type Accepted,
  type AcceptOptions,
  CallDesk,
  type DeskDependencies,
  storeOutcome,
} from './call-desk.ts';
import { type CeilingContext, ceilingReached } from './ceilings.ts';
import type {
  Answer,
  AnswerCall,
  Calls,
  CallView,
  ConnectionCommand,
  CreateCall,
  RedirectCall,
  RejectCall,
  Remember,
  TransferCall,
} from './commands.ts';
import { fromTrunk } from './from-trunk.ts';
import { refuse } from './refusals.ts';
import { routeTo } from './routing.ts';

export interface ServiceDependencies extends DeskDependencies, Omit<CeilingContext, 'activeCalls'> {
  readonly limits: CallLimits;
  /** Resource that calls to numbers of nobody are filed under. */
  readonly defaultResourceId: string;
  /** Whether a trunk carries audio. */
  readonly trunkMedia: (trunk: string) => boolean;
}

/** An opaque, URL-safe server call id (`call-automation.md` §5). */
const serverCallId = (callId: string): string =>
  btoa(`ringback:${callId}`).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_');

type Ready = { readonly callId: string; readonly offerId: string };

export class CallService implements Calls {
  readonly desk: CallDesk;
  readonly #deps: ServiceDependencies;

  constructor(deps: ServiceDependencies) {
    this.#deps = deps;
    this.desk = new CallDesk(deps);
  }

  async create(
    command: CreateCall,
    remember?: Remember<CallView>,
    signal?: AbortSignal,
  ): Promise<Answer<CallView>> {
    const { resourceId } = command;
    const reached = ceilingReached(
      { ...this.#deps, activeCalls: (resource) => this.desk.calls.alive(resource).length },
      resourceId,
      this.#now(),
    );
    if (reached) {
      this.#deps.records.refused(reached.refused);
      return reached;
    }
    const callId = this.#deps.ids.next();
    const source = command.source ?? this.#application(resourceId);
    const caller = command.sourceCallerId === undefined ? source.rawId : `4:${command.sourceCallerId}`;
    const party = {
      resourceId,
      caller,
      ...(command.sourceCallerId === undefined ? {} : { callerId: command.sourceCallerId }),
    };
    const connection: NewConnection = {
      ...this.#connection(command, 'caller', source),
      targets: command.targets,
      source,
      ...(command.sourceCallerId === undefined ? {} : { sourceCallerId: command.sourceCallerId }),
      ...(command.sourceDisplayName === undefined ? {} : { sourceDisplayName: command.sourceDisplayName }),
    };
    const targets = command.targets.map((target) => routeTo(this.#deps, party, target));
    const header = this.#header(callId, resourceId, targets.length > 1);
    const input: Input = { input: 'create', header, connection, targets };
    return this.#ask(callId, input, 'create', (call) => view(call, connection.id), remember, signal);
  }

  async answer(command: AnswerCall, remember?: Remember<CallView>): Promise<Answer<CallView>> {
    const ready = this.#offer(command);
    if ('refused' in ready) return this.#refused(ready, remember);
    const offer = offerOf(this.desk.calls.byId(ready.callId)?.call, ready.offerId);
    const identity = command.answeredBy ?? this.#application(command.resourceId);
    const connection: NewConnection = {
      ...this.#connection(command, 'callee', identity),
      targets: offer ? [offer.target] : [],
      source: offer?.from ?? identity,
      ...(offer ? { answeredFor: offer.target } : {}),
      ...(offer?.displayName === undefined ? {} : { sourceDisplayName: offer.displayName }),
      ...(offer?.from.kind === 'phoneNumber' ? { sourceCallerId: offer.from.number } : {}),
    };
    const input: Input = { input: 'answer', offerId: ready.offerId, connection };
    return this.#ask(ready.callId, input, 'answer', (after) => view(after, connection.id), remember);
  }

  async reject(command: RejectCall, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    const ready = this.#offer(command);
    if ('refused' in ready) return this.#refused(ready, remember);
    const input: Input = { input: 'reject', offerId: ready.offerId, reason: command.reason };
    return this.#ask(ready.callId, input, 'reject', nothing, remember);
  }

  async redirect(command: RedirectCall, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    const ready = this.#offer(command);
    if ('refused' in ready) return this.#refused(ready, remember);
    const offer = offerOf(this.desk.calls.byId(ready.callId)?.call, ready.offerId);
    // The number that was called is shown to whom the call is redirected.
    const callerId = offer?.target.kind === 'phoneNumber' ? { callerId: offer.target.number } : {};
    const party = { resourceId: command.resourceId, caller: offer?.from.rawId ?? '', ...callerId };
    const target = routeTo(this.#deps, party, command.target);
    return this.#ask(
      ready.callId,
      { input: 'redirect', offerId: ready.offerId, target },
      'redirect',
      nothing,
      remember,
    );
  }

  async hangUp(command: ConnectionCommand): Promise<Answer<undefined>> {
    return this.#onConnection(command, 'hang-up', undefined);
  }

  async terminate(command: ConnectionCommand, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    return this.#onConnection(command, 'terminate', remember);
  }

  async transfer(command: TransferCall, remember?: Remember<CallView>): Promise<Answer<CallView>> {
    const { resourceId, connectionId } = command;
    const call = this.desk.calls.byPart(connectionId)?.call;
    const connection = call?.connections[connectionId];
    if (!call || connection?.resourceId !== resourceId)
      return this.#refused({ refused: this.#unknown(connectionId) }, remember);
    // Of the call itself: the number it shows, or was called by.
    const own =
      connection.role === 'caller'
        ? connection.sourceCallerId
        : connection.answeredFor?.kind === 'phoneNumber'
          ? connection.answeredFor.number
          : undefined;
    const callerId = command.sourceCallerId ?? own;
    const transferee = command.transferee ?? partiesBeside(call, connection)[0]?.identifier;
    const party = {
      resourceId,
      caller: transferee?.rawId ?? '',
      ...(callerId === undefined ? {} : { callerId }),
    };
    const { headers, voipHeaders, operationContext, callbackUri } = command;
    const input: Input = {
      input: 'transfer',
      order: {
        connectionId,
        target: routeTo(this.#deps, party, command.target),
        headers,
        voipHeaders,
        ...(command.transferee ? { transferee: command.transferee } : {}),
        ...(operationContext === undefined ? {} : { operationContext }),
        ...(callbackUri === undefined ? {} : { callbackUri }),
      },
    };
    return this.#ask(call.callId, input, 'transfer', (after) => view(after, connectionId), remember);
  }

  connection({ resourceId, connectionId }: ConnectionCommand): Answer<CallView> {
    const call = this.desk.calls.byPart(connectionId)?.call;
    const connection = call?.connections[connectionId];
    if (!call || !connection || connection.resourceId !== resourceId)
      return { refused: this.#unknown(connectionId) };
    return { ok: { call, connection } };
  }

  /** What a trunk tells, of calls that come in too. */
  trunk(event: TrunkEvent): void {
    const header = (callId: string, resourceId = this.#deps.defaultResourceId): CallHeader =>
      this.#header(callId, resourceId, false);
    fromTrunk({ ...this.#deps, desk: this.desk, header }, event);
  }

  #now(): number {
    return this.#deps.clock.now();
  }

  #header(callId: string, resourceId: string, group: boolean): CallHeader {
    const correlationId = this.#deps.ids.next();
    return {
      callId,
      resourceId,
      correlationId,
      serverCallId: serverCallId(callId),
      group,
      limits: this.#deps.limits,
    };
  }

  /** Applications are users of their resource with an id of their own (`call-automation.md` §5, `source`). */
  #application(resourceId: string): Identifier {
    return communicationUser(`8:acs:${resourceId}_${this.#deps.ids.next()}`);
  }

  #connection(
    command: CreateCall | AnswerCall,
    role: 'caller' | 'callee',
    identity: Identifier,
  ): Omit<NewConnection, 'targets' | 'source'> {
    return {
      id: this.#deps.ids.next(),
      resourceId: command.resourceId,
      role,
      identity,
      callbackUri: command.callbackUri,
      apiVersion: command.apiVersion,
      ...(command.operationContext === undefined ? {} : { operationContext: command.operationContext }),
    };
  }

  #unknown(connectionId: string): Outcome {
    return refuse('call-not-found', this.#now(), `no call connection ${connectionId}`);
  }

  #offer(command: {
    resourceId: string;
    incomingCallContext: string;
  }): Ready | { readonly refused: Outcome } {
    const context = readContext(command.incomingCallContext);
    if (!context) {
      const detail =
        'The field IncomingCallContext is invalid. Pass the incomingCallContext of the IncomingCall event unchanged.';
      return { refused: refuse('invalid-argument', this.#now(), detail) };
    }
    // The context is in the hands of others: where the call is known, the call says whose it is.
    const owner =
      offerOf(this.desk.calls.byId(context.callId)?.call, context.offerId)?.resourceId ?? context.resourceId;
    if (owner !== command.resourceId) {
      const detail = `the incomingCallContext was issued to resource ${owner}, the request is signed by ${command.resourceId}`;
      return { refused: refuse('foreign-context', this.#now(), detail) };
    }
    return context;
  }

  async #onConnection(
    { resourceId, connectionId }: ConnectionCommand,
    operation: 'hang-up' | 'terminate',
    remember: Remember<undefined> | undefined,
  ): Promise<Answer<undefined>> {
    const call = this.desk.calls.byPart(connectionId)?.call;
    if (!call || call.connections[connectionId]?.resourceId !== resourceId)
      return this.#refused({ refused: this.#unknown(connectionId) }, remember);
    return this.#ask(call.callId, { input: operation, connectionId }, operation, nothing, remember);
  }

  async #refused<T>(
    answer: { readonly refused: Outcome },
    remember: Remember<T> | undefined,
  ): Promise<Answer<T>> {
    this.#deps.records.refused(answer.refused);
    const record = remember?.(answer);
    if (record) await this.#deps.store.remember(record);
    return answer;
  }

  async #ask<T>(
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
        answer = refused || !call ? { refused: refused ?? this.#unknown(callId) } : { ok: present(call) };
        return remember?.(answer);
      },
      ...(signal ? { signal } : {}),
    };
    let accepted: Accepted | undefined;
    try {
      accepted = this.desk.accept(callId, input, options);
      await accepted.stored;
    } catch (failure) {
      // A decision that throws is a bug and goes on to the door; a store that fails is an outcome.
      if (!accepted) throw failure;
      const refused = storeOutcome(failure, this.#now(), signal?.aborted === true);
      this.#deps.records.refused(refused, callId);
      return { refused };
    }
    return answer ?? { refused: this.#unknown(callId) };
  }
}

const nothing = (): undefined => undefined;

function view(call: Call, connectionId: string): CallView {
  const connection = call.connections[connectionId];
  if (!connection) throw new Error(`call ${call.callId} has no connection ${connectionId}`);
  return { call, connection };
}
