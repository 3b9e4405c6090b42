/** What applications and trunks ask for, turned into inputs of the call desk. */
import { type CallHeader, type CallLimits, offerOf } from '../../domain/call/call.ts';
import { partiesBeside } from '../../domain/call/decide-transfer.ts';
import { readContext } from '../../domain/call/incoming-context.ts';
import type { Input, NewConnection } from '../../domain/call/inputs.ts';
import type { TrunkEvent } from '../../domain/call/leg-events.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import type { ClientEndpoints } from '../ports/clients.ts';
import { applicationOf, newConnection } from './applications.ts';
import { Asking } from './asking.ts';
import { CallDesk, type DeskDependencies } from './call-desk.ts';
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
import { viewOf } from './commands.ts';
import { fromTrunk } from './from-trunk.ts';
import { refuse } from './refusals.ts';
import { callerIdOf, isForeign, routeTo } from './routing.ts';

export interface ServiceDependencies extends DeskDependencies, Omit<CeilingContext, 'activeCalls'> {
  readonly limits: CallLimits;
  readonly clients: ClientEndpoints;
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
  readonly asking: Asking;
  readonly #deps: ServiceDependencies;

  constructor(deps: ServiceDependencies) {
    this.#deps = deps;
    this.desk = new CallDesk(deps);
    this.asking = new Asking({ ...deps, desk: this.desk });
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
    const foreign = this.#foreign(command);
    if (foreign) return this.asking.refused({ refused: foreign }, remember);
    const callId = this.#deps.ids.next();
    const source = command.source ?? applicationOf(this.#deps.ids, resourceId);
    const caller = command.sourceCallerId === undefined ? source.rawId : `4:${command.sourceCallerId}`;
    const party = {
      resourceId,
      caller,
      ...(command.sourceCallerId === undefined ? {} : { callerId: command.sourceCallerId }),
    };
    const connection: NewConnection = {
      ...newConnection(this.#deps.ids, command, 'caller', source),
      targets: command.targets,
      source,
      ...(command.sourceCallerId === undefined ? {} : { sourceCallerId: command.sourceCallerId }),
      ...(command.sourceDisplayName === undefined ? {} : { sourceDisplayName: command.sourceDisplayName }),
    };
    const targets = command.targets.map((target) => routeTo(this.#deps, party, target));
    const header = this.#header(callId, resourceId, targets.length > 1);
    const input: Input = { input: 'create', header, connection, targets };
    return this.asking.ask(callId, input, 'create', (call) => viewOf(call, connection.id), remember, signal);
  }

  async answer(command: AnswerCall, remember?: Remember<CallView>): Promise<Answer<CallView>> {
    const ready = this.#offer(command);
    if ('refused' in ready) return this.asking.refused(ready, remember);
    const offer = offerOf(this.desk.calls.byId(ready.callId)?.call, ready.offerId);
    const identity = command.answeredBy ?? applicationOf(this.#deps.ids, command.resourceId);
    const connection: NewConnection = {
      ...newConnection(this.#deps.ids, command, 'callee', identity),
      targets: offer ? [offer.target] : [],
      source: offer?.from ?? identity,
      ...(offer ? { answeredFor: offer.target } : {}),
      ...(offer?.displayName === undefined ? {} : { sourceDisplayName: offer.displayName }),
      ...(offer?.from.kind === 'phoneNumber' ? { sourceCallerId: offer.from.number } : {}),
    };
    const input: Input = { input: 'answer', offerId: ready.offerId, connection };
    return this.asking.ask(ready.callId, input, 'answer', (after) => viewOf(after, connection.id), remember);
  }

  async reject(command: RejectCall, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    const ready = this.#offer(command);
    if ('refused' in ready) return this.asking.refused(ready, remember);
    const input: Input = { input: 'reject', offerId: ready.offerId, reason: command.reason };
    return this.asking.ask(ready.callId, input, 'reject', nothing, remember);
  }

  async redirect(command: RedirectCall, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    const ready = this.#offer(command);
    if ('refused' in ready) return this.asking.refused(ready, remember);
    const offer = offerOf(this.desk.calls.byId(ready.callId)?.call, ready.offerId);
    // The number that was called is shown to whom the call is redirected.
    const callerId = offer?.target.kind === 'phoneNumber' ? { callerId: offer.target.number } : {};
    const party = { resourceId: command.resourceId, caller: offer?.from.rawId ?? '', ...callerId };
    const target = routeTo(this.#deps, party, command.target);
    return this.asking.ask(
      ready.callId,
      { input: 'redirect', offerId: ready.offerId, target },
      'redirect',
      nothing,
      remember,
    );
  }

  async hangUp(command: ConnectionCommand): Promise<Answer<undefined>> {
    const { connectionId } = command;
    return this.asking.onConnection(command, 'hang-up', () => ({ input: 'hang-up', connectionId }));
  }

  async terminate(command: ConnectionCommand, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    const { connectionId } = command;
    return this.asking.onConnection(
      command,
      'terminate',
      () => ({ input: 'terminate', connectionId }),
      remember,
    );
  }

  async transfer(command: TransferCall, remember?: Remember<CallView>): Promise<Answer<CallView>> {
    const { resourceId, connectionId } = command;
    const call = this.desk.calls.byPart(connectionId)?.call;
    const connection = call?.connections[connectionId];
    if (!call || connection?.resourceId !== resourceId)
      return this.asking.refused({ refused: this.asking.unknown(connectionId) }, remember);
    const callerId = command.sourceCallerId ?? callerIdOf(connection);
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
    return this.asking.ask(call.callId, input, 'transfer', (after) => viewOf(after, connectionId), remember);
  }

  connection({ resourceId, connectionId }: ConnectionCommand): Answer<CallView> {
    const call = this.desk.calls.byPart(connectionId)?.call;
    const connection = call?.connections[connectionId];
    if (!call || !connection || connection.resourceId !== resourceId)
      return { refused: this.asking.unknown(connectionId) };
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

  /** Only users of the resource itself call, and are called, in its name. */
  #foreign({ resourceId, source, targets }: CreateCall): Outcome | undefined {
    const notOurs = (who: string): string => `${who} is not a user of resource ${resourceId}`;
    if (source && isForeign(source, resourceId))
      return this.asking.refuse('foreign-source', notOurs(source.rawId));
    const target = targets.find((each) => isForeign(each, resourceId));
    return target && this.asking.refuse('foreign-target', notOurs(target.rawId));
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
}

const nothing = (): undefined => undefined;
