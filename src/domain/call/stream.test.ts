import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamEvent, StreamKind } from '../media/stream.ts';
import type { Streams } from './call.ts';
import { connection, create, ToldCall, target } from './told-call.fixture.ts';

type News = StreamEvent extends infer E
  ? E extends StreamEvent
    ? Omit<E, 'connectionId' | 'stream'>
    : never
  : never;

const streams = (onConnect: boolean): Streams => ({
  audio: {
    id: 'audio',
    settings: {
      kind: 'audio',
      url: 'wss://bot.example/',
      channels: 'mixed',
      rate: 16000,
      bidirectional: false,
      dtmf: false,
    },
    onConnect,
    state: 'inactive',
  },
  transcript: {
    id: 'transcript',
    settings: { kind: 'transcript', url: 'wss://bot.example/', locale: 'en-US', intermediate: false },
    onConnect,
    state: 'inactive',
  },
});

class StreamedCall extends ToldCall {
  static up(onConnect = false, withStreams = true): StreamedCall {
    const call = new StreamedCall();
    const input = create(target('leg'));
    assert.ok(input.input === 'create');
    const more = withStreams ? { streams: streams(onConnect) } : {};
    call.tell({ ...input, connection: { ...connection('app', 'caller'), ...more } });
    call.answered('leg');
    return call;
  }

  ask(ask: 'start' | 'stop' | 'update', kind: StreamKind = 'audio', more: object = {}): this {
    return this.tell({ input: 'stream', connectionId: 'app', kind, ask, ...more });
  }

  news(event: News, stream: StreamKind = 'audio'): this {
    const told = { connectionId: 'app', stream, ...event } as StreamEvent;
    return this.tell({ input: 'media', event: { kind: 'stream', callId: 'call', event: told } });
  }

  state(kind: StreamKind = 'audio'): string | undefined {
    return this.call?.connections.app?.streams?.[kind]?.state;
  }

  told(): readonly string[] {
    return this.callbacks().filter((type) => /^(MediaStreaming|Transcription)/.test(type));
  }

  asked(): readonly string[] {
    return this.effects.flatMap((e) => (/-stream$/.test(e.effect) ? [e.effect] : []));
  }
}

test('a stream starts when it is asked to, is told to be on once it is, and stops', () => {
  const call = StreamedCall.up().ask('start', 'audio', { operationContext: 'mine' });
  assert.deepEqual([call.state(), call.told()], ['opening', []]);
  call.news({ now: 'open' });
  const [started] = call.effects.flatMap((e) =>
    e.effect === 'callback' && e.event.type === 'MediaStreamingStarted' ? [e.event] : [],
  );
  assert.equal(started?.operationContext, 'mine');
  call.ask('stop').news({ now: 'closed' });
  assert.deepEqual(call.told(), ['MediaStreamingStarted', 'MediaStreamingStopped']);
  assert.deepEqual(call.asked(), ['open-stream', 'close-stream']);
  assert.equal(call.ask('start').state(), 'opening');
});

test('that it is open is told once, and not while it is being closed', () => {
  const call = StreamedCall.up().ask('start').news({ now: 'open' }).news({ now: 'open' });
  call.ask('stop').news({ now: 'open' });
  assert.deepEqual([call.state(), call.told()], ['closing', ['MediaStreamingStarted']]);
});

test('those that are to start with the call do', () => {
  const call = StreamedCall.up(true);
  assert.deepEqual([call.state('audio'), call.state('transcript')], ['opening', 'opening']);
  assert.deepEqual(StreamedCall.up(false).asked(), []);
});

test('starting what is on and stopping what is off are refused, and so is what was not set up', () => {
  const call = StreamedCall.up();
  assert.equal(call.ask('stop').refused?.situation, 'already-in-mode@request');
  assert.equal(call.ask('update', 'transcript').refused?.situation, 'already-in-mode@request');
  assert.equal(call.ask('start').ask('start').refused?.situation, 'already-in-mode@request');
  const without = StreamedCall.up(false, false).ask('start');
  assert.equal(without.refused?.situation, 'streaming-not-set-up@request');
});

test('one that is stopped before it is open fails, and what comes of it later is not told', () => {
  const call = StreamedCall.up().ask('start').ask('stop').news({ now: 'open' });
  assert.deepEqual([call.state(), call.told()], ['inactive', ['MediaStreamingFailed']]);
  assert.deepEqual(call.asked(), ['open-stream', 'close-stream']);
});

test('one that is lost and found again is told to have started again', () => {
  const call = StreamedCall.up()
    .ask('start')
    .news({ now: 'open' })
    .news({ now: 'interrupted', why: 'reset' });
  assert.equal(call.state(), 'interrupted');
  call.news({ now: 'restored' }).news({ now: 'restored' });
  assert.deepEqual(call.told(), ['MediaStreamingStarted', 'MediaStreamingStarted']);
});

test('one that cannot be connected fails, and may be started once more', () => {
  const call = StreamedCall.up()
    .ask('start')
    .news({ now: 'failed', fault: 'handshake-failed', why: 'a 403' });
  assert.deepEqual([call.state(), call.told()], ['inactive', ['MediaStreamingFailed']]);
  assert.equal(call.ask('start').refused, undefined);
});

test('one that breaks while it is being closed has stopped', () => {
  const call = StreamedCall.up().ask('start').news({ now: 'open' }).ask('stop');
  call.news({ now: 'failed', fault: 'lost', why: 'reset' });
  assert.deepEqual(call.told(), ['MediaStreamingStarted', 'MediaStreamingStopped']);
  assert.deepEqual(call.asked(), ['open-stream', 'close-stream']);
});

test('a transcript changes its language while it is on', () => {
  const call = StreamedCall.up().ask('start', 'transcript', { locale: 'fr-FR' });
  call.news({ now: 'open' }, 'transcript').ask('update', 'transcript', { locale: 'de-DE' });
  const settings = call.call?.connections.app?.streams?.transcript?.settings;
  assert.equal(settings?.locale, 'de-DE');
  call.news({ now: 'updated' }, 'transcript');
  assert.deepEqual(call.told(), ['TranscriptionStarted', 'TranscriptionUpdated']);
});

test('streams end with the connection, before it is told to be over', () => {
  const call = StreamedCall.up(true).news({ now: 'open' }).news({ now: 'open' }, 'transcript');
  call.ended('leg', { how: 'hung-up' });
  assert.deepEqual(call.callbacks().slice(-3), [
    'MediaStreamingStopped',
    'TranscriptionStopped',
    'CallDisconnected',
  ]);
  assert.deepEqual(call.asked(), ['open-stream', 'open-stream', 'close-stream', 'close-stream']);
});

test('a transcript that the server’s stop cuts short has failed', () => {
  const call = StreamedCall.up(true).news({ now: 'open' }, 'transcript').tell({ input: 'stopping' });
  assert.deepEqual(call.told().slice(-2), ['MediaStreamingStopped', 'TranscriptionFailed']);
});
