/**
 * The audio of one call: what two legs say that only talk to each other is passed on; where anything else is in the call,
 * all is mixed at 16 kHz, everybody hearing the others and not themselves.
 */
import type { Part } from '../../../../app/ports/media.ts';
import { frameSamples } from '../../../../wire/audio/frame.ts';
import { MixBus, type MixInput } from '../../../../wire/audio/mix-bus.ts';
import { Everybody } from './everybody.ts';
import { Member } from './member.ts';
import type { CallFrame, Source, Tap, Voice } from './voice.ts';

type Mode = 'idle' | 'forwarding' | 'mixing';

export class CallAudio implements CallFrame {
  readonly #bus = new MixBus();
  readonly #everybody = new Everybody(this.#bus);
  readonly #members = new Map<string, Member>();
  readonly #sources = new Map<Source, MixInput>();
  readonly #taps = new Set<Tap>();
  readonly #said = new Int16Array(frameSamples);
  #legIds: readonly string[] = [];
  #mode: Mode = 'idle';

  get mode(): Mode {
    return this.#mode;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#sources.size === 0 && this.#taps.size === 0;
  }

  get legIds(): readonly string[] {
    return this.#legIds;
  }

  get mixed(): Int16Array {
    return this.#everybody.mixed;
  }

  heard(legId: string): Int16Array | undefined {
    const member = this.#members.get(legId);
    return member?.isHeard ? member.heard : undefined;
  }

  /** What a leg says, whether or not the others hear it. */
  said(legId: string): Int16Array | undefined {
    const member = this.#members.get(legId);
    return member?.speaks ? member.heard : undefined;
  }

  /** Takes part from now on, or otherwise than before. */
  join(voice: Voice, part: Part = { muted: false, held: false }): void {
    const known = this.#members.get(voice.legId);
    if (known) known.part = part;
    else this.#members.set(voice.legId, new Member(voice, part, this.#bus.join()));
    this.#arrange();
  }

  /** The part that it took. */
  leave(legId: string): Part | undefined {
    const member = this.#members.get(legId);
    if (!member) return undefined;
    member.voice.listen(false);
    member.voice.keysTo(undefined);
    member.input.leave();
    this.#members.delete(legId);
    this.#arrange();
    return member.part;
  }

  /** All its voices leave, and are returned. */
  takeAll(): readonly Pick<Member, 'voice' | 'part'>[] {
    const members = [...this.#members.values()];
    for (const { voice } of members) this.leave(voice.legId);
    return members;
  }

  addSource(source: Source): void {
    if (!this.#sources.has(source)) this.#sources.set(source, this.#bus.join());
    this.#arrange();
  }

  removeSource(source: Source): void {
    this.#sources.get(source)?.leave();
    if (this.#sources.delete(source)) this.#arrange();
  }

  /** What the others say to a source that listens too; after `frame`. */
  hearOthers(source: Source, into: Int16Array): void {
    this.#sources.get(source)?.take(into);
  }

  addTap(tap: Tap): void {
    this.#taps.add(tap);
    this.#arrange();
  }

  removeTap(tap: Tap): void {
    if (this.#taps.delete(tap)) this.#arrange();
  }

  /** 20 ms go by. */
  frame(): void {
    if (this.#mode === 'forwarding') this.#pass();
    else if (this.#mode === 'mixing') this.#mix();
  }

  #pass(): void {
    const [one, other] = this.#members.values();
    if (!one || !other) return;
    one.voice.passTo(other.voice);
    other.voice.passTo(one.voice);
  }

  #mix(): void {
    for (const member of this.#members.values()) member.take();
    for (const [source, input] of this.#sources) this.#pull(source, input);
    this.#bus.mix();
    this.#everybody.take();
    for (const member of this.#members.values()) member.say(this.#everybody);
    for (const tap of this.#taps) tap.frame(this);
  }

  #pull(source: Source, input: MixInput): void {
    if (!source.next(this.#said)) return;
    if (source.to === 'all') input.hear(this.#said);
    else for (const legId of source.to) this.#members.get(legId)?.play(this.#said);
  }

  #arrange(): void {
    const members = [...this.#members.values()];
    this.#legIds = [...this.#members.keys()];
    const plain =
      this.#sources.size === 0 &&
      this.#taps.size === 0 &&
      members.length <= 2 &&
      members.every(({ part }) => !part.held && !part.muted);
    this.#mode = !plain ? 'mixing' : members.length === 2 ? 'forwarding' : 'idle';
    const [one, other] = members.length === 2 ? members : [];
    for (const member of members) {
      member.voice.listen(this.#mode !== 'idle');
      const peer = member === one ? other : one;
      const speak = peer && !member.part.held && !member.part.muted && !peer.part.held;
      member.voice.keysTo(speak ? peer.voice : undefined);
    }
  }
}
