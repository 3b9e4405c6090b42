/** Media streaming and transcription: what applications ask for, what the media process tells. */
import { isOn, type Stream, type StreamEvent, type StreamKind, type StreamStatus } from '../media/stream.ts';
import type { Connection } from './call.ts';
import { refuseMedia, refuseWithoutPhones } from './decide-operation.ts';
import type { Draft } from './draft.ts';
import type { Input } from './inputs.ts';
import { type Outcome, outcome } from './outcome.ts';

type Of<K extends Input['input']> = Extract<Input, { input: K }>;

const names: Readonly<Record<StreamKind, string>> = {
  audio: 'media streaming',
  transcript: 'transcription',
};
const options: Readonly<Record<StreamKind, string>> = {
  audio: 'mediaStreamingOptions',
  transcript: 'transcriptionOptions',
};

export function decideStream(draft: Draft, input: Of<'stream'>): Outcome | undefined {
  const { call, at } = draft;
  const { connectionId, kind, ask } = input;
  const connection = call.connections[connectionId];
  if (!connection) return outcome('call-not-found@request', at);
  const refused = refuseMedia(call, connection, at);
  if (refused) return refused;
  const stream = connection.streams?.[kind];
  if (!stream) {
    const detail = `the call was created or answered without ${options[kind]}`;
    return outcome('streaming-not-set-up@request', at, { detail });
  }
  const on = isOn(stream);
  if (ask === 'start' ? on : !on) {
    const detail = `${names[kind]} is ${stream.state}`;
    return outcome('already-in-mode@request', at, { detail });
  }
  if (input.cannotSpeak) {
    const { because, detail } = input.cannotSpeak;
    return outcome(`${because}@request`, at, { detail });
  }
  const { operationContext, callbackUri, locale, speechModel } = input;
  const about = {
    ...(operationContext === undefined ? {} : { operationContext }),
    ...(callbackUri === undefined ? {} : { callbackUri }),
  };
  if (ask === 'start') {
    const silent = refuseWithoutPhones(call, at);
    if (silent) return silent;
    draft.add({
      fact: 'stream-opening',
      connectionId,
      kind,
      about,
      ...(locale === undefined ? {} : { locale }),
      ...(speechModel === undefined ? {} : { speechModel }),
    });
  } else if (ask === 'update') {
    if (locale !== undefined || speechModel !== undefined) {
      draft.add({
        fact: 'stream-updating',
        connectionId,
        kind,
        about,
        ...(locale === undefined ? {} : { locale }),
        ...(speechModel === undefined ? {} : { speechModel }),
      });
    }
  } else if (stream.state === 'opening') {
    const detail = `it was stopped before ${stream.settings.url} was connected`;
    const situation = kind === 'audio' ? 'streaming-cancelled@media' : 'transcription-cancelled@media';
    fail(draft, connection, kind, outcome(situation, at, { detail }), 'subscription-stopped');
  } else draft.add({ fact: 'stream-closing', connectionId, kind, about });
  return undefined;
}

function fail(
  draft: Draft,
  { id }: Connection,
  kind: StreamKind,
  because: Outcome,
  status: StreamStatus,
): void {
  draft.add({ fact: 'stream-failed', connectionId: id, kind, outcome: because, status });
}

/** Those that were to start with the call. */
export function openStreams(draft: Draft, connection: Connection): void {
  for (const kind of ['audio', 'transcript'] as const) {
    const stream = connection.streams?.[kind];
    if (stream?.onConnect)
      draft.add({ fact: 'stream-opening', connectionId: connection.id, kind, about: {} });
  }
}

/** The connection ends; `stopping`: because this server does. */
export function closeStreams(draft: Draft, connection: Connection, stopping: boolean): void {
  for (const kind of ['audio', 'transcript'] as const) {
    const stream = connection.streams?.[kind];
    if (!stream || !isOn(stream)) continue;
    if (stopping && kind === 'transcript') {
      fail(draft, connection, kind, outcome('transcription-shut-down@media', draft.at), 'service-shutdown');
    } else draft.add({ fact: 'stream-closed', connectionId: connection.id, kind });
  }
}

export function streamTold(draft: Draft, event: StreamEvent): void {
  const connection = draft.call.connections[event.connectionId];
  const kind = event.stream;
  const stream: Stream | undefined = connection?.streams?.[kind];
  if (!connection || !stream || stream.state === 'inactive') return;
  const { id: connectionId } = connection;
  switch (event.now) {
    case 'open':
      if (stream.state === 'opening') draft.add({ fact: 'stream-opened', connectionId, kind });
      return;
    case 'interrupted':
      if (stream.state === 'active')
        draft.add({ fact: 'stream-interrupted', connectionId, kind, why: event.why });
      return;
    case 'restored':
      if (stream.state === 'interrupted') draft.add({ fact: 'stream-restored', connectionId, kind });
      return;
    case 'updated':
      draft.add({ fact: 'stream-updated', connectionId, kind });
      return;
    case 'closed':
      draft.add({ fact: 'stream-closed', connectionId, kind });
      return;
    case 'failed': {
      // However it ends, it ends as it was asked to.
      if (stream.state === 'closing') {
        draft.add({ fact: 'stream-closed', connectionId, kind });
        return;
      }
      const situation = kind === 'audio' ? 'streaming-failed@media' : 'transcription-failed@media';
      const because = outcome(situation, draft.at, { detail: event.why });
      fail(draft, connection, kind, because, event.fault);
    }
  }
}
