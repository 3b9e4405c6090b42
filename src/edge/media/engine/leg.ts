import type { RemoteInfo, Socket } from 'node:dgram';
import type { LocalMedia, MediaAddress, RemoteMedia } from '../../../app/ports/trunk.ts';
import { decodeG711, type G711, samplesPerFrame } from '../../../wire/rtp/g711.ts';
import { isRtcp, parseRtp, type RtpPacket } from '../../../wire/rtp/packet.ts';
import { jitterMs, lost, type Reception, receive } from '../../../wire/rtp/reception.ts';
import {
  expireTone,
  readTone,
  type ToneReader,
  type ToneReading,
  toneReader,
} from '../../../wire/rtp/tone-reader.ts';
import { isStun } from '../../../wire/stun/message.ts';
import type { LegEvent, LegStatistics } from '../messages.ts';
import type { Voice } from './audio/voice.ts';
import { AudioQueue } from './audio-queue.ts';
import { IceAgent } from './ice-agent.ts';
import { LegCrypto } from './leg-crypto.ts';
import { isSame, nameOf } from './media-address.ts';
import { Sender } from './sender.ts';

export interface LegOptions {
  readonly legId: string;
  readonly socket: Socket;
  readonly local: Required<LocalMedia>;
  readonly random: () => number;
  readonly tell: (event: LegEvent) => void;
  readonly note: (note: string) => void;
}

const silentAfterMs = 1000;
const hearingWithinMs = 200;

/** RFC 3264 8.4: these directions put us on hold, and so does the null address of RFC 2543. */
const holds = ({ direction }: RemoteMedia): boolean => direction === 'sendonly' || direction === 'inactive';

/** RTP from and to one far end. The engine calls `frame` every 20 ms; nothing here has a timer of its own. */
export class Leg implements Voice {
  readonly legId: string;
  readonly #options: LegOptions;
  readonly #sender: Sender;
  readonly #crypto: LegCrypto;
  readonly #ice: IceAgent;
  #remote: RemoteMedia | undefined;
  #source: MediaAddress | undefined;
  #hearing = false;
  #heardAt = Number.NEGATIVE_INFINITY;
  #reception: Reception | undefined;
  #tones: ToneReader = toneReader;
  /** Whose far end gets the keys. */
  #peer: Voice | undefined;
  /** What the far end said and nobody has taken yet; absent while nobody listens. */
  #ear: AudioQueue | undefined;
  #earCodec: G711 = 'PCMU';
  readonly #earBytes = new Uint8Array(samplesPerFrame);
  #packetsIn = 0;
  /** Set while somebody waits to be told whether the first packet comes. */
  #listensUntil: number | undefined;
  #garbage = 0;
  #unauthentic = 0;
  #strangers = 0;

  constructor(options: LegOptions) {
    this.#options = options;
    this.legId = options.legId;
    const { socket, local, random, note } = options;
    this.#crypto = new LegCrypto(local.keys);
    this.#sender = new Sender(socket, random, (packet) => this.#crypto.protect(packet));
    this.#ice = new IceAgent({
      own: local.ice,
      family: local.address.includes(':') ? 6 : 4,
      send: (bytes, to) => socket.send(bytes, to.port, to.address),
      note,
    });
  }

  connect(remote: RemoteMedia): void {
    const before = this.#remote;
    this.#remote = remote;
    this.#crypto.use(remote.crypto);
    this.#ice.use(remote.ice);
    // What came before anybody knew how to tell who sent it proves nothing.
    if (before === undefined && (this.#crypto.active || this.#ice.active)) this.#forget();
    if (before === undefined) {
      if (this.#source !== undefined) this.#noteLatch(this.#source, remote);
    } else if (!isSame(before, remote)) {
      // The far end moved: what was learnt about its address is void.
      this.#source = undefined;
    }
    // Nobody listened for packets meanwhile: whether they come after a hold is told anew.
    if (before !== undefined && holds(before) && !holds(remote)) this.#hearing = false;
    // Audio may overtake the answer (RFC 3264 5.1): whoever had no call to mark then is told once there is one.
    if (this.#hearing && !holds(remote)) this.#options.tell({ kind: 'heard', legId: this.#options.legId });
    const { address, port } = remote;
    const held = holds(remote) || address === '0.0.0.0';
    const reachable = port !== 0 && address.includes(':') === this.#options.local.address.includes(':');
    const { active: finds } = this.#ice;
    if (!reachable && !finds)
      this.#options.note(`cannot send from ${nameOf(this.#options.local)} to ${nameOf(remote)}`);
    this.#sender.aim((reachable || finds) && !held ? remote : undefined);
  }

  frame(frame: number): void {
    if (this.#ice.active) {
      const { path } = this.#ice;
      if (path !== undefined) this.#sender.frame(frame, path);
      return;
    }
    // Symmetric RTP (RFC 4961): behind an address translator, only the address packets come from leads back.
    this.#sender.frame(frame, this.#source);
  }

  hear(bytes: Uint8Array, from: RemoteInfo, now: number): void {
    // From port 0 comes what is forged; nothing could be sent back there.
    if (from.port === 0) {
      this.#garbage++;
      return;
    }
    if (isStun(bytes)) {
      this.#ice.hear(bytes, from, now);
      return;
    }
    if (isRtcp(bytes)) return;
    const clear = this.#crypto.unprotect(bytes);
    if (clear === 'forged' || clear === 'replayed') {
      this.#unauthentic++;
      return;
    }
    const packet = clear === 'malformed' ? undefined : parseRtp(clear);
    if (packet === undefined) {
      this.#garbage++;
      return;
    }
    if (!this.#isFarEnd(from, now)) {
      this.#strangers++;
      return;
    }
    if (packet.ssrc !== this.#reception?.ssrc) this.#tones = toneReader;
    const newest = this.#reception?.highest;
    this.#reception = receive(this.#reception, packet, now);
    this.#packetsIn++;
    this.#heardAt = now;
    if (!this.#hearing) {
      this.#hearing = true;
      this.#options.tell({ kind: 'heard', legId: this.#options.legId });
      if (this.#listensUntil !== undefined) this.#answer(true);
    }
    // The number is ours to choose (RFC 3264 5.1), but our SDP repeats the far end's wherever it made the offer.
    if (packet.payloadType === this.#remote?.telephoneEvent) this.#read(readTone(this.#tones, packet, now));
    else if (this.#reception.highest !== newest) this.#pass(packet);
  }

  /** Draws the conclusions that only time allows. */
  judge(now: number): void {
    this.#ice.tick(now);
    if (this.#tones.press !== undefined) this.#read(expireTone(this.#tones, now));
    if (this.#listensUntil !== undefined && now >= this.#listensUntil) this.#answer(false);
    if (!this.#hearing || now - this.#heardAt < silentAfterMs) return;
    this.#hearing = false;
    this.#options.tell({ kind: 'silent', legId: this.#options.legId });
  }

  /** Tells whether packets come. One that heard nothing yet is given time: the first may be on its way. */
  attend(now: number): void {
    if (this.#packetsIn > 0) this.#answer(now - this.#heardAt <= hearingWithinMs);
    else this.#listensUntil = now + hearingWithinMs;
  }

  #answer(hearing: boolean): void {
    this.#listensUntil = undefined;
    const ice = hearing ? undefined : this.#ice.whyNot();
    const why = hearing ? undefined : (ice ?? this.#whatCame());
    this.#options.tell({
      kind: 'told',
      legId: this.#options.legId,
      hearing,
      ...(ice === undefined ? {} : { iceFailed: true }),
      ...(why === undefined ? {} : { why }),
    });
  }

  /** Instead of audio, if anything. */
  #whatCame(): string | undefined {
    if (this.#packetsIn > 0) return undefined;
    if (this.#unauthentic > 0)
      return `${this.#unauthentic} packets came, and none passed the authentication of SRTP`;
    if (this.#strangers > 0)
      return `${this.#strangers} packets came, all from somebody else than the far end`;
    return this.#garbage > 0 ? `${this.#garbage} datagrams came, and none was RTP` : undefined;
  }

  #forget(): void {
    if (this.#hearing) this.#options.tell({ kind: 'silent', legId: this.#options.legId });
    this.#hearing = false;
    this.#heardAt = Number.NEGATIVE_INFINITY;
    this.#reception = undefined;
    this.#source = undefined;
    this.#packetsIn = 0;
  }

  keysTo(other: Voice | undefined): void {
    this.#peer = other;
  }

  relay(codec: G711, bytes: Uint8Array): void {
    this.#sender.relay(codec, bytes);
  }

  press(key: string, durationMs: number): void {
    this.#sender.press(key, durationMs);
  }

  /** Undefined: they are on their way, and `sent` tells when the last is out. */
  pressAll(keys: string, sent: () => void): string | undefined {
    if (!this.#sender.canPress) return 'the far end takes no telephone-event (RFC 4733)';
    this.#sender.pressAll(keys, sent);
    return undefined;
  }

  listen(on: boolean): void {
    if (on !== (this.#ear !== undefined)) this.#ear = on ? new AudioQueue() : undefined;
  }

  take(into: Int16Array): boolean {
    if (this.#ear?.take(this.#earBytes) !== true) return false;
    decodeG711(this.#earCodec, this.#earBytes, into);
    return true;
  }

  passTo(other: Voice): void {
    if (this.#ear?.take(this.#earBytes) === true) other.relay(this.#earCodec, this.#earBytes);
  }

  say(samples: Int16Array): void {
    this.#sender.say(samples);
  }

  statistics(): LegStatistics {
    const reception = this.#reception;
    const source = this.#source;
    return {
      packetsIn: this.#packetsIn,
      packetsOut: this.#sender.packets,
      lost: reception === undefined ? 0 : lost(reception),
      jitterMs: reception === undefined ? 0 : jitterMs(reception),
      garbage: this.#garbage,
      unauthentic: this.#unauthentic,
      strangers: this.#strangers,
      ...(source !== undefined && !isSame(source, this.#remote) ? { latchedTo: nameOf(source) } : {}),
    };
  }

  close(): void {
    this.#sender.aim(undefined);
    this.#options.socket.close();
  }

  /** Whoever is named in the SDP; else who came first, for as long as it goes on. */
  #isFarEnd(from: RemoteInfo, now: number): boolean {
    if (this.#ice.active) return this.#ice.admits(from);
    const source = this.#source;
    if (source !== undefined && isSame(source, from)) return true;
    const named = this.#remote;
    const isNamed = named !== undefined && isSame(named, from);
    if (source !== undefined && !isNamed && now - this.#heardAt < silentAfterMs) return false;
    this.#source = { address: from.address, port: from.port };
    if (named !== undefined) this.#noteLatch(this.#source, named);
    return true;
  }

  #noteLatch(source: MediaAddress, named: MediaAddress): void {
    if (isSame(source, named)) return;
    this.#options.note(
      `packets come from ${nameOf(source)}, not from ${nameOf(named)}: latched on to the former`,
    );
  }

  /** To whoever hears this leg. */
  #pass(packet: RtpPacket): void {
    const codec = this.#codecOf(packet.payloadType);
    if (codec === undefined || this.#ear === undefined) return;
    // Another codec in mid-call is another sound: what waits of the old one would be noise.
    if (codec !== this.#earCodec) this.#ear = new AudioQueue();
    this.#earCodec = codec;
    this.#ear.put(packet.payload);
  }

  /** RFC 3551 6: 0 and 8 mean G.711 whatever was agreed. */
  #codecOf(payloadType: number): G711 | undefined {
    if (payloadType === 0) return 'PCMU';
    if (payloadType === 8) return 'PCMA';
    return payloadType === this.#remote?.payloadType ? this.#remote.codec : undefined;
  }

  #read(reading: ToneReading): void {
    this.#tones = reading.reader;
    for (const tone of reading.tones) {
      this.#options.tell({ kind: 'tone', legId: this.#options.legId, ...tone });
      this.#peer?.press(tone.tone, tone.durationMs);
    }
  }
}
