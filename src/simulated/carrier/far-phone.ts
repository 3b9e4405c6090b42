import { type Audio, answerAudio, findAudio, type LocalAudio, offerAudio } from '../../wire/sdp/audio.ts';
import { parseSdp } from '../../wire/sdp/sdp.ts';
import type { Voice } from './numbers.ts';
import type { RtpLine } from './rtp-line.ts';

/** The far end's half of a session: its line, and the SDP that it says about it. */
export class FarPhone {
  readonly line: RtpLine;
  readonly #address: string;
  readonly #sessionId: number;
  #version = 0;
  readonly #direction: LocalAudio['direction'];
  #remote: Audio | undefined;

  constructor(
    line: RtpLine,
    address: string,
    sessionId: number,
    direction: LocalAudio['direction'] = 'sendrecv',
  ) {
    this.line = line;
    this.#address = address;
    this.#sessionId = sessionId;
    this.#direction = direction;
  }

  offer(): string {
    return offerAudio(this.#local());
  }

  /** Our answer; `undefined` when the offer has no audio for us. */
  answer(offer: string): string | undefined {
    const session = parseSdp(offer);
    if (session === undefined) return undefined;
    const audio = findAudio(session);
    if ('unusable' in audio) return undefined;
    this.#remote = audio;
    return answerAudio(session, audio, this.#local());
  }

  /** The far end's answer to our offer; false when there is nothing in it that we can use. */
  accept(answer: string): boolean {
    const session = parseSdp(answer);
    const audio = session && findAudio(session);
    if (audio === undefined || 'unusable' in audio) return false;
    this.#remote = audio;
    return true;
  }

  /** What is said from now on; before this, and after each new session, nothing new is sent to anybody. */
  speak(voice: Voice): void {
    this.line.speak(voice);
    this.follow();
  }

  /** Sends to where the other end now wants it. */
  follow(): void {
    if (this.#remote !== undefined) this.line.aim(this.#remote);
  }

  /** The other end changes the session: our SDP to send back. */
  reoffered(sdp: string | undefined): string | undefined {
    const own = sdp === undefined ? this.offer() : this.answer(sdp);
    if (sdp !== undefined) this.follow();
    return own;
  }

  #local(): LocalAudio {
    this.#version++;
    return {
      address: this.#address,
      port: this.line.port,
      direction: this.#direction,
      sessionId: this.#sessionId,
      version: this.#version,
    };
  }
}
