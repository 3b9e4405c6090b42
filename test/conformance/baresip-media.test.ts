/** What baresip, a foreign phone, hears, presses and says: prompts, keys and recordings, compared sample by sample. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { DtmfTone } from '@azure/communication-call-automation';
import { readWav, samplesOf } from '../../src/wire/wav/wav.ts';
import { phone, resultOf } from '../peers/application.ts';
import { baresipMissing } from '../peers/baresip.ts';
import { BaresipStage, number } from '../peers/baresip-stage.ts';
import { PromptServer } from '../peers/prompt-server.ts';
import { RecordingFiles } from '../peers/recording-files.ts';
import { bestNarrowMatch, narrow, sweep, wav, wide } from '../peers/sound.ts';

const skip = baresipMissing();
const them = phone(number);
/** What may be lost to G.711 and to the phone's buffer. */
const alike = 0.9;

const rising = sweep(300, 2400, 1);
const falling = sweep(2600, 400, 1);
const own = sweep(500, 1800, 1);
const leadIn = 0.8 * wide;

function read(bytes: Buffer): { readonly rate: number; readonly samples: Int16Array } {
  const found = readWav(bytes);
  assert.ok('data' in found, JSON.stringify(found));
  assert.equal(found.channels, 1);
  return { rate: found.sampleRate, samples: samplesOf(found.data) };
}

describe('baresip', { skip, timeout: 90_000 }, () => {
  let prompts: PromptServer;
  let stage: BaresipStage;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ringback-baresip-media-'));
    prompts = await PromptServer.open({
      'rising.wav': wav(rising),
      'falling.wav': wav(falling),
      'silence.wav': wav(new Int16Array(0.5 * wide)),
    });
    stage = await BaresipStage.open({ transport: 'udp' });
  });
  afterEach(() => stage.putDown());
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await prompts[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const mediaOf = (id: string) => stage.app.client.getCallConnection(id).getCallMedia();

  test('records the prompts that it was played, each whole and in their order', async () => {
    await stage.pickUp('auto', { recordings: folder });
    const id = await stage.connected();
    await stage.until(id, /first packet/);
    // What is still in its buffer when it hangs up is not recorded: silence comes last.
    await mediaOf(id).playToAll(
      ['rising.wav', 'falling.wav', 'silence.wav'].map((name) => prompts.file(name)),
    );
    assert.deepEqual(resultOf(await stage.app.next('PlayCompleted', id)), [200, 0]);
    await stage.far.do('hangup');
    await stage.far.next('CALL_CLOSED');
    await stage.putDown();
    const [name] = readdirSync(folder).filter((file) => file.endsWith('-dec.wav'));
    assert.ok(name, `baresip recorded nothing: ${readdirSync(folder)}`);
    const { rate, samples } = read(readFileSync(join(folder, name)));
    assert.equal(rate, narrow);
    const [first, second] = [rising, falling].map((prompt) => bestNarrowMatch(samples, prompt));
    assert.ok(first!.correlation > alike, `the first prompt correlates by ${first!.correlation}`);
    assert.ok(second!.correlation > alike, `the second prompt correlates by ${second!.correlation}`);
    const apart = second!.at - first!.at;
    assert.ok(
      Math.abs(apart - narrow) < 0.1 * narrow,
      `the second begins ${apart / narrow} s after the first`,
    );
  });

  test('presses what a recognise waits for', async () => {
    await stage.pickUp('auto');
    const id = await stage.connected();
    await stage.until(id, /first packet/);
    await mediaOf(id).startRecognizing(them, {
      kind: 'callMediaRecognizeDtmfOptions',
      maxTonesToCollect: 3,
      playPrompt: prompts.file('rising.wav'),
      interruptPrompt: true,
    });
    for (const [index, key] of ['4', '*', '2'].entries()) {
      await stage.far.do('sndcode', key);
      await stage.until(id, /^key /, index + 1);
    }
    const done = await stage.app.next('RecognizeCompleted', id);
    assert.deepEqual(resultOf(done), [200, 8531]);
    assert.deepEqual(done.dtmfResult?.tones, ['four', 'asterisk', 'two']);
    await stage.far.do('hangup');
  });

  test('reports the keys that it was sent, in order and each once', async () => {
    await stage.pickUp('auto');
    const id = await stage.connected();
    await stage.until(id, /first packet/);
    const tones = ['one', 'one', 'nine', 'pound', 'asterisk', 'zero'] as unknown as DtmfTone[];
    await mediaOf(id).sendDtmfTones(tones, them);
    assert.deepEqual(resultOf(await stage.app.next('SendDtmfTonesCompleted', id)), [200, 0]);
    const reported: (string | undefined)[] = [];
    for (const _ of tones) reported.push((await stage.far.next('CALL_DTMF_START')).param);
    assert.deepEqual(reported, ['1', '1', '9', '#', '*', '0']);
    await stage.far.do('hangup');
  });

  test('says a file, which stands in the recording of the call', async () => {
    await using files = await RecordingFiles.open(stage.server);
    const says = join(folder, 'own.wav');
    // It begins as soon as the call is up, the recording a moment later; at its end baresip hangs up.
    const all = new Int16Array(4 * wide);
    all.set(own, leadIn);
    writeFileSync(
      says,
      wav(
        all.filter((_, i) => i % 2 === 0),
        narrow,
      ),
    );
    await stage.pickUp('auto', { says });
    const id = await stage.create();
    const { serverCallId } = await stage.app.next('CallConnected', id);
    const recordings = stage.app.client.getCallRecording();
    const { recordingId } = await recordings.start({
      callLocator: { kind: 'serverCallLocator', id: serverCallId },
      recordingContent: 'audio',
      recordingFormat: 'wav',
      recordingChannel: 'mixed',
    });
    assert.equal((await stage.app.next('RecordingStateChanged')).state, 'active');
    // Played for as long as what it says lasts, so that nobody has to watch the time.
    await mediaOf(id).playToAll(Array.from({ length: 5 }, () => prompts.file('silence.wav')));
    await stage.app.next('PlayCompleted', id);
    await recordings.stop(recordingId);
    const recorded = await files.samples(recordingId);
    const { correlation } = bestNarrowMatch(
      recorded.filter((_, i) => i % 2 === 0),
      own,
    );
    assert.ok(correlation > alike, `the recording correlates by ${correlation} with what baresip said`);
    await stage.far.do('hangup');
  });
});
