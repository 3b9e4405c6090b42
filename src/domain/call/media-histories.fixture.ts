/** For tests: histories of what is played, pressed, said, recorded and streamed in a call, and what must hold of them. */
import assert from 'node:assert/strict';
import { laneOf, type OperationSpec, type PromptSource } from '../media/operation.ts';
import { isOn } from '../media/stream.ts';
import type { Streams } from './call.ts';
import type { Fact } from './facts.ts';
import type { Pick } from './histories.fixture.ts';
import type { Input } from './inputs.ts';
import type { OperationEvent } from './operation-events.ts';
import { connection, create, ToldCall, target } from './told-call.fixture.ts';

const file: PromptSource = { kind: 'file', uri: 'https://prompts.example/welcome.wav' };

const streams: Streams = {
  audio: {
    id: 'audio',
    settings: {
      kind: 'audio',
      url: 'wss://bot.example/',
      channels: 'mixed',
      rate: 16000,
      bidirectional: true,
      dtmf: true,
    },
    onConnect: true,
    state: 'inactive',
  },
  transcript: {
    id: 'transcript',
    settings: { kind: 'transcript', url: 'wss://bot.example/', locale: 'en-US', intermediate: false },
    onConnect: false,
    state: 'inactive',
  },
};

/** A call of one to three phones that have answered, mostly, with websockets set up. */
export function beginWithMedia(pick: Pick): ToldCall {
  const legs = ['leg-0', 'leg-1', 'leg-2'].slice(0, pick([1, 2, 2, 3]));
  const input = create(...legs.map((leg, n) => target(leg, undefined, `+1500555200${n}`)));
  if (input.input !== 'create') throw new Error('it is not created');
  const set = pick([true, false]) ? { connection: { ...input.connection, streams } } : {};
  const call = new ToldCall().tell({ ...input, ...set });
  for (const leg of legs) if (pick([true, true, true, false])) call.answered(leg);
  return call;
}

function someSpec(pick: Pick, legId: string): OperationSpec {
  const prompts = pick([[], [file]]);
  return pick<() => OperationSpec>([
    () => ({ kind: 'play', sources: [file], loop: pick([true, false]), to: pick(['all' as const, [legId]]) }),
    () => ({
      kind: 'recognize',
      input: pick(['dtmf', 'speech', 'speechOrDtmf', 'choices'] as const),
      legId,
      lane: pick(['main', 'sub'] as const),
      prompts,
      interruptPrompt: pick([true, false]),
      initialSilenceMs: 5000,
      dtmf: { maxTones: 2, interToneMs: 2000, stopTones: ['pound'] },
      speech: { locale: 'en-US', endSilenceMs: 800 },
      choices: [
        { label: 'Yes', phrases: ['yes'], tone: 'one' },
        { label: 'No', phrases: ['no'] },
      ],
    }),
    () => ({ kind: 'send-tones', legId, tones: ['one', 'pound'] }),
  ])();
}

const events = (operationId: string, pick: Pick): OperationEvent =>
  pick<OperationEvent>([
    { operationId, kind: 'prompts-ready', prompts: ['blob'] },
    { operationId, kind: 'prompts-ready', prompts: ['blob'] },
    { operationId, kind: 'prompt-failed', index: 0, fault: 'unfetched', why: '' },
    { operationId, kind: 'prompt-began' },
    { operationId, kind: 'prompt-ended' },
    { operationId, kind: 'tones-sent' },
    { operationId, kind: 'tones-unsent', why: '' },
    { operationId, kind: 'speech-began' },
    { operationId, kind: 'utterance', utterance: 'blob' },
    { operationId, kind: 'understood', speech: { heard: 'words', text: pick(['yes', 'perhaps']) } },
    { operationId, kind: 'understood', speech: { heard: 'silence' } },
    { operationId, kind: 'understood', speech: { fault: 'throttled', why: '' } },
  ]);

/** Of operations, recordings and streams that the call has (or has not). */
export function someMediaInput(call: ToldCall, pick: Pick, step: number): Input {
  const state = call.call;
  const legId = pick([...Object.keys(state?.legs ?? {}), 'leg-unknown']);
  const connectionId = pick([...Object.keys(state?.connections ?? {}), 'connection-unknown']);
  const operationId = pick([...(state?.operations ?? []).map(({ id }) => id), 'operation-unknown']);
  const recordingId = state?.recording?.id ?? 'recording-unknown';
  const participant = state?.legs[legId]?.party ?? { kind: 'unknown', rawId: 'nobody' };
  const kind = pick(['audio', 'transcript'] as const);
  return pick<() => Input>([
    () => ({
      input: 'operate',
      operation: { id: `operation-${step}`, connectionId, spec: someSpec(pick, legId) },
      interrupt: pick([true, false, false]),
    }),
    () => ({
      input: 'operate',
      operation: { id: `operation-${step}`, connectionId, spec: someSpec(pick, legId) },
      interrupt: false,
    }),
    () => ({ input: 'cancel-operations', connectionId }),
    () => ({ input: 'continuous-tones', connectionId, legId, on: pick([true, false]) }),
    () => ({ input: 'operation', event: events(operationId, pick) }),
    () => ({
      input: 'media',
      event: { kind: 'operation', callId: 'call', event: events(operationId, pick) },
    }),
    () => ({
      input: 'media',
      event: { kind: 'tone', legId, tone: pick(['1', '5', '#', 'flash']), durationMs: 100 },
    }),
    () => ({
      input: 'hold',
      order: {
        connectionId,
        operationId: `hold-${step}`,
        participant,
        on: pick([true, false]),
        ...(pick([true, false]) ? { music: file } : {}),
      },
    }),
    () => ({ input: 'mute', connectionId, participant }),
    () => ({
      input: 'start-recording',
      recording: {
        id: `recording-${step}`,
        resourceId: 'res',
        ...pick([{ connectionId }, {}]),
        settings: {
          content: 'audio',
          channels: 'mixed',
          format: 'wav',
          channelOf: [],
          storage: { kind: 'here' },
        },
        apiVersion: '2026-03-12',
        pauseOnStart: pick([true, false]),
      },
    }),
    () => ({ input: 'change-recording', recordingId, change: pick(['pause', 'resume', 'stop'] as const) }),
    () => ({
      input: 'media',
      event: {
        kind: 'recording',
        callId: 'call',
        event: pick([
          { recordingId, now: 'active' },
          { recordingId, now: 'paused' },
          { recordingId, now: 'stopped', durationMs: 1000, channels: [] },
          { recordingId, now: 'failed', why: '' },
        ] as const),
      },
    }),
    () => ({ input: 'stream', connectionId, kind, ask: pick(['start', 'stop', 'update'] as const) }),
    () => ({
      input: 'media',
      event: {
        kind: 'stream',
        callId: 'call',
        event: {
          connectionId,
          stream: kind,
          ...pick([
            { now: 'open' },
            { now: 'closed' },
            { now: 'restored' },
            { now: 'updated' },
            { now: 'interrupted', why: '' },
            { now: 'failed', fault: 'lost', why: '' },
          ] as const),
        },
      },
    }),
    () => ({ input: 'connect', connection: { ...connection(`guest-${step}`, 'callee'), role: 'guest' } }),
    () => ({ input: 'tick' }),
  ])();
}

/** Facts in the order in which they fell, each of one thing. */
const keysOf = (
  facts: readonly Fact[],
  kind: Fact['fact'],
  key: (fact: never) => string,
): readonly string[] => facts.filter(({ fact }) => fact === kind).map((fact) => key(fact as never));

function operationsHold({ facts, effects, call }: ToldCall): void {
  const live = (call?.operations ?? []).map(({ id }) => id);
  const queued = keysOf(
    facts,
    'operation-queued',
    ({ operation }: { operation: { id: string } }) => operation.id,
  );
  const ended = keysOf(
    facts,
    'operation-ended',
    ({ operation }: { operation: { id: string } }) => operation.id,
  );
  assert.deepEqual([...ended, ...live].sort(), [...queued].sort(), 'an operation ends once, or is live');
  const told = effects.filter(
    (e) =>
      e.effect === 'callback' &&
      /^(Play|Recognize|SendDtmfTones|Hold)(Completed|Failed|Canceled)$/.test(e.event.type),
  ).length;
  const owed = facts.filter(
    (f) => f.fact === 'operation-ended' && (f.operation.spec.kind !== 'hold' || f.as === 'failed'),
  ).length;
  assert.equal(told, owed, 'the end of an operation is told once');
  const running = (call?.operations ?? []).filter(({ at }) => at.phase !== 'queued');
  const lanes = running.map(({ connectionId, spec }) =>
    [connectionId, laneOf(spec), spec.kind === 'hold' ? spec.legId : ''].join(' '),
  );
  assert.equal(
    new Set(lanes).size,
    lanes.length,
    `one operation of a lane runs at a time: ${lanes.join(', ')}`,
  );
  const sub = (call?.operations ?? [])
    .filter(({ spec }) => laneOf(spec) === 'sub')
    .map((each) => each.connectionId);
  assert.equal(new Set(sub).size, sub.length, 'a connection has one operation of the sub lane');
  for (const { id, spec, connectionId } of call?.operations ?? []) {
    assert.equal(
      call?.connections[connectionId]?.at.phase,
      'connected',
      `${id} is of a connection that is up`,
    );
    if (spec.kind !== 'play')
      assert.notEqual(call?.legs[spec.legId]?.at.phase, 'ended', `${id} is for somebody`);
  }
}

function recordingHolds({ facts, effects, call }: ToldCall): void {
  const id = ({ recording }: { recording: { id: string } }): string => recording.id;
  const ended = keysOf(facts, 'recording-ended', id);
  const live = call?.recording ? [call.recording.id] : [];
  assert.deepEqual([...ended, ...live].sort(), [...keysOf(facts, 'recording-started', id)].sort());
  const kept = effects.flatMap((e) => (e.effect === 'keep-recording' ? [e.recording.id] : []));
  assert.deepEqual(kept, ended, 'what was recorded is kept once');
  const stops = effects.flatMap((e) =>
    e.effect === 'change-recording' && e.change === 'stop' ? [e.recordingId] : [],
  );
  for (const each of ended)
    assert.equal(stops.filter((stop) => stop === each).length, 1, `${each} is stopped once`);
}

function streamsHold({ call, effects }: ToldCall): void {
  for (const { id, at, streams: ofIt } of Object.values(call?.connections ?? {})) {
    for (const kind of ['audio', 'transcript'] as const) {
      const stream = ofIt?.[kind];
      if (!stream) continue;
      const of = (effect: 'open-stream' | 'close-stream'): number =>
        effects.filter(
          (e) =>
            e.effect === effect &&
            e.connectionId === id &&
            ('kind' in e ? e.kind : 'stream' in e ? e.stream.settings.kind : '') === kind,
        ).length;
      const open = stream.state === 'inactive' || stream.state === 'closing' ? 0 : 1;
      assert.equal(of('open-stream') - of('close-stream'), open, `${kind} is opened and closed in turn`);
      if (at.phase === 'ended') assert.ok(!isOn(stream), `${kind} ends with its connection`);
    }
  }
}

export function mediaHoldsTogether(call: ToldCall): void {
  operationsHold(call);
  recordingHolds(call);
  streamsHold(call);
  const { facts } = call;
  const leg = ({ legId }: { legId: string }): string => legId;
  const continuous = [
    ...keysOf(facts, 'continuous-stopped', leg),
    ...Object.keys(call.call?.continuous ?? {}),
  ];
  assert.deepEqual(continuous.sort(), [...keysOf(facts, 'continuous-started', leg)].sort());
  for (const legId of Object.keys(call.call?.continuous ?? {}))
    assert.notEqual(call.call?.legs[legId]?.at.phase, 'ended', 'keys of nobody are not waited for');
  if (call.call?.end) {
    assert.deepEqual([call.call.operations, call.call.recording, call.call.continuous], [[], undefined, {}]);
  }
}
