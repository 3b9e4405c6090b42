/** Phones on a trunk, with audio on real sockets: each answers what rings, and a test speaks and listens for it. */
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../scenarios/stage/wait.ts';
import type { MediaAddress } from '../../src/app/ports/trunk.ts';
import { openTestPhone, type TestPhone } from '../../src/edge/media/phone.fixture.ts';
import type { CallEnd, SipEndpoint, SipEndpointOptions } from '../../src/edge/sip/api.ts';
import { wallClock } from '../../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../../src/edge/sip/endpoint.ts';

export type Codec = 'PCMU' | 'PCMA';

export const payloadType = { PCMU: 0, PCMA: 8 } as const satisfies Record<Codec, number>;
/** A byte of silence (ITU-T G.711). */
export const silence = { PCMU: 0xff, PCMA: 0xd5 } as const satisfies Record<Codec, number>;

export interface LinePhone {
  readonly number: string;
  readonly rtp: TestPhone;
  /** What the server said of its side. */
  readonly description: string;
  /** Where the server takes this phone's audio. */
  readonly server: MediaAddress;
  readonly ended: Promise<CallEnd>;
  hangUp(): void;
  /** Sends packets of this byte until `whyNot` has nothing left to say. */
  sayUntil(byte: number, whyNot: () => string | undefined): Promise<void>;
  /** Payloads heard so far, in the phone's own codec. */
  payloads(): readonly Uint8Array[];
}

export interface PhoneLine extends AsyncDisposable {
  readonly port: number;
  readonly tlsPort: number | undefined;
  /** The next phone that was called and has answered. */
  answered(): Promise<LinePhone>;
  /** A phone calls the server; resolves once it is answered. */
  call(to: string, serverPort: number): Promise<LinePhone>;
}

const description = (port: number, codec: Codec, attributes: Attributes): string =>
  [
    ...['v=0', 'o=phone 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
    `m=audio ${port} RTP/AVP ${payloadType[codec]} 101`,
    `a=rtpmap:${payloadType[codec]} ${codec}/8000`,
    ...['a=rtpmap:101 telephone-event/8000', 'a=ptime:20', ...attributes(port), ''],
  ].join('\r\n');

function mediaOf(sdp: string | undefined): MediaAddress {
  const address = /^c=IN IP4 (\S+)/m.exec(sdp ?? '')?.[1];
  const port = /^m=audio (\d+)/m.exec(sdp ?? '')?.[1];
  if (address === undefined || port === undefined) throw new Error(`no audio in ${sdp}`);
  return { address, port: Number(port) };
}

/** Further lines of a phone's description, which takes audio at this port. */
export type Attributes = (port: number) => readonly string[];

/** `codecs`: of each phone in turn; the last one again for those that follow. `options`: of its SIP, on 127.0.0.1 and any port. */
export async function openPhoneLine(
  codecs: readonly Codec[] = ['PCMU'],
  options: Partial<SipEndpointOptions> = {},
  attributes: Attributes = () => [],
): Promise<PhoneLine> {
  const waiting: LinePhone[] = [];
  const open: TestPhone[] = [];
  let used = 0;
  const nextCodec = (): Codec => codecs[Math.min(used++, codecs.length - 1)] ?? 'PCMU';

  const phone = (
    number: string,
    codec: Codec,
    rtp: TestPhone,
    sdp: string | undefined,
    ended: Promise<CallEnd>,
    hangUp: () => void,
  ): LinePhone => {
    const server = mediaOf(sdp);
    return {
      number,
      rtp,
      description: sdp ?? '',
      server,
      ended,
      hangUp,
      async sayUntil(byte, whyNot) {
        const payload = new Uint8Array(160).fill(byte);
        for (let packets = 0; ; packets += 1) {
          const not = whyNot();
          if (not === undefined) return;
          if (packets === 500) throw new Error(`after ten seconds of talk still ${not}`);
          rtp.say(server, { payloadType: payloadType[codec], payload });
          await wait(20);
        }
      },
      payloads: () =>
        rtp.heard.filter((packet) => packet.payloadType === payloadType[codec]).map(({ payload }) => payload),
    };
  };

  const endpoint: SipEndpoint = createSipEndpoint({
    hosts: ['127.0.0.1'],
    port: 0,
    clock: wallClock,
    timing: { t1: 50, t4: 500 },
    onInvite: (call) => {
      const codec = nextCodec();
      const { promise: ended, resolve } = Promise.withResolvers<CallEnd>();
      const number = /^sip:([^@]+)@/.exec(call.invite.requestUri)?.[1] ?? '';
      void openTestPhone().then((rtp) => {
        open.push(rtp);
        waiting.push(phone(number, codec, rtp, call.invite.sdp, ended, () => call.bye()));
        call.ring();
        call.answer(description(rtp.media.port, codec, attributes));
      });
      return { ended: resolve };
    },
    ...options,
  });
  const [at] = await endpoint.start();
  if (!at) throw new Error('the phone line listens nowhere');

  return {
    port: at.port,
    tlsPort: endpoint.tlsPort,
    answered: () =>
      until('a phone that was called', async () => {
        const found = waiting.shift();
        return found ? { is: found } : { notYet: 'no INVITE came' };
      }),
    async call(to, serverPort) {
      const codec = nextCodec();
      const rtp = await openTestPhone();
      open.push(rtp);
      const { promise: ended, resolve } = Promise.withResolvers<CallEnd>();
      const sdp = await new Promise<string | undefined>((answered, failed) => {
        const call = endpoint.invite(
          {
            target: { host: '127.0.0.1', port: serverPort, protocol: 'udp' },
            requestUri: `sip:${to}@127.0.0.1:${serverPort}`,
            from: `sip:+15551230000@${at.host}:${at.port}`,
            to: `sip:${to}@127.0.0.1:${serverPort}`,
            sdp: description(rtp.media.port, codec, attributes),
          },
          {
            answered: (response) => answered(response.sdp),
            ended: (end) => {
              resolve(end);
              failed(new Error(`the call ended: ${end.kind} ${end.status} ${end.reason}`));
            },
          },
        );
        hangUps.set(rtp, () => call.bye());
      });
      return phone('+15551230000', codec, rtp, sdp, ended, () => hangUps.get(rtp)?.());
    },
    async [Symbol.asyncDispose]() {
      await endpoint.stop();
      await Promise.all(open.map((rtp) => rtp.close()));
    },
  };
}

const hangUps = new WeakMap<TestPhone, () => void>();
