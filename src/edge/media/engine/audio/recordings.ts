/** What is recorded of a call. */
import { growingBlob } from '../../../../app/ports/recordings.ts';
import type { Command } from '../../messages.ts';
import type { Stage } from './call-room.ts';
import { Recorder } from './recorder.ts';

type RecordCommand = Extract<Command, { readonly kind: 'record' }>;

export class Recordings {
  readonly #stage: Stage;
  readonly #recorders = new Map<string, Recorder>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  start({ recording, participants }: RecordCommand): void {
    const { audio, blobs, tellRecording } = this.#stage;
    const { id: recordingId, settings, pauseOnStart } = recording;
    if (!blobs) {
      const why = 'this media process has nowhere to write to';
      tellRecording({ recordingId, now: 'failed', why });
      return;
    }
    const recorder = new Recorder({
      recordingId,
      name: growingBlob(recordingId),
      blobs,
      channels: settings.channels,
      channelOf: settings.channelOf.map(({ participant, channel }) => ({
        rawId: participant.rawId,
        channel,
      })),
      participant: (legId) => participants[legId] ?? legId,
      paused: pauseOnStart,
      tell: tellRecording,
    });
    this.#recorders.set(recordingId, recorder);
    audio.addTap(recorder);
  }

  pause(recordingId: string, on: boolean): void {
    this.#recorders.get(recordingId)?.pause(on);
  }

  /** Resolves once it is written. */
  async stop(recordingId: string): Promise<void> {
    const recorder = this.#recorders.get(recordingId);
    if (!recorder) return;
    this.#recorders.delete(recordingId);
    this.#stage.audio.removeTap(recorder);
    this.#stage.quieter();
    await recorder.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#recorders.keys()].map((recordingId) => this.stop(recordingId)));
  }
}
