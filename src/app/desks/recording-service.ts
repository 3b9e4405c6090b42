/** Recordings that applications ask for, turned into inputs of the call desk. */
import { type Call, talkingLegs } from '../../domain/call/call.ts';
import type { Input } from '../../domain/call/inputs.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Recording, RecordingSettings } from '../../domain/media/recording.ts';
import type { RecordingFormats } from '../ports/recordings.ts';
import type { Asking } from './asking.ts';
import type { CallDesk } from './call-desk.ts';
import type { Answer, Remember } from './commands.ts';

export interface StartRecording {
  readonly resourceId: string;
  readonly apiVersion: string;
  readonly call: { readonly connectionId: string } | { readonly serverCallId: string };
  readonly settings: RecordingSettings;
  readonly callbackUri?: string;
  readonly pauseOnStart: boolean;
}

/** What its start is answered with. */
export type StartedRecording = Pick<Recording, 'id' | 'state' | 'pauseOnStart'>;

export interface RecordingCommand {
  readonly resourceId: string;
  readonly recordingId: string;
}

export interface RecordingCommands {
  start(command: StartRecording, remember?: Remember<StartedRecording>): Promise<Answer<StartedRecording>>;
  change(command: RecordingCommand, change: 'pause' | 'resume' | 'stop'): Promise<Answer<undefined>>;
  /** As it stands; one that is over is unknown. */
  recording(command: RecordingCommand): Answer<Recording>;
}

export interface RecordingServiceDependencies {
  readonly desk: CallDesk;
  readonly asking: Asking;
  readonly formats: RecordingFormats;
  /** Live recordings that a resource may have; absent: any number. */
  readonly mostRecordings?: number;
  /** Ids on the wire, and back to the call. */
  readonly newId: (callId: string) => string;
  readonly callOf: (recordingId: string) => string | undefined;
}

/** Wall time after which it may be asked again. */
const throttledMs = 1000;

/** Channels of an unmixed recording (`reference/call-automation.md` §4). */
const mostChannels = 5;

/** Why the call cannot be recorded like this. */
function tooMany(call: Call, { channels }: RecordingSettings): string | undefined {
  const phones = talkingLegs(call).length;
  return channels === 'unmixed' && phones > mostChannels
    ? `an unmixed recording has ${mostChannels} channels, and ${phones} phones are in the call; record it mixed`
    : undefined;
}

export class RecordingService implements RecordingCommands {
  readonly #deps: RecordingServiceDependencies;

  constructor(deps: RecordingServiceDependencies) {
    this.#deps = deps;
  }

  async start(
    command: StartRecording,
    remember?: Remember<StartedRecording>,
  ): Promise<Answer<StartedRecording>> {
    const { asking, desk } = this.#deps;
    const named = 'connectionId' in command.call ? command.call.connectionId : command.call.serverCallId;
    const call = desk.calls.byPart(named)?.call;
    const own = Object.values(call?.connections ?? {}).filter((c) => c.resourceId === command.resourceId);
    if (!call || own.length === 0)
      return asking.refused({ refused: asking.refuse('call-not-found', `no call ${named}`) }, remember);
    const missing = (await this.#deps.formats.missing(command.settings)) ?? tooMany(call, command.settings);
    if (missing !== undefined)
      return asking.refused({ refused: asking.refuse('recording-mode', missing) }, remember, call.callId);
    const throttled = this.#throttled(command.resourceId);
    if (throttled)
      return asking.refused({ refused: throttled, retryAfterMs: throttledMs }, remember, call.callId);
    const connectionId = 'connectionId' in command.call ? command.call.connectionId : own[0]?.id;
    const { resourceId, settings, callbackUri, apiVersion, pauseOnStart } = command;
    const recording: Omit<Recording, 'requestedAt' | 'state'> = {
      id: this.#deps.newId(call.callId),
      resourceId,
      settings,
      apiVersion,
      pauseOnStart,
      ...(connectionId === undefined ? {} : { connectionId }),
      ...(callbackUri === undefined ? {} : { callbackUri }),
    };
    const input: Input = { input: 'start-recording', recording };
    const begun: StartedRecording = { ...recording, state: 'starting' };
    return asking.ask(call.callId, input, 'start recording', () => begun, remember);
  }

  #throttled(resourceId: string): Outcome | undefined {
    const { desk, asking, mostRecordings } = this.#deps;
    if (mostRecordings === undefined) return undefined;
    const live = desk.calls.alive().filter(({ recording }) => recording?.resourceId === resourceId);
    if (live.length < mostRecordings) return undefined;
    const detail = `limits.activeRecordings is ${mostRecordings}, and as many calls are being recorded`;
    return asking.refuse('too-many-recordings', detail);
  }

  async change(command: RecordingCommand, change: 'pause' | 'resume' | 'stop'): Promise<Answer<undefined>> {
    const known = this.recording(command);
    if ('refused' in known) return this.#deps.asking.refused(known, undefined);
    const { recordingId } = command;
    const callId = this.#deps.callOf(recordingId) ?? '';
    return this.#deps.asking.ask(
      callId,
      { input: 'change-recording', recordingId, change },
      `${change} recording`,
      () => undefined,
      undefined,
    );
  }

  recording({ resourceId, recordingId }: RecordingCommand): Answer<Recording> {
    const { asking, desk, callOf } = this.#deps;
    const callId = callOf(recordingId);
    const call = callId === undefined ? undefined : desk.calls.byId(callId)?.call;
    const recording = call?.recording;
    if (recording?.id !== recordingId)
      return { refused: asking.refuse('call-not-found', `no live recording ${recordingId}`) };
    if (recording.resourceId !== resourceId) {
      return {
        refused: asking.refuse('foreign-recording', 'the recording was started by another resource'),
      };
    }
    return { ok: recording };
  }
}
