/** For tests: the far end of a leg on a real socket, and a way to wait. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { MediaEvent } from '../../app/ports/media.ts';
import type { MediaAddress, RemoteMedia } from '../../app/ports/trunk.ts';
import { parseRtp, type RtpPacket, serialiseRtp } from '../../wire/rtp/packet.ts';
import { tonePackets } from '../../wire/rtp/tone-writer.ts';

export interface TestPhone {
  readonly media: RemoteMedia;
  readonly heard: readonly RtpPacket[];
  say(to: MediaAddress, fields?: Partial<RtpPacket>): void;
  press(to: MediaAddress, tone: string): void;
  send(to: MediaAddress, bytes: Uint8Array): void;
  close(): Promise<void>;
}

export const openTestPhone = async (changes: Partial<RemoteMedia> = {}): Promise<TestPhone> => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const heard: RtpPacket[] = [];
  socket.on('message', (bytes) => {
    const packet = parseRtp(bytes);
    if (packet !== undefined) heard.push(packet);
  });
  let sequence = 100;
  const send = (to: MediaAddress, bytes: Uint8Array): void => socket.send(bytes, to.port, to.address);
  const say = (to: MediaAddress, fields: Partial<RtpPacket> = {}): void => {
    const basic = { marker: false, payloadType: 0, ssrc: 7, payload: new Uint8Array(160).fill(0xff) };
    sequence = (sequence + 1) & 0xffff;
    send(to, serialiseRtp({ ...basic, sequence, timestamp: sequence * 160, ...fields }));
  };
  return {
    media: {
      address: '127.0.0.1',
      port: socket.address().port,
      codec: 'PCMU',
      payloadType: 0,
      telephoneEvent: 101,
      direction: 'sendrecv',
      ...changes,
    },
    heard,
    say,
    press: (to, tone) => {
      const timestamp = sequence * 160;
      for (const packet of tonePackets(tone)) say(to, { ...packet, payloadType: 101, timestamp });
    },
    send,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
};

export interface MediaDiary {
  readonly events: readonly MediaEvent[];
  readonly onEvent: (event: MediaEvent) => void;
  /** The first event of this kind (and leg) after those already returned for it. */
  next<K extends MediaEvent['kind']>(kind: K, legId?: string): Promise<Extract<MediaEvent, { kind: K }>>;
}

export const openMediaDiary = (): MediaDiary => {
  const events: MediaEvent[] = [];
  const seen = new Set<MediaEvent>();
  return {
    events,
    onEvent: (event) => events.push(event),
    next: async (kind, legId) => {
      const isIt = (event: MediaEvent): event is Extract<MediaEvent, { kind: typeof kind }> =>
        event.kind === kind &&
        !seen.has(event) &&
        (legId === undefined || ('legId' in event && event.legId === legId));
      const found = await until(
        () => events.find(isIt),
        () => `no ${kind} event yet; there were ${JSON.stringify(events)}`,
      );
      seen.add(found);
      return found;
    },
  };
};

/** Waits, at most ten seconds, for something to be there; `whyNot` says why it is not. */
export const until = async <T>(
  find: () => T | undefined | false | Promise<T | undefined | false>,
  whyNot: () => string,
): Promise<T> => {
  const giveUpAt = performance.now() + 10_000;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > giveUpAt) throw new Error(whyNot());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
