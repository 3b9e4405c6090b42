import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recording, RecordingEvent } from '../media/recording.ts';
import type { CallbackEvent } from './events.ts';
import { connection, create, ToldCall, target } from './told-call.fixture.ts';

class RecordedCall extends ToldCall {
  static up(...legs: readonly string[]): RecordedCall {
    const call = new RecordedCall();
    call.tell(create(target('leg'), ...legs.map((leg) => target(leg, undefined, '+15005552001'))));
    for (const leg of ['leg', ...legs]) call.answered(leg);
    return call;
  }

  record(changes: Partial<Recording> = {}): this {
    return this.tell({
      input: 'start-recording',
      recording: {
        id: 'rec',
        resourceId: 'res',
        connectionId: 'app',
        settings: {
          content: 'audio',
          channels: 'mixed',
          format: 'wav',
          channelOf: [],
          storage: { kind: 'here' },
        },
        apiVersion: '2026-03-12',
        pauseOnStart: false,
        ...changes,
      },
    });
  }

  change(change: 'pause' | 'resume' | 'stop', recordingId = 'rec'): this {
    return this.tell({ input: 'change-recording', recordingId, change });
  }

  media(event: RecordingEvent): this {
    return this.tell({ input: 'media', event: { kind: 'recording', callId: 'call', event } });
  }

  is(now: 'active' | 'paused'): this {
    return this.media({ recordingId: 'rec', now });
  }

  /** Whether it is active, as told event by event. */
  states(): readonly (boolean | undefined)[] {
    return this.events('RecordingStateChanged').map(({ recording }) => recording?.active);
  }

  events(type: CallbackEvent['type']): readonly CallbackEvent[] {
    return this.effects.flatMap((e) => (e.effect === 'callback' && e.event.type === type ? [e.event] : []));
  }

  asked(): readonly string[] {
    return this.effects.flatMap((e) => (e.effect === 'change-recording' ? [e.change] : []));
  }
}

test('a recording is active once the media process says so, is paused, goes on and stops', () => {
  const call = RecordedCall.up().record();
  assert.ok(call.did('start-recording'));
  assert.deepEqual(call.states(), []);
  call.is('active').change('pause').is('paused').change('resume').is('active').change('stop');
  assert.deepEqual(call.states(), [true, false, true]);
  call.media({ recordingId: 'rec', now: 'stopped', durationMs: 1000, channels: [] });
  assert.deepEqual(call.states(), [true, false, true, false]);
  assert.deepEqual(call.asked(), ['pause', 'resume', 'stop']);
  assert.equal(call.call?.recording, undefined);
  assert.equal(call.effects.filter((e) => e.effect === 'keep-recording').length, 1);
});

test('a recording that is to begin paused is told to be inactive', () => {
  const call = RecordedCall.up().record({ pauseOnStart: true }).is('paused');
  assert.deepEqual(call.states(), [false]);
  assert.equal(call.change('resume').is('active').refused, undefined);
});

test('late news do not take back a stop', () => {
  const call = RecordedCall.up().record().is('active').change('stop').is('active').is('paused');
  assert.equal(call.call?.recording?.state, 'stopping');
  assert.deepEqual(call.states(), [true]);
});

test('a change is refused while another is under way, and one that makes no sense', () => {
  const call = RecordedCall.up().record();
  for (const change of ['pause', 'resume', 'stop'] as const)
    assert.equal(call.change(change).refused?.situation, 'recording-operations-collide@request');
  assert.equal(call.is('active').change('resume').refused?.situation, 'recording-cannot-change@request');
  call.change('pause').is('paused');
  assert.equal(call.change('pause').refused?.situation, 'recording-cannot-change@request');
  assert.equal(call.change('stop', 'another').refused?.situation, 'call-not-found@request');
});

test('a second recording is refused at once to whoever has one, and by an event to another application', () => {
  const call = RecordedCall.up().record().is('active').record({ id: 'two' });
  assert.equal(call.refused?.situation, 'already-recording@request');
  call.tell({ input: 'connect', connection: { ...connection('guest', 'callee'), role: 'guest' } });
  call.record({ id: 'three', connectionId: 'guest' });
  assert.equal(call.refused, undefined);
  const [failed] = call.events('StartRecordingFailed');
  assert.equal(failed?.outcome?.situation, 'duplicate-recording@media');
  assert.deepEqual([failed?.recording?.id, call.call?.recording?.id], ['three', 'rec']);
});

test('a call that is not answered, or over, is not recorded', () => {
  const call = new RecordedCall();
  call.tell(create(target('leg')));
  assert.equal(call.record().refused?.situation, 'not-connected@request');
  call.answered('leg').ended('leg', { how: 'hung-up' });
  assert.equal(call.record().refused?.situation, 'call-terminated@request');
});

test('a recording ends with the call, before the call is told to be over', () => {
  const call = RecordedCall.up().record().is('active').ended('leg', { how: 'hung-up' });
  assert.deepEqual(call.callbacks().slice(-2), ['RecordingStateChanged', 'CallDisconnected']);
  assert.deepEqual(call.asked(), ['stop']);
  assert.equal(call.effects.filter((e) => e.effect === 'keep-recording').length, 1);
});

test('what fails to begin is told as such, and what fails later is inactive', () => {
  const never = RecordedCall.up().record().media({ recordingId: 'rec', now: 'failed', why: 'disk full' });
  assert.equal(never.events('StartRecordingFailed').length, 1);
  assert.deepEqual(never.states(), []);
  const later = RecordedCall.up().record().is('active');
  later.media({ recordingId: 'rec', now: 'failed', why: 'disk full' });
  assert.deepEqual(later.states(), [true, false]);
});

test('the events of a recording whose application has left go to another of its resource', () => {
  const call = RecordedCall.up('other');
  call.tell({ input: 'connect', connection: { ...connection('guest', 'callee'), role: 'guest' } });
  call.record({ connectionId: 'guest' }).is('active').tell({ input: 'hang-up', connectionId: 'guest' });
  assert.equal(call.call?.end, undefined);
  call.change('pause').is('paused');
  assert.equal(call.callbacks('app').at(-1), 'RecordingStateChanged');
  assert.equal(call.callbacks('guest').at(-1), 'CallDisconnected');
});

test('once all have left, only an address of the recording’s own is told', () => {
  const left = (changes: Partial<Recording>): readonly string[] => {
    const call = RecordedCall.up('other').record(changes).is('active');
    call.tell({ input: 'hang-up', connectionId: 'app' });
    assert.equal(call.call?.end, undefined);
    call.ended('leg', { how: 'hung-up' });
    assert.ok(call.call?.end);
    return call.callbacks().slice(-1);
  };
  assert.deepEqual(left({}), ['CallDisconnected']);
  assert.deepEqual(left({ callbackUri: 'https://app.example/recordings' }), ['RecordingStateChanged']);
});
