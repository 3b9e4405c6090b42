import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Operation, PromptSource, RecognizeSpec, Tone } from '../media/operation.ts';
import { recognizeSpec } from '../media/recognize.fixture.ts';
import type { CallbackEvent } from './events.ts';
import type { LegEvent } from './leg-events.ts';
import type { OperationEvent } from './operation-events.ts';
import { create, ToldCall, target } from './told-call.fixture.ts';

const file: PromptSource = { kind: 'file', uri: 'https://prompts.example/welcome.wav' };

class MediaCall extends ToldCall {
  static up(...legs: readonly string[]): MediaCall {
    const call = new MediaCall();
    const targets = legs.map((leg, i) => target(leg, undefined, `+1500555200${i}`));
    call.tell(create(...targets));
    for (const leg of legs) call.answered(leg).tell({ input: 'media', event: { kind: 'heard', legId: leg } });
    return call;
  }

  operate(operation: Pick<Operation, 'id' | 'spec'>, interrupt = false): this {
    return this.tell({ input: 'operate', operation: { connectionId: 'app', ...operation }, interrupt });
  }

  play(id: string, to: 'all' | readonly string[] = 'all', loop = false): this {
    return this.operate({ id, spec: { kind: 'play', sources: [file], loop, to } });
  }

  recognize(id: string, spec: Partial<RecognizeSpec> = {}): this {
    return this.operate({ id, spec: recognizeSpec(spec) });
  }

  told(operationId: string, event: WithoutId<OperationEvent>): this {
    return this.tell({ input: 'operation', event: { operationId, ...event } as OperationEvent });
  }

  played(id: string): this {
    return this.told(id, { kind: 'prompts-ready', prompts: ['blob'] })
      .told(id, { kind: 'prompt-began' })
      .told(id, { kind: 'prompt-ended' });
  }

  press(...keys: readonly string[]): this {
    for (const tone of keys)
      this.tell({ input: 'media', event: { kind: 'tone', legId: 'leg', tone, durationMs: 100 } });
    return this;
  }

  phase(id: string): string {
    return this.call?.operations.find((operation) => operation.id === id)?.at.phase ?? 'none';
  }

  events(type: CallbackEvent['type']): readonly CallbackEvent[] {
    return this.effects.flatMap((e) => (e.effect === 'callback' && e.event.type === type ? [e.event] : []));
  }

  last(): readonly [string, string | undefined] {
    const events = this.effects.flatMap((e) => (e.effect === 'callback' ? [e.event] : []));
    const event = events.at(-1);
    return [event?.type ?? 'none', event?.outcome?.row];
  }
}

type WithoutId<T> = T extends T ? Omit<T, 'operationId'> : never;

describe('a play operation', () => {
  it('prepares its sources, is heard and completes', () => {
    const call = MediaCall.up('leg').play('p');
    assert.equal(call.phase('p'), 'preparing');
    call.played('p');
    assert.deepEqual(call.callbacks().slice(-2), ['PlayStarted', 'PlayCompleted']);
    assert.equal(call.phase('p'), 'none');
  });

  it('waits for the one before it in its lane', () => {
    const call = MediaCall.up('leg').play('one').play('two');
    assert.deepEqual([call.phase('one'), call.phase('two')], ['preparing', 'queued']);
    call.played('one');
    assert.equal(call.phase('two'), 'preparing');
  });

  it('that interrupts cancels what runs and what waits', () => {
    const call = MediaCall.up('leg').play('one').play('two');
    call.operate({ id: 'three', spec: { kind: 'play', sources: [file], loop: false, to: 'all' } }, true);
    assert.deepEqual(
      call.events('PlayCanceled').map(({ outcome }) => outcome?.row),
      ['automation/400/8508', 'automation/400/8508'],
    );
    assert.equal(call.phase('three'), 'preparing');
  });

  it('to one participant excludes another to one, and not one to all', () => {
    const call = MediaCall.up('leg', 'other').play('one', ['leg']).play('two', ['other']);
    assert.equal(call.refused?.row, 'automation/412/8583');
    call.play('three');
    assert.equal(call.refused, undefined);
    assert.equal(call.phase('three'), 'preparing');
  });

  it('names the source that could not be heard', () => {
    const call = MediaCall.up('leg').play('p');
    call.told('p', { kind: 'prompt-failed', index: 1, fault: 'wrong-format', why: 'it is an MP3' });
    const [failed] = call.events('PlayFailed');
    assert.equal(failed?.outcome?.row, 'automation/400/8535');
    assert.equal(failed?.failedPlaySourceIndex, 1);
  });

  it('before the answer is refused, and so is one after the end', () => {
    const call = new MediaCall().tell(create(target('leg'))).play('p');
    assert.equal(call.refused?.row, 'automation/400/8585');
    call.answered('leg').ended('leg', { how: 'hung-up' });
    call.play('q');
    assert.equal(call.refused?.row, 'automation/400/8585');
  });

  it('is told to be cancelled before the call is told to be over', () => {
    const call = MediaCall.up('leg').play('p').ended('leg', { how: 'hung-up' });
    assert.deepEqual(call.callbacks().slice(-2), ['PlayCanceled', 'CallDisconnected']);
  });

  it('fails for the shutdown when the server stops', () => {
    const call = MediaCall.up('leg').play('p').tell({ input: 'stopping' });
    assert.equal(call.events('PlayFailed')[0]?.outcome?.row, 'automation/500/8572');
  });
});

describe('a recognise operation', () => {
  it('completes with the number of keys it asked for', () => {
    const call = MediaCall.up('leg').recognize('r').press('1', '2', '3');
    assert.deepEqual(call.last(), ['RecognizeCompleted', 'automation/200/8531']);
    assert.deepEqual(call.events('RecognizeCompleted')[0]?.recognized, {
      type: 'dtmf',
      tones: ['one', 'two', 'three'],
    });
  });

  it('completes at a stop tone, which is not part of the result', () => {
    const call = MediaCall.up('leg').recognize('r').press('7', '#');
    assert.deepEqual(call.last(), ['RecognizeCompleted', 'automation/200/8514']);
    assert.deepEqual(call.events('RecognizeCompleted')[0]?.recognized, { type: 'dtmf', tones: ['seven'] });
  });

  it('fails when nothing is pressed, and when the next key takes too long', () => {
    const silent = MediaCall.up('leg').recognize('r').later(5000);
    assert.deepEqual(silent.last(), ['RecognizeFailed', 'automation/400/8510']);
    const slow = MediaCall.up('leg').recognize('r').later(4000).press('1').later(1999);
    assert.equal(slow.phase('r'), 'listening');
    slow.later(1);
    assert.deepEqual(slow.last(), ['RecognizeFailed', 'automation/400/8532']);
  });

  it('tells a phone that sends no audio from one that is silent', () => {
    const listenedTo = (tell: (call: MediaCall) => void): readonly unknown[] => {
      const call = MediaCall.up('leg');
      tell(call);
      return call.last();
    };
    const silent = { input: 'media', event: { kind: 'silent', legId: 'leg' } } as const;
    const lost = listenedTo((call) => call.tell(silent).recognize('r').later(5000));
    assert.deepEqual(lost, ['RecognizeFailed', 'automation/400/8513']);
    const late = listenedTo((call) => call.recognize('r').later(1000).tell(silent).later(4000));
    assert.deepEqual(late, ['RecognizeFailed', 'automation/400/8510']);
    const inactive = {
      address: '192.0.2.1',
      port: 4000,
      codec: 'PCMU',
      payloadType: 0,
      direction: 'inactive',
    };
    const remote = inactive as Extract<LegEvent, { kind: 'media-changed' }>['remote'];
    const held = listenedTo((call) =>
      call
        .recognize('r')
        .tell({ input: 'trunk', event: { kind: 'media-changed', legId: 'leg', remote } })
        .later(5000),
    );
    assert.deepEqual(held, ['RecognizeFailed', 'automation/400/8513']);
  });

  it('counts keys pressed during a prompt that may not be interrupted once it is over', () => {
    const call = MediaCall.up('leg').recognize('r', { prompts: [file] });
    call.told('r', { kind: 'prompts-ready', prompts: ['blob'] }).press('1', '2', '3');
    assert.equal(call.phase('r'), 'prompting');
    call.told('r', { kind: 'prompt-ended' });
    assert.deepEqual(call.last(), ['RecognizeCompleted', 'automation/200/8531']);
    assert.equal(call.events('PlayStarted').length, 0);
  });

  it('stops the prompt at the first key where that is allowed', () => {
    const call = MediaCall.up('leg').recognize('r', { prompts: [file], interruptPrompt: true });
    call.told('r', { kind: 'prompts-ready', prompts: ['blob'] }).press('1');
    assert.equal(call.did('stop-prompts'), true);
    assert.equal(call.phase('r'), 'listening');
    call.press('2', '3');
    assert.deepEqual(call.last(), ['RecognizeCompleted', 'automation/200/8531']);
  });

  it('takes a choice by key and refuses a key of no choice', () => {
    const choices = [{ label: 'Yes', phrases: ['yes'], tone: 'one' as Tone }];
    const yes = MediaCall.up('leg').recognize('r', { input: 'choices', choices }).press('1');
    assert.deepEqual(yes.last(), ['RecognizeCompleted', 'automation/200/8533']);
    const no = MediaCall.up('leg').recognize('r', { input: 'choices', choices }).press('9');
    assert.deepEqual(no.last(), ['RecognizeFailed', 'automation/500/8534']);
  });

  it('takes a choice by word, whatever its case, and refuses another word', () => {
    const choices = [{ label: 'Confirm', phrases: ['Confirm', 'yes please'] }];
    const said = (text: string): MediaCall =>
      MediaCall.up('leg')
        .recognize('r', { input: 'choices', choices, speech: { locale: 'en-US', endSilenceMs: 800 } })
        .told('r', { kind: 'speech-began' })
        .told('r', { kind: 'utterance', utterance: 'blob' })
        .told('r', { kind: 'understood', speech: { heard: 'words', text, confidence: 0.9 } });
    const yes = said('Yes, please.');
    assert.deepEqual(yes.last(), ['RecognizeCompleted', 'automation/200/8545']);
    assert.deepEqual(said('banana').last(), ['RecognizeFailed', 'automation/400/8547']);
  });

  it('does not give up for silence while somebody speaks', () => {
    const call = MediaCall.up('leg').recognize('r', {
      input: 'speech',
      speech: { locale: 'en-US', endSilenceMs: 800 },
    });
    assert.equal(call.did('listen'), true);
    call.later(4000).told('r', { kind: 'speech-began' }).later(60_000);
    assert.equal(call.phase('r'), 'listening');
    call.told('r', { kind: 'utterance', utterance: 'blob' });
    call.told('r', { kind: 'understood', speech: { heard: 'nothing-understood' } });
    assert.deepEqual(call.last(), ['RecognizeFailed', 'automation/400/8563']);
  });

  it('fails when somebody begins to speak and only silence follows', () => {
    const call = MediaCall.up('leg').recognize('r', {
      input: 'speech',
      speech: { locale: 'en-US', endSilenceMs: 800 },
    });
    call.told('r', { kind: 'speech-began' }).told('r', { kind: 'utterance', utterance: 'blob' });
    call.told('r', { kind: 'understood', speech: { heard: 'silence' } });
    assert.deepEqual(call.last(), ['RecognizeFailed', 'automation/400/8509']);
  });

  it('is cancelled with all others, and with the participant it listens to', () => {
    const all = MediaCall.up('leg').play('p').recognize('r');
    all.tell({ input: 'cancel-operations', connectionId: 'app' });
    assert.deepEqual(all.callbacks().slice(-2), ['PlayCanceled', 'RecognizeCanceled']);
    const left = MediaCall.up('leg', 'other').recognize('r', { lane: 'sub' });
    left.ended('leg', { how: 'hung-up' });
    assert.equal(left.events('RecognizeCanceled').length, 1);
  });
});

describe('keys', () => {
  it('are told one by one while continuous recognition runs, beside a recognise operation', () => {
    const call = MediaCall.up('leg');
    call.tell({ input: 'continuous-tones', connectionId: 'app', legId: 'leg', on: true });
    call.recognize('r').press('1', '2', '3');
    assert.deepEqual(
      call.events('ContinuousDtmfRecognitionToneReceived').map(({ tone, sequenceId }) => [tone, sequenceId]),
      [
        ['one', 1],
        ['two', 2],
        ['three', 3],
      ],
    );
    assert.equal(call.events('RecognizeCompleted').length, 1);
    call.tell({ input: 'continuous-tones', connectionId: 'app', legId: 'leg', on: false });
    assert.equal(call.last()[0], 'ContinuousDtmfRecognitionStopped');
    const before = call.events('ContinuousDtmfRecognitionToneReceived').length;
    call.press('4');
    assert.equal(call.events('ContinuousDtmfRecognitionToneReceived').length, before);
  });

  it('are sent, and that is told once they are', () => {
    const call = MediaCall.up('leg');
    call.operate({ id: 's', spec: { kind: 'send-tones', legId: 'leg', tones: ['one', 'pound'] } });
    const sent = call.effects.find((e) => e.effect === 'send-tones');
    assert.equal(sent?.effect === 'send-tones' && sent.keys, '1#');
    call.told('s', { kind: 'tones-sent' });
    assert.deepEqual(call.last(), ['SendDtmfTonesCompleted', 'automation/200/0']);
  });
});
