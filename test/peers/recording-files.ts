/** Recordings as an application gets them: told by Event Grid, fetched by the official client from the host that it accepts. */
import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { CallAutomationClient, type CallRecording } from '@azure/communication-call-automation';
import { until } from '../../scenarios/stage/wait.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import type { Ringback } from '../../src/testing.ts';
import { readWav, samplesOf } from '../../src/wire/wav/wav.ts';
import { Receiver } from '../conformance/webhook-receiver.ts';
// As `--import ringback/resolve` does for an application.
import '../../src/resolve.ts';

export interface FileStatus {
  readonly recordingStorageInfo: {
    readonly recordingChunks: readonly {
      readonly contentLocation: string;
      readonly deleteLocation: string;
    }[];
  };
  readonly recordingDurationMs: number;
  readonly problem?: string;
}

let subscriptions = 0;

export class RecordingFiles implements AsyncDisposable {
  readonly client: CallRecording;
  readonly #receiver: Receiver;
  readonly #events: { readonly subject: string; readonly data: FileStatus }[];

  private constructor(
    client: CallRecording,
    receiver: Receiver,
    told: { readonly subject: string; readonly data: FileStatus }[],
  ) {
    this.client = client;
    this.#receiver = receiver;
    this.#events = told;
  }

  /** Subscribes to RecordingFileStatusUpdated. */
  static async open(server: Ringback): Promise<RecordingFiles> {
    const { ready } = server.server;
    const told: { readonly subject: string; readonly data: FileStatus }[] = [];
    const receiver = await Receiver.open(({ headers, body }) => {
      const [event] = JSON.parse(body);
      if (headers['aeg-event-type'] === 'SubscriptionValidation')
        return { status: 200, body: JSON.stringify({ validationResponse: event.data.validationCode }) };
      told.push(event);
      return { status: 200 };
    });
    subscriptions += 1;
    const name = `recording-files-${subscriptions}`;
    const asked = { name, endpoint: receiver.url('/'), events: ['RecordingFileStatusUpdated'] };
    const { state } = (await signedRequest(ready, 'POST', 'subscriptions', asked)) as { state: string };
    assert.equal(state, 'Succeeded');
    const client = new CallAutomationClient(ready.connectionString, {
      tlsOptions: { ca: server.ca },
      retryOptions: { maxRetries: 0 },
    }).getCallRecording();
    return new RecordingFiles(client, receiver, told);
  }

  /** What is told of this recording once its file is whole, and where the file is. */
  async told(recordingId: string): Promise<FileStatus & { contentLocation: string; deleteLocation: string }> {
    const { data } = await until('RecordingFileStatusUpdated', async () => {
      const found = this.#events.find(({ subject }) => subject.endsWith(`/${recordingId}`));
      return found ? { is: found } : { notYet: `of ${this.#events.length} others it came` };
    });
    const [chunk] = data.recordingStorageInfo.recordingChunks;
    assert.ok(chunk, `no file: ${data.problem}`);
    return { ...data, ...chunk };
  }

  /** One channel at 16 kHz. */
  async samples(recordingId: string): Promise<Int16Array> {
    const { contentLocation } = await this.told(recordingId);
    const wav = readWav(await buffer(await this.client.downloadStreaming(contentLocation)));
    assert.ok('data' in wav, JSON.stringify(wav));
    assert.deepEqual([wav.channels, wav.sampleRate], [1, 16_000]);
    return samplesOf(wav.data);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#receiver.close();
  }
}
