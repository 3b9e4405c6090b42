/** Everybody of a call by themselves, for an unmixed stream: four at a time. */
import { frameMs, frameSamples } from '../../../../wire/audio/frame.ts';
import {
  dominantSpeakers,
  type Loudness,
  levelOf,
  loudnessAfter,
  quiet,
} from '../../../../wire/audio/level.ts';
import type { CallFrame } from '../audio/voice.ts';
import { OutboundFrames } from './outbound-frames.ts';

const most = 4;
const silence = new Int16Array(frameSamples);

interface Speaker {
  readonly frames: OutboundFrames;
  loudness: Loudness;
}

export class Speakers {
  readonly #rate: number;
  readonly #rawId: (legId: string) => string;
  readonly #speakers = new Map<string, Speaker>();
  #current: readonly string[] = [];

  /** `rawId`: of who a leg is. */
  constructor(rate: number, rawId: (legId: string) => string) {
    this.#rate = rate;
    this.#rawId = rawId;
  }

  /** One text each for those who are heard now: who speaks first; who was there before, and anybody, where there is room. */
  frame(frame: CallFrame, at: number): readonly string[] {
    this.#follow(frame);
    const loudness = new Map([...this.#speakers].map(([legId, speaker]) => [legId, speaker.loudness]));
    const speak = dominantSpeakers(loudness, most, this.#current);
    const there = this.#current.filter((legId) => this.#speakers.has(legId));
    this.#current = [...new Set([...speak, ...there, ...this.#speakers.keys()])].slice(0, most);
    return this.#current.map((legId) =>
      this.#speakers.get(legId)!.frames.frame(frame.heard(legId) ?? silence, at),
    );
  }

  #follow(frame: CallFrame): void {
    for (const legId of this.#speakers.keys()) {
      if (!frame.legIds.includes(legId)) this.#speakers.delete(legId);
    }
    for (const legId of frame.legIds) {
      const speaker = this.#speakers.get(legId) ?? this.#meet(legId);
      const level = levelOf(frame.heard(legId) ?? silence);
      speaker.loudness = loudnessAfter(speaker.loudness, level, frameMs);
    }
  }

  #meet(legId: string): Speaker {
    const speaker = { frames: new OutboundFrames(this.#rate, this.#rawId(legId)), loudness: quiet };
    this.#speakers.set(legId, speaker);
    return speaker;
  }
}
