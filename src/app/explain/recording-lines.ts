/** The lines that facts of recordings and streams become. */
import type { FactKind, FactOf } from '../../domain/call/facts.ts';
import type { StreamKind } from '../../domain/media/stream.ts';
import { ending, type Memory, state, type Told } from './fact-words.ts';

type Lines<Kind extends FactKind> = {
  readonly [K in Kind]: (fact: FactOf<K>, memory: Memory) => Told | undefined;
};

export const recordingLines: Lines<Extract<FactKind, `recording-${string}`>> = {
  'recording-started': ({ recording: { id, settings } }) => ({
    ...state(`recording ${id} is asked for (${settings.channels} ${settings.content}, ${settings.format})`),
    detail: { recording: id },
  }),
  'recording-refused': ({ recording, outcome }) => ({
    ...state(`recording ${recording.id} is not made: ${ending(outcome)}`),
    row: outcome.row,
    detail: { recording: recording.id },
  }),
  'recording-changing': ({ recordingId, state: now }) => ({
    ...state(`recording ${recordingId} is ${now}`),
    detail: { recording: recordingId },
  }),
  'recording-changed': ({ recordingId, state: now }) => ({
    ...state(`recording ${recordingId} is ${now}`),
    detail: { recording: recordingId },
  }),
  'recording-ended': ({ recording, outcome }) => ({
    ...state(`recording ${recording.id} is over${outcome ? `: ${ending(outcome)}` : ''}`),
    ...(outcome ? { row: outcome.row } : {}),
    detail: { recording: recording.id },
  }),
};

const names: Readonly<Record<StreamKind, string>> = {
  audio: 'media streaming',
  transcript: 'transcription',
};

const stream =
  (words: string) =>
  ({ kind, connectionId }: { kind: StreamKind; connectionId: string }): Told => ({
    kind: 'media',
    text: `${names[kind]} ${words}`,
    detail: { connection: connectionId },
  });

export const streamLines: Lines<Extract<FactKind, `stream-${string}`>> = {
  'stream-opening': stream('is being connected'),
  'stream-opened': stream('is on'),
  'stream-interrupted': (fact) => stream(`is interrupted (${fact.why}) and connected again`)(fact),
  'stream-restored': stream('is on again'),
  'stream-updating': stream('is being changed'),
  'stream-updated': stream('is changed'),
  'stream-closing': stream('is being stopped'),
  'stream-closed': stream('is over'),
  'stream-failed': ({ kind, connectionId, outcome }) => ({
    ...state(`${names[kind]} failed: ${ending(outcome)}`),
    row: outcome.row,
    detail: { connection: connectionId },
  }),
};
