/** Media streaming: what a call sounds like to an application, and the application's voice in the call. */
import type { AudioStreamSettings } from '../../../../domain/media/stream.ts';
import { frameSamples } from '../../../../wire/audio/frame.ts';
import { readFrame } from '../../../../wire/streaming/frames-in.ts';
import { audioMetadata, dtmfData } from '../../../../wire/streaming/frames-out.ts';
import { samplesOf } from '../../../../wire/wav/wav.ts';
import type { CallAudio } from '../audio/call-audio.ts';
import type { CallFrame, Tap } from '../audio/voice.ts';
import type { CallStream, StreamContext } from './call-stream.ts';
import { type ConnectionEvent, StreamConnection } from './connection.ts';
import { InboundVoice } from './inbound-voice.ts';
import { frameBytes, OutboundFrames } from './outbound-frames.ts';
import { Speakers } from './speakers.ts';

export class AudioStream implements CallStream, Tap {
  readonly #context: StreamContext<AudioStreamSettings>;
  readonly #connection: StreamConnection;
  readonly #mixed: OutboundFrames;
  readonly #speakers: Speakers | undefined;
  /** Of the application; it hears the call without it. */
  readonly #voice: InboundVoice | undefined;
  readonly #others = new Int16Array(frameSamples);
  #room: CallAudio | undefined;
  #malformed = 0;

  constructor(context: StreamContext<AudioStreamSettings>) {
    this.#context = context;
    const { id, settings, connection, rawId } = context;
    const { rate, channels, bidirectional } = settings;
    this.#mixed = new OutboundFrames(rate);
    this.#speakers = channels === 'unmixed' ? new Speakers(rate, rawId) : undefined;
    this.#voice = bidirectional ? new InboundVoice(rate) : undefined;
    this.#connection = new StreamConnection({
      ...connection,
      greeting: () => audioMetadata({ subscriptionId: id, sampleRate: rate, length: frameBytes(rate) }),
      heard: (text) => this.#hear(text),
      tell: (event) => this.#tell(event),
    });
  }

  open(): void {
    this.#connection.open();
  }

  key(key: string): void {
    if (this.#context.settings.dtmf) this.#connection.send(dtmfData(key));
  }

  close(): void {
    this.#leave();
    this.#connection.close();
  }

  drop(): void {
    this.#leave();
    this.#connection.drop();
  }

  frame(frame: CallFrame): void {
    const at = Date.now();
    for (const text of this.#speakers?.frame(frame, at) ?? [this.#mixedFrame(frame, at)])
      this.#connection.sendAudio(text);
  }

  #mixedFrame({ mixed }: CallFrame, at: number): string {
    if (!this.#voice || !this.#room) return this.#mixed.frame(mixed, at);
    this.#room.hearOthers(this.#voice, this.#others);
    return this.#mixed.frame(this.#others, at);
  }

  #tell(event: ConnectionEvent): void {
    if (event.now === 'open') this.#join();
    else if (event.now === 'failed') this.#leave();
    // Who comes back does not know what was left to be said.
    else if (event.now === 'interrupted') this.#voice?.flush();
    this.#context.tell(event);
  }

  #join(): void {
    this.#room = this.#context.room();
    if (this.#voice) this.#room.addSource(this.#voice);
    this.#room.addTap(this);
  }

  #leave(): void {
    if (this.#voice) this.#room?.removeSource(this.#voice);
    this.#room?.removeTap(this);
    this.#room = undefined;
  }

  #hear(text: string): void {
    if (!this.#voice) return;
    const { queuedMs, malformed } = this.#context.connection.limits;
    const frame = readFrame(text);
    switch (frame.kind) {
      case 'stop-audio':
        this.#voice.flush();
        return;
      case 'audio':
        this.#voice.add(samplesOf(frame.pcm));
        if (this.#voice.queuedMs > queuedMs)
          this.#giveUp(1008, `more than ${queuedMs / 1000} s of audio wait to be heard`);
        return;
      case 'malformed':
        this.#malformed += 1;
        if (this.#malformed > malformed)
          this.#giveUp(1007, `more than ${malformed} malformed frames, the last because ${frame.why}`);
    }
  }

  #giveUp(code: 1007 | 1008, why: string): void {
    this.#connection.giveUp(code, 'bad-request', why);
  }
}
