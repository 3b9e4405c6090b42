import type { RemoteInfo, Socket } from 'node:dgram';
import type { MediaAddress, RemoteMedia } from '../../../app/ports/trunk.ts';
import type { G711 } from '../../../wire/rtp/g711.ts';
import { parseRtp, type RtpPacket } from '../../../wire/rtp/packet.ts';
import { jitterMs, lost, type Reception, receive } from '../../../wire/rtp/reception.ts';
import {
  expireTone,
  readTone,
  type ToneReader,
  type ToneReading,
  toneReader,
} from '../../../wire/rtp/tone-reader.ts';
import type { LegEvent, LegStatistics } from '../messages.ts';
import { Sender } from './sender.ts';

export interface LegOptions {
  readonly legId: string;
  readonly socket: Socket;
  readonly local: MediaAddress;
  readonly random: () => number;
  readonly tell: (event: LegEvent) => void;
  readonly note: (note: string) => void;
}

const silentAfterMs = 1000;
const hearingWithinMs = 200;

/** RFC 3264 8.4: these directions put us on hold, and so does the null address of RFC 2543. */
const holds = ({ direction }: RemoteMedia): boolean => direction === 'sendonly' || direction === 'inactive';

/** RTP from and to one far end. The engine calls `frame` every 20 ms; nothing here has a timer of its own. */
export class Leg {
  readonly #options: LegOptions;
  readonly #sender: Sender;
  #remote: RemoteMedia | undefined;
  #source: MediaAddress | undefined;
  #hearing = false;
  #heardAt = Number.NEGATIVE_INFINITY;
  #reception: Reception | undefined;
  #tones: ToneReader = toneReader;
  #peer: Leg | undefined;
  #packetsIn = 0;
  /** Set while somebody waits to be told whether the first packet comes. */
  #listensUntil: number | undefined;
  #garbage = 0;
  #strangers = 0;

  constructor(options: LegOptions) {
    this.#options = options;
    this.#sender = new Sender(options.socket, options.random);
  }

  connect(remote: RemoteMedia): void {
    const before = this.#remote;
    this.#remote = remote;
    if (before === undefined) {
      if (this.#source !== undefined) this.#noteLatch(this.#source, remote);
    } else if (!isSame(before, remote)) {
      // The far end moved: what was learnt about its address is void.
      this.#source = undefined;
    }
    // Nobody listened for packets meanwhile: whether they come after a hold is told anew.
    if (before !== undefined && holds(before) && !holds(remote)) this.#hearing = false;
    const { address, port } = remote;
    const held = holds(remote) || address === '0.0.0.0';
    const reachable = port !== 0 && address.includes(':') === this.#options.local.address.includes(':');
    if (!reachable) this.#options.note(`cannot send from ${name(this.#options.local)} to ${name(remote)}`);
    this.#sender.aim(reachable && !held ? remote : undefined);
  }

  frame(frame: number): void {
    // Symmetric RTP (RFC 4961): behind an address translator, only the address packets come from leads back.
    this.#sender.frame(frame, this.#source);
  }

  hear(bytes: Uint8Array, from: RemoteInfo, now: number): void {
    const packet = parseRtp(bytes);
    // From port 0 comes what is forged; nothing could be sent back there.
    if (packet === undefined || from.port === 0) {
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
    else if (this.#peer !== undefined && this.#reception.highest !== newest)
      this.#forward(packet, this.#peer);
  }

  /** Draws the conclusions that only time allows. */
  judge(now: number): void {
    if (this.#tones.press !== undefined) this.#read(expireTone(this.#tones, now));
    if (this.#listensUntil !== undefined && now >= this.#listensUntil) this.#answer(false);
    if (!this.#hearing || now - this.#heardAt < silentAfterMs) return;
    this.#hearing = false;
    this.#options.tell({ kind: 'silent', legId: this.#options.legId });
  }

  /** Tells whether packets come. One that heard nothing yet is given time: the first may be on its way. */
  listen(now: number): void {
    if (this.#packetsIn > 0) this.#answer(now - this.#heardAt <= hearingWithinMs);
    else this.#listensUntil = now + hearingWithinMs;
  }

  #answer(hearing: boolean): void {
    this.#listensUntil = undefined;
    this.#options.tell({ kind: 'told', legId: this.#options.legId, hearing });
  }

  /** Each hears the other from now on, and nobody else. */
  bridge(other: Leg): void {
    if (this.#peer === other || other === this) return;
    this.unbridge();
    other.unbridge();
    this.#peer = other;
    other.#peer = this;
  }

  unbridge(): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    this.#peer = undefined;
    peer.#peer = undefined;
    this.#sender.hush();
    peer.#sender.hush();
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
      strangers: this.#strangers,
      ...(source !== undefined && !isSame(source, this.#remote) ? { latchedTo: name(source) } : {}),
    };
  }

  close(): void {
    this.unbridge();
    this.#sender.aim(undefined);
    this.#options.socket.close();
  }

  /** Whoever is named in the SDP; else who came first, for as long as it goes on. */
  #isFarEnd(from: RemoteInfo, now: number): boolean {
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
      `packets come from ${name(source)}, not from ${name(named)}: latched on to the former`,
    );
  }

  #forward(packet: RtpPacket, peer: Leg): void {
    const codec = this.#codecOf(packet.payloadType);
    if (codec !== undefined) peer.#sender.play(codec, packet.payload);
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
      const peer = this.#peer;
      if (peer !== undefined) peer.#sender.press(tone.tone, tone.durationMs);
    }
  }
}

const name = ({ address, port }: MediaAddress): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const isSame = (one: MediaAddress, other: MediaAddress | undefined): boolean =>
  one.address === other?.address && one.port === other.port;
