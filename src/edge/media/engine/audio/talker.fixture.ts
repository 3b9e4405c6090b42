/** For tests: somebody in a call without packets, who says what a test gives and keeps what is to be sent. */
import { decodeG711, encodeG711, type G711 } from '../../../../wire/rtp/g711.ts';
import type { Voice } from './voice.ts';

const frame = 160;

export class Talker implements Voice {
  readonly legId: string;
  /** By frame, counted while it is listened to; undefined: nothing comes. */
  says: (frame: number) => Int16Array | undefined;
  readonly codec: G711 = 'PCMU';
  readonly pressed: string[] = [];
  isListenedTo = false;
  peer: Voice | undefined;
  #frames: Int16Array[] = [];
  #at = 0;

  constructor(legId: string, says: Talker['says'] = () => undefined) {
    this.legId = legId;
    this.says = says;
  }

  /** What its far end heard so far, at 8 kHz. */
  get heard(): Int16Array {
    return Int16Array.from(this.#frames.flatMap((each) => [...each]));
  }

  forget(): void {
    this.#frames = [];
  }

  listen(on: boolean): void {
    this.isListenedTo = on;
  }

  take(into: Int16Array): boolean {
    const said = this.isListenedTo ? this.says(this.#at++) : undefined;
    if (said) into.set(said);
    return said !== undefined;
  }

  passTo(other: Voice): void {
    const said = new Int16Array(frame);
    if (this.take(said)) other.relay(this.codec, encodeG711(this.codec, said));
  }

  say(samples: Int16Array): void {
    this.#frames.push(samples.slice());
  }

  relay(codec: G711, bytes: Uint8Array): void {
    this.#frames.push(decodeG711(codec, bytes));
  }

  keysTo(other: Voice | undefined): void {
    this.peer = other;
  }

  press(key: string): void {
    this.pressed.push(key);
  }

  /** Its far end presses a key. */
  presses(key: string): void {
    this.peer?.press(key, 100);
  }

  pressAll(keys: string, sent: () => void): string | undefined {
    for (const key of keys) this.press(key);
    sent();
    return undefined;
  }
}

/** A tone without end. */
export const tone =
  (hertz: number, amplitude = 8000): Talker['says'] =>
  (at) =>
    Int16Array.from({ length: frame }, (_, n) =>
      Math.round(amplitude * Math.sin((2 * Math.PI * hertz * (at * frame + n)) / 8000)),
    );
