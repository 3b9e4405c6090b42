import type { G711 } from '../../../../wire/rtp/g711.ts';

/** What the audio of a call needs of a leg. Frames are 20 ms. */
export interface Voice {
  readonly legId: string;
  /** Keeps what comes for `take` and `passTo`, or lets it go. */
  listen(on: boolean): void;
  /** 160 samples at 8 kHz of what the far end said; false, and nothing written, where there is none. */
  take(into: Int16Array): boolean;
  /** What the far end said goes to that of the other as it came. */
  passTo(other: Voice): void;
  /** 160 samples at 8 kHz to be sent in this frame. */
  say(samples: Int16Array): void;
  /** 160 bytes of somebody else to be sent in this frame. */
  relay(codec: G711, bytes: Uint8Array): void;
  /** Keys that the far end presses go to that of the other; undefined: to nobody. */
  keysTo(other: Voice | undefined): void;
  /** A key for the far end. */
  press(key: string, durationMs: number): void;
}

/** 20 ms of a call as those see it who record, stream or listen. Valid until the next frame. */
export interface CallFrame {
  /** Everybody, prompts to all included; 320 samples at 16 kHz. */
  readonly mixed: Int16Array;
  /** What each leg said; absent: nothing. */
  heard(legId: string): Int16Array | undefined;
  /** Those whose voice the others hear. */
  readonly legIds: readonly string[];
}

/** Something that follows the audio of a call. */
export interface Tap {
  frame(frame: CallFrame): void;
}

/** Something that speaks in a call besides its legs: a prompt, an application on a websocket. */
export interface Source {
  /** Everybody, or these legs. */
  readonly to: 'all' | ReadonlySet<string>;
  /** Fills 320 samples at 16 kHz; false, and nothing written, where it says nothing in this frame. */
  next(into: Int16Array): boolean;
}
