/** Who is in a call, as applications ask for it: turned into inputs of the call desk. */
import type { Call, Connection, PhoneLeg } from '../../domain/call/call.ts';
import { staysBecause } from '../../domain/call/decide-move.ts';
import { isNamed, participantOf } from '../../domain/call/decide-participants.ts';
import type { Input, MoveOrder } from '../../domain/call/inputs.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Identifier } from '../../domain/ids/identifier.ts';
import type { Clock } from '../ports/clock.ts';
import type { MediaPort } from '../ports/media.ts';
import type { SpeechServices } from '../ports/speech-services.ts';
import { newConnection } from './applications.ts';
import type { Asking } from './asking.ts';
import type { CallDesk } from './call-desk.ts';
import { type Answer, type CallView, type ConnectionCommand, type Remember, viewOf } from './commands.ts';
import type {
  AddParticipant,
  CancelAdd,
  Connect,
  HoldParticipant,
  Invited,
  MoveParticipants,
  MuteParticipant,
  ParticipantOperations,
  RemoveParticipant,
} from './participant-commands.ts';
import { callerIdOf, isForeign, type RoutingContext, routeTo } from './routing.ts';
import { cannotSpeak } from './speech-check.ts';

export interface ParticipantServiceDependencies extends RoutingContext {
  readonly asking: Asking;
  readonly desk: CallDesk;
  readonly clock: Clock;
  readonly media: Pick<MediaPort, 'canMove'>;
  readonly speechServices: SpeechServices;
}

interface Refused {
  readonly refused: Outcome;
}

const about = (asked: { readonly operationContext?: string; readonly callbackUri?: string }) => ({
  ...(asked.operationContext === undefined ? {} : { operationContext: asked.operationContext }),
  ...(asked.callbackUri === undefined ? {} : { callbackUri: asked.callbackUri }),
});

export class ParticipantService implements ParticipantOperations {
  readonly #deps: ParticipantServiceDependencies;

  constructor(deps: ParticipantServiceDependencies) {
    this.#deps = deps;
  }

  add(command: AddParticipant, remember?: Remember<Invited>): Promise<Answer<Invited>> {
    const { asking, ids } = this.#deps;
    const { resourceId, connectionId, participant, timeoutMs, sourceDisplayName } = command;
    const known = this.#known(command);
    if ('refused' in known) return asking.refused(known, remember);
    const { call, connection } = known;
    if (isForeign(participant, resourceId)) {
      const detail = `${participant.rawId} is not a user of resource ${resourceId}`;
      return asking.refused({ refused: asking.refuse('foreign-target', detail) }, remember, call.callId);
    }
    const callerId = command.sourceCallerId ?? callerIdOf(connection);
    const party = {
      resourceId,
      caller: callerId === undefined ? connection.identity.rawId : `4:${callerId}`,
      ...(callerId === undefined ? {} : { callerId }),
    };
    const invitationId = ids.next();
    const input: Input = {
      input: 'add',
      order: {
        id: invitationId,
        connectionId,
        target: routeTo(this.#deps, party, participant),
        headers: command.headers,
        voipHeaders: command.voipHeaders,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(callerId === undefined ? {} : { callerId }),
        ...(sourceDisplayName === undefined ? {} : { displayName: sourceDisplayName }),
        ...about(command),
      },
    };
    const invited = (after: Call): Invited => ({ invitationId, call: after });
    return asking.ask(call.callId, input, 'add participant', invited, remember);
  }

  cancelAdd(command: CancelAdd, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    const { connectionId, invitationId } = command;
    return this.#deps.asking.onConnection(
      command,
      'cancel add participant',
      () => ({ input: 'cancel-add', connectionId, invitationId, ...about(command) }),
      remember,
    );
  }

  remove(command: RemoveParticipant, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    const { connectionId, participant } = command;
    return this.#onParticipant(
      command,
      'remove participant',
      () => ({ input: 'remove', order: { connectionId, participant, ...about(command) } }),
      remember,
    );
  }

  mute(command: MuteParticipant, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    const { connectionId, participant } = command;
    return this.#onParticipant(
      command,
      'mute participant',
      () => ({ input: 'mute', connectionId, participant }),
      remember,
    );
  }

  unmute(command: MuteParticipant): Promise<Answer<undefined>> {
    const { rawId } = command.participant;
    return this.#onParticipant(command, 'unmute participant', (call) => {
      const there = participantOf(call, command.participant, this.#deps.clock.now());
      if ('refused' in there) return there;
      return { refused: this.#deps.asking.refuse('unmute-of-another', `${rawId} must do that`) };
    });
  }

  hold(command: HoldParticipant): Promise<Answer<undefined>> {
    const { asking, ids, speechServices } = this.#deps;
    const { connectionId, target, on, music } = command;
    return asking.onConnection(command, on ? 'hold' : 'unhold', (_call, connection) => {
      const mute =
        music && cannotSpeak(speechServices, connection, { kind: 'hold', legId: '', sources: [music] });
      return {
        input: 'hold',
        order: {
          connectionId,
          operationId: ids.next(),
          participant: target,
          on,
          ...(music ? { music } : {}),
          ...(mute ? { cannotSpeak: mute } : {}),
          ...about(command),
        },
      };
    });
  }

  async connect(command: Connect, remember?: Remember<CallView>): Promise<Answer<CallView>> {
    const { asking, desk, ids } = this.#deps;
    const { resourceId, serverCallId } = command;
    const call = desk.calls.byPart(serverCallId)?.call;
    if (!call || call.serverCallId !== serverCallId) {
      const detail = `no call with server call id ${serverCallId}`;
      return asking.refused({ refused: asking.refuse('call-not-found', detail) }, remember);
    }
    if (!hasPart(call, resourceId)) {
      const detail = `resource ${resourceId} has no part in this call`;
      return asking.refused({ refused: asking.refuse('foreign-call', detail) }, remember, call.callId);
    }
    const base = newConnection(ids, command, 'guest');
    const connection = { ...base, targets: [], source: base.identity };
    const input: Input = { input: 'connect', connection };
    return asking.ask(call.callId, input, 'connect', (after) => viewOf(after, connection.id), remember);
  }

  async move(command: MoveParticipants, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    const { asking, desk } = this.#deps;
    const refused = (why: Outcome, callId?: string) => asking.refused({ refused: why }, remember, callId);
    const to = this.#connected(command);
    if ('refused' in to) return refused(to.refused);
    const from = this.#connected({ ...command, connectionId: command.fromCall });
    if ('refused' in from) return refused(from.refused, to.call.callId);
    if (from.call.callId === to.call.callId)
      return refused(
        asking.refuse('unsupported', 'fromCall is the call that they are to be moved to'),
        to.call.callId,
      );
    const found = this.#movable(from.call, to.call, command);
    if ('refused' in found) return refused(found.refused, to.call.callId);
    const { legs } = found;
    const order: MoveOrder = {
      connectionId: command.connectionId,
      fromConnectionId: command.fromCall,
      ...about(command),
    };
    // One turn for both: whatever the phone says next finds it in its new call.
    const gave = desk.accept(from.call.callId, {
      input: 'give',
      legIds: legs.map(({ id }) => id),
      toCallId: to.call.callId,
    });
    const take: Input = { input: 'take', legs, fromCallId: from.call.callId, order };
    const took = asking.ask(to.call.callId, take, 'move participants', () => undefined, remember);
    const [given, answer] = await Promise.all([
      gave.stored.then(
        () => undefined,
        (failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
      ),
      took,
    ]);
    if (given === undefined && 'ok' in answer) return answer;
    this.#takeBack(from.call.callId, to.call.callId, legs, order, given);
    return 'refused' in answer ? answer : { refused: asking.refuse('store-failed', given ?? '') };
  }

  /** Half of it was written down: they stay where they were. */
  #takeBack(
    fromCallId: string,
    toCallId: string,
    legs: readonly PhoneLeg[],
    order: MoveOrder,
    given: string | undefined,
  ): void {
    const { desk } = this.#deps;
    const legIds = legs.map(({ id }) => id);
    desk.tell(toCallId, { input: 'give', legIds, toCallId: fromCallId });
    desk.tell(fromCallId, { input: 'take', legs, fromCallId: toCallId });
    const why = given ?? 'the store did not take it';
    const participants = legs.map(({ party }) => party);
    desk.tell(toCallId, { input: 'move-failed', order, participants, why });
  }

  #movable(
    from: Call,
    to: Call,
    { participants, resourceId }: MoveParticipants,
  ): { readonly legs: readonly PhoneLeg[] } | Refused {
    const { asking, clock, media } = this.#deps;
    const legs: PhoneLeg[] = [];
    for (const participant of participants) {
      const who = this.#who(from, participant, resourceId);
      const there = who ? { refused: who } : participantOf(from, participant, clock.now());
      if ('refused' in there) return there;
      if ('other' in there)
        return {
          refused: asking.refuse(
            'unsupported',
            `${participant.rawId} is an application and stays in its call`,
          ),
        };
      const { leg } = there;
      const stays = staysBecause(from, leg);
      if (stays !== undefined) return { refused: asking.refuse('conflicts-with-another', stays) };
      if (leg.media && !media.canMove(leg.id, to.callId)) {
        const detail = `the audio of the two calls is in different media processes, and ${participant.rawId} cannot pass from one to the other`;
        return { refused: asking.refuse('unsupported', detail) };
      }
      if (!legs.includes(leg)) legs.push(leg);
    }
    return { legs };
  }

  /** Participants of other resources may be in the call; others of theirs are no identity here. */
  #who(call: Call, participant: Identifier, resourceId: string): Outcome | undefined {
    const foreign =
      isForeign(participant, resourceId) &&
      !Object.values(call.connections).some((each) => isNamed(each, participant));
    const detail = `${participant.rawId} is a user of another resource and not in the call`;
    return foreign ? this.#deps.asking.refuse('foreign-identity', detail) : undefined;
  }

  #onParticipant(
    command: MuteParticipant,
    operation: string,
    input: (call: Call) => Input | Refused,
    remember?: Remember<undefined>,
  ): Promise<Answer<undefined>> {
    return this.#deps.asking.onConnection(
      command,
      operation,
      (call) => {
        const refused = this.#who(call, command.participant, command.resourceId);
        return refused ? { refused } : input(call);
      },
      remember,
    );
  }

  #known({
    resourceId,
    connectionId,
  }: ConnectionCommand): { readonly call: Call; readonly connection: Connection } | Refused {
    const call = this.#deps.desk.calls.byPart(connectionId)?.call;
    const connection = call?.connections[connectionId];
    return call && connection?.resourceId === resourceId
      ? { call, connection }
      : { refused: this.#deps.asking.unknown(connectionId) };
  }

  #connected(command: ConnectionCommand): { readonly call: Call } | Refused {
    const known = this.#known(command);
    if ('refused' in known) return known;
    const { asking } = this.#deps;
    const { at, id } = known.connection;
    if (at.phase === 'connected') return known;
    return {
      refused:
        at.phase === 'ended'
          ? asking.refuse('call-terminated', `call connection ${id} ended: ${at.outcome.name}`)
          : asking.refuse('not-connected', `call connection ${id} is connecting; wait for CallConnected`),
    };
  }
}

const hasPart = (call: Call, resourceId: string): boolean =>
  call.resourceId === resourceId ||
  Object.values(call.connections).some((each) => each.resourceId === resourceId) ||
  Object.values(call.offers).some((each) => each.resourceId === resourceId);
