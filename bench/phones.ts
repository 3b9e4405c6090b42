/** Phones in a process of their own: each sends PCMU every 20 ms from a real socket and counts what comes. */
import { fork } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { fileURLToPath } from 'node:url';
import { encodeG711, samplesPerFrame, silence } from '../src/wire/rtp/g711.ts';
import { framesDue } from '../src/wire/rtp/pacing.ts';
import { parseRtp, rtpHeaderLength, writeRtpHeader } from '../src/wire/rtp/packet.ts';
import { ask, endWithTheBench } from './child.ts';

export interface Heard {
  readonly packets: number;
  /** Missing by their sequence numbers. */
  readonly lost: number;
}

type Order =
  | { readonly open: number }
  /** To the port of its leg each; the first `speaking` have a voice, the others send silence. */
  | { readonly talk: readonly number[]; readonly speaking: number }
  | { readonly heard: true };

export interface Phones {
  /** UDP port of each, on 127.0.0.1. */
  readonly ports: readonly number[];
  /** Until it is stopped. `to`: of the leg of each. */
  talk(to: readonly number[], speaking?: number): Promise<void>;
  /** Since the last time. */
  heard(): Promise<Heard>;
  stop(): void;
}

export async function openPhones(count: number): Promise<Phones> {
  const child = fork(fileURLToPath(import.meta.url), ['phones']);
  const order = <T>(what: Order): Promise<T> => ask<T>(child, what);
  const ports = await order<readonly number[]>({ open: count });
  return {
    ports,
    talk: (to, speaking = to.length) => order({ talk: to, speaking }),
    heard: () => order({ heard: true }),
    stop: () => child.disconnect(),
  };
}

class Phone {
  readonly socket: Socket;
  readonly #packet = new Uint8Array(rtpHeaderLength + samplesPerFrame);
  readonly #voice: readonly Uint8Array[];
  readonly #ssrc: number;
  packets = 0;
  lost = 0;
  #next: number | undefined;

  constructor(socket: Socket, number: number) {
    this.socket = socket;
    this.#ssrc = number + 1;
    // A tone that is whole after ten frames; no two neighbours have the same.
    const hertz = 100 * (3 + (number % 17));
    this.#voice = Array.from({ length: 10 }, (_, frame) =>
      encodeG711(
        'PCMU',
        Int16Array.from({ length: samplesPerFrame }, (__, n) =>
          Math.round(5000 * Math.sin((2 * Math.PI * hertz * (frame * samplesPerFrame + n)) / 8000)),
        ),
      ),
    );
    socket.on('message', (bytes) => {
      const packet = parseRtp(bytes);
      if (!packet) return;
      this.packets++;
      if (this.#next !== undefined) this.lost += (packet.sequence - this.#next) & 0xffff;
      this.#next = (packet.sequence + 1) & 0xffff;
    });
  }

  say(frame: number, speaks: boolean, port: number): void {
    const packet = this.#packet;
    const [timestamp, ssrc] = [(frame * samplesPerFrame) >>> 0, this.#ssrc];
    writeRtpHeader(packet, {
      ...{ marker: frame === 0, payloadType: 0 },
      ...{ sequence: frame & 0xffff, timestamp, ssrc },
    });
    if (speaks) packet.set(this.#voice[frame % 10]!, rtpHeaderLength);
    else packet.fill(silence.PCMU, rtpHeaderLength);
    this.socket.send(packet, port, '127.0.0.1');
  }
}

const literal = (
  host: string,
  _options: unknown,
  done: (error: null, address: string, family: number) => void,
): void => done(null, host, 4);

async function open(number: number): Promise<Phone> {
  const socket = createSocket({ type: 'udp4', lookup: literal, recvBufferSize: 1 << 20 });
  // Its lookup answers at once, and so `listening` would come before anybody waits for it.
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound));
  return new Phone(socket, number);
}

function talk(phones: readonly Phone[], to: readonly number[], speaking: number): void {
  const begun = performance.now();
  let next = 0;
  const tick = (): void => {
    const { from, count, wait } = framesDue(performance.now() - begun, next);
    next = from + count;
    setTimeout(tick, Math.max(1, wait));
    for (let frame = from; frame < next; frame++)
      for (const [n, phone] of phones.entries()) phone.say(frame, n < speaking, to[n]!);
  };
  tick();
}

if (process.argv[2] === 'phones') {
  endWithTheBench();
  let phones: readonly Phone[] = [];
  const obey = async (order: Order): Promise<unknown> => {
    if ('open' in order) {
      phones = await Promise.all(Array.from({ length: order.open }, (_, number) => open(number)));
      return phones.map(({ socket }) => socket.address().port);
    }
    if ('talk' in order) {
      talk(phones, order.talk, order.speaking);
      return 'talking';
    }
    let [packets, lost] = [0, 0];
    for (const phone of phones) {
      packets += phone.packets;
      lost += phone.lost;
      phone.packets = 0;
      phone.lost = 0;
    }
    return { packets, lost } satisfies Heard;
  };
  process.on('message', (order) => {
    void obey(order as Order).then((answer) => process.send?.(answer));
  });
}
