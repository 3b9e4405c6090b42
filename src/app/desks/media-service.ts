/** Media operations that applications ask for, turned into inputs of the call desk. */
import { type Call, type Connection, liveLegs } from '../../domain/call/call.ts';
import { outsideCall } from '../../domain/call/decide-operation.ts';
import type { CannotSpeak, Input } from '../../domain/call/inputs.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Identifier } from '../../domain/ids/identifier.ts';
import type { OperationSpec } from '../../domain/media/operation.ts';
import type { Ids } from '../ports/directory.ts';
import type { SpeechServices } from '../ports/speech-services.ts';
import type { Asking } from './asking.ts';
import type { Answer, ConnectionCommand, Remember } from './commands.ts';
import type {
  ContinuousTones,
  MediaOperations,
  OperationCommand,
  Play,
  Recognize,
  SendTones,
  StreamChange,
} from './media-commands.ts';
import { cannotSpeak, withoutSpeech } from './speech-check.ts';

export interface MediaServiceDependencies {
  readonly asking: Asking;
  readonly ids: Ids;
  readonly speechServices: SpeechServices;
}

/** A target of a media operation: the leg of a phone, or why there is none. */
type Found = { readonly legId: string } | { readonly refused: Outcome };

export class MediaService implements MediaOperations {
  readonly #deps: MediaServiceDependencies;

  constructor(deps: MediaServiceDependencies) {
    this.#deps = deps;
  }

  play(command: Play): Promise<Answer<undefined>> {
    return this.#operate(command, 'play', (call) => {
      const legIds: string[] = [];
      for (const target of command.to) {
        const found = this.#leg(call, command, target);
        if ('refused' in found) return found;
        legIds.push(found.legId);
      }
      const to = legIds.length === 0 ? 'all' : legIds;
      return { kind: 'play', sources: command.sources, loop: command.loop, to };
    });
  }

  recognize(command: Recognize): Promise<Answer<undefined>> {
    return this.#operate(command, 'recognize', (call) => {
      const found = this.#leg(call, command, command.target);
      if ('refused' in found) return found;
      const alone = liveLegs(call).filter(({ at }) => at.phase === 'up').length <= 1;
      const { input, prompts, interruptPrompt, initialSilenceMs, dtmf, speech, choices } = command;
      return {
        kind: 'recognize',
        input,
        legId: found.legId,
        lane: alone ? 'main' : 'sub',
        prompts,
        interruptPrompt,
        initialSilenceMs,
        ...(dtmf ? { dtmf } : {}),
        ...(speech ? { speech } : {}),
        ...(choices ? { choices } : {}),
      };
    });
  }

  sendTones(command: SendTones, remember?: Remember<undefined>): Promise<Answer<undefined>> {
    const spec = (call: Call): OperationSpec | { readonly refused: Outcome } => {
      const found = this.#leg(call, command, command.target);
      return 'refused' in found ? found : { kind: 'send-tones', legId: found.legId, tones: command.tones };
    };
    return this.#operate({ ...command, interrupt: false }, 'send DTMF tones', spec, remember);
  }

  continuousTones(command: ContinuousTones): Promise<Answer<undefined>> {
    const { connectionId, on, operationContext, callbackUri } = command;
    const operation = `${on ? 'start' : 'stop'} continuous DTMF recognition`;
    return this.#deps.asking.onConnection(command, operation, (call) => {
      const found = this.#leg(call, command, command.target);
      if ('refused' in found) return found;
      return {
        input: 'continuous-tones',
        connectionId,
        legId: found.legId,
        on,
        ...(operationContext === undefined ? {} : { operationContext }),
        ...(callbackUri === undefined ? {} : { callbackUri }),
      };
    });
  }

  cancelAll(command: ConnectionCommand): Promise<Answer<undefined>> {
    const { connectionId } = command;
    return this.#deps.asking.onConnection(command, 'cancel all media operations', () => ({
      input: 'cancel-operations',
      connectionId,
    }));
  }

  stream(command: StreamChange): Promise<Answer<undefined>> {
    const { connectionId, kind, ask, locale, speechModel, operationContext, callbackUri } = command;
    const what = kind === 'audio' ? 'media streaming' : 'transcription';
    return this.#deps.asking.onConnection(command, `${ask} ${what}`, (_call, connection) => ({
      input: 'stream',
      connectionId,
      kind,
      ask,
      ...this.#cannotTranscribe(connection, command),
      ...(locale === undefined ? {} : { locale }),
      ...(speechModel === undefined ? {} : { speechModel }),
      ...(operationContext === undefined ? {} : { operationContext }),
      ...(callbackUri === undefined ? {} : { callbackUri }),
    }));
  }

  /** A transcript is words, which the call's speech service has to understand. */
  #cannotTranscribe(
    connection: Connection,
    { kind, ask, speechModel }: StreamChange,
  ): { readonly cannotSpeak?: CannotSpeak } {
    if (kind !== 'transcript' || ask === 'stop') return {};
    const model = speechModel ?? connection.streams?.transcript?.settings.speechModel;
    const cannot = withoutSpeech(this.#deps.speechServices, connection, model);
    return cannot ? { cannotSpeak: cannot } : {};
  }

  #operate(
    command: OperationCommand & { readonly interrupt: boolean },
    name: string,
    specify: (call: Call) => OperationSpec | { readonly refused: Outcome },
    remember?: Remember<undefined>,
  ): Promise<Answer<undefined>> {
    const { connectionId, interrupt, operationContext, callbackUri } = command;
    return this.#deps.asking.onConnection(
      command,
      name,
      (call, connection): Input | { readonly refused: Outcome } => {
        const spec = specify(call);
        if ('refused' in spec) return spec;
        const mute = cannotSpeak(this.#deps.speechServices, connection, spec, command.speechModel);
        return {
          input: 'operate',
          operation: {
            id: this.#deps.ids.next(),
            connectionId,
            spec,
            ...(operationContext === undefined ? {} : { operationContext }),
            ...(callbackUri === undefined ? {} : { callbackUri }),
          },
          interrupt,
          ...(mute ? { cannotSpeak: mute } : {}),
        };
      },
      remember,
    );
  }

  #leg(call: Call, { connectionId }: ConnectionCommand, target: Identifier): Found {
    const legs = Object.values(call.legs).filter(({ party }) => party.rawId === target.rawId);
    const leg = legs.find(({ at }) => at.phase === 'up') ?? legs[0];
    if (leg) return { legId: leg.id };
    const connection = call.connections[connectionId];
    const outside = connection && outsideCall(call, connection);
    // Who is in a call is asked of one that is up (`reference/call-automation.md` §7).
    if (outside !== undefined) return { refused: this.#deps.asking.refuse('media-outside-call', outside) };
    const application = Object.values(call.connections).some(
      ({ identity, answeredFor }) => identity.rawId === target.rawId || answeredFor?.rawId === target.rawId,
    );
    return {
      refused: application
        ? this.#deps.asking.refuse(
            'unsupported',
            `${target.rawId} is an application; it has no phone to play to`,
          )
        : this.#deps.asking.refuse('call-not-found', `no participant ${target.rawId} in the call`),
    };
  }
}
