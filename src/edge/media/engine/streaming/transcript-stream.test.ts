import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TranscriptionData, TranscriptionMetadata } from '@azure/communication-call-automation';
import type { TranscriptStreamSettings } from '../../../../domain/media/stream.ts';
import { samplesOf } from '../../../../wire/wav/wav.ts';
import { FolderBlobs } from '../../../blobs/folder-blobs.ts';
import type { Question, Words } from '../../messages.ts';
import { until } from '../../phone.fixture.ts';
import { type Talker, tone } from '../audio/talker.fixture.ts';
import { CallStage, type Connected, StreamApplication } from './streaming.fixture.ts';

type Utterance = Extract<Question, { about: 'words' }> & { readonly ms: number };

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-transcripts-'));
});
after(() => rm(folder, { recursive: true }));

const settings = (
  url: string,
  changes: Partial<TranscriptStreamSettings> = {},
): TranscriptStreamSettings => ({
  kind: 'transcript',
  url,
  locale: 'en-US',
  intermediate: false,
  ...changes,
});

/** A call that is transcribed by somebody who understands `answer`. */
async function transcribed(
  legs: readonly string[],
  answer: (utterance: Utterance, count: number) => Words | Promise<Words>,
  changes: Partial<TranscriptStreamSettings> = {},
) {
  const application = await StreamApplication.open();
  const blobs = new FolderBlobs(folder);
  const utterances: Utterance[] = [];
  const stage = new CallStage({
    blobs,
    answer: async (question) => {
      if (question.about === 'where')
        return { addresses: ['127.0.0.1'], authorization: 'Bearer token', roots: [] };
      const bytes = await blobs.get(question.utterance);
      await blobs.remove(question.utterance);
      utterances.push({ ...question, ms: samplesOf(bytes ?? new Uint8Array()).length / 16 });
      return answer(utterances.at(-1)!, utterances.length);
    },
  });
  const voices = legs.map((legId) => stage.join(legId));
  stage.open(settings(application.url(), changes));
  const connected = await application.connection();
  await stage.event(0);
  return {
    stage,
    voices,
    voice: voices[0]!,
    connected,
    utterances,
    application,
    async [Symbol.asyncDispose]() {
      stage[Symbol.dispose]();
      await application[Symbol.asyncDispose]();
    },
  };
}

/** Somebody speaks for so long, and is quiet for a second. */
function speak(stage: CallStage, voice: Talker, ms: number): void {
  voice.says = tone(300);
  stage.frames(ms / 20);
  voice.says = () => undefined;
  stage.frames(50);
}

const results = (connected: Connected): readonly TranscriptionData[] => connected.frames('TranscriptionData');

const result = (connected: Connected, index: number): Promise<TranscriptionData> =>
  until(
    () => results(connected)[index],
    () => `${results(connected).length} results came`,
  );

const words = (text: string): Words => ({ heard: 'words', text });

describe('an application that reads along', () => {
  test('is told of which call, and then what was said, by whom, when and for how long', async () => {
    await using call = await transcribed(['+15550000001'], () => ({
      heard: 'words',
      text: 'hello there',
      confidence: 0.75,
    }));
    const { stage, voice, connected, utterances } = call;
    stage.frames(100);
    speak(stage, voice, 1000);
    const said = await result(connected, 0);
    assert.deepEqual(connected.frames<TranscriptionMetadata>('TranscriptionMetadata'), [
      {
        subscriptionId: 'subscription',
        locale: 'en-US',
        callConnectionId: 'connection',
        correlationId: 'correlation',
        speechRecognitionModelEndpointId: null,
      },
    ]);
    assert.deepEqual(
      [said.text, said.confidence, said.resultState, said.words.map(({ text }) => text)],
      ['hello there', 0.75, 'Final', ['hello', 'there']],
    );
    assert.ok('phoneNumber' in said.participant && said.participant.phoneNumber === '+15550000001');
    // Speech from 2 s to 3 s, and up to 360 ms of what surrounds it.
    assert.ok(said.offsetInTicks <= 20_000_000 && said.offsetInTicks >= 16_000_000, `${said.offsetInTicks}`);
    const end = said.offsetInTicks + said.durationInTicks;
    assert.ok(end >= 30_000_000 && end <= 33_500_000, `${end}`);
    assert.equal(utterances[0]?.ms, said.durationInTicks / 10_000);
    assert.deepEqual(utterances[0]?.speechEndpoint, 'https://speech.example');
    assert.deepEqual(await readdir(folder), []);
  });

  test('reads each of two who talk at once, in the order of each', async () => {
    const answers = Promise.withResolvers<void>();
    await using call = await transcribed(['one', 'two'], async (_, count) => {
      // The first answer is the last to come.
      if (count === 1) await answers.promise;
      if (count === 3) answers.resolve();
      return words(`utterance ${count}`);
    });
    const { stage, voices, connected } = call;
    for (const voice of voices) voice.says = tone(300);
    stage.frames(50);
    for (const voice of voices) voice.says = () => undefined;
    stage.frames(50);
    speak(stage, voices[1]!, 600);
    speak(stage, voices[0]!, 600);
    await result(connected, 3);
    for (const rawId of ['4:one', '4:two']) {
      const offsets = connected.texts
        .map((text) => JSON.parse(text).transcriptionData)
        .filter((data) => data?.participantRawID === rawId)
        .map(({ offset }) => offset);
      assert.equal(offsets.length, 2);
      assert.ok(offsets[0] < offsets[1]);
    }
  });

  test('is told nothing where nothing is said or understood, or nobody may hear it', async () => {
    await using call = await transcribed(['one', 'muted'], () => ({ heard: 'nothing' }));
    const { stage, voices, connected, utterances } = call;
    stage.rooms.part('call', 'muted', { muted: true, held: false });
    speak(stage, voices[1]!, 1000);
    assert.equal(utterances.length, 0);
    speak(stage, voices[0]!, 1000);
    await until(
      () => utterances.length === 1,
      () => `${utterances.length} utterances`,
    );
    stage.close('transcript');
    await connected.closed;
    assert.deepEqual(results(connected), []);
  });

  test('is told what is understood so far where it asked for that, and what it was in the end', async () => {
    await using call = await transcribed(['one'], ({ ms }) => words(`${Math.round(ms / 1000)} s`), {
      intermediate: true,
    });
    const { stage, voice, connected, utterances } = call;
    voice.says = tone(300);
    for (let second = 1; second <= 3; second++) {
      stage.frames(50);
      if (second > 1) await result(connected, second - 2);
    }
    voice.says = () => undefined;
    stage.frames(50);
    await until(
      () => results(connected).some(({ resultState }) => resultState === 'Final'),
      () => `${utterances.length} utterances`,
    );
    const told = results(connected).map(({ resultState, text }) => `${resultState} ${text}`);
    assert.deepEqual(told.at(-1), 'Final 3 s');
    assert.deepEqual(new Set(told.slice(0, -1).map((text) => text.split(' ')[0])), new Set(['Intermediate']));
    assert.ok(told.length >= 3, told.join());
  });

  test('does not get more questions about what was said so far than answers', async () => {
    const pending: ((said: Words) => void)[] = [];
    await using call = await transcribed(['one'], () => new Promise((resolve) => pending.push(resolve)), {
      intermediate: true,
    });
    const { stage, voice, connected } = call;
    voice.says = tone(300);
    await stage.playUntil(
      () => pending.length === 1,
      () => 'nothing was asked',
    );
    stage.frames(300);
    assert.equal(call.utterances.length, 1);
    voice.says = () => undefined;
    stage.frames(50);
    await until(
      () => pending.length === 2,
      () => 'the whole was not asked for',
    );
    // Too late: the whole of it is being written down.
    pending[0]?.(words('late'));
    pending[1]?.(words('whole'));
    assert.equal((await result(connected, 0)).text, 'whole');
  });

  test('reads the last words of somebody who leaves', async () => {
    await using call = await transcribed(['one', 'two'], () => words('good bye'));
    const { stage, voice, connected } = call;
    voice.says = tone(300);
    stage.frames(50);
    stage.rooms.leave('call', 'one', false);
    stage.frames(1);
    assert.equal((await result(connected, 0)).text, 'good bye');
  });

  test('may change the language: it holds from the next utterance on', async () => {
    await using call = await transcribed(['one'], ({ locale }) => words(locale));
    const { stage, voice, connected } = call;
    speak(stage, voice, 600);
    await result(connected, 0);
    const request = stage.request(settings(call.application.url(), { locale: 'de-DE' }));
    stage.rooms.handle({ kind: 'update-stream', seq: 0, ...request });
    speak(stage, voice, 600);
    await result(connected, 1);
    assert.deepEqual(
      results(connected).map(({ text }) => text),
      ['en-US', 'de-DE'],
    );
    assert.deepEqual(stage.told, ['open', 'updated']);
  });

  test('is let go when the speech service fails, and told that it is not its fault', async () => {
    await using call = await transcribed(['one'], () => ({
      fault: 'speech-unreachable',
      why: 'no connection to the speech service',
    }));
    const { stage, voice, connected } = call;
    speak(stage, voice, 600);
    const { code, reason } = await connected.closed;
    assert.deepEqual([code, reason], [1011, 'no connection to the speech service']);
    assert.deepEqual(stage.told, ['open', 'failed speech-unreachable']);
    stage.rooms.leave('call', 'one', true);
    assert.equal(stage.rooms.size, 0);
  });

  test('is let go when the speech service falls behind', async () => {
    await using call = await transcribed(['one'], () => new Promise<Words>(() => {}));
    const { stage, voice } = call;
    for (let utterance = 0; utterance < 9; utterance++) speak(stage, voice, 400);
    await stage.event(1);
    assert.deepEqual(stage.told, ['open', 'failed timed-out']);
  });

  test('who talks on is written down in pieces', async () => {
    await using call = await transcribed(['one'], () => words('piece'));
    const { stage, voice, connected } = call;
    voice.says = tone(300);
    stage.frames(65 * 50);
    const pieces = [await result(connected, 0), await result(connected, 1)];
    assert.ok(pieces.every(({ durationInTicks }) => Math.abs(durationInTicks - 300_000_000) < 5_000_000));
  });
});

describe('a transcription that cannot be made', () => {
  test('has failed before anything is connected', async () => {
    await using application = await StreamApplication.open();
    using stage = new CallStage();
    stage.join('one');
    stage.open(settings(application.url()));
    const { speechEndpoint: _, ...request } = stage.request(settings(application.url()));
    stage.rooms.handle({ kind: 'open-stream', seq: 0, ...request });
    assert.deepEqual(stage.told, ['failed internal', 'failed speech-unreachable']);
    assert.equal(application.openSockets, 0);
  });
});
