/**
 * The telephone network for those who have none: a SIP peer inside the process, reached over real SIP.
 * What its numbers do stands in `numbers.ts`; what it calls itself are owned numbers of the server, by `dial`.
 *
 * ```ts
 * const carrier = createSimulatedCarrier({ clock, quiet, server: () => ({ host, port, protocol: 'udp' }) });
 * const { host, port } = await carrier.start(); // the trunk's address
 * const call = await carrier.dial({ from: '+15005552000', to: '+18005550100', forMs: 5000 });
 * ```
 */
import type { Address, Flights, InboundCall, InboundHandlers, Target, Timing } from '../../edge/sip/api.ts';
import { createSipEndpoint } from '../../edge/sip/endpoint.ts';
import type { Network } from '../../edge/sip/network.ts';
import { parseUri } from '../../wire/sip/uri.ts';
import type { FarEnd } from './far-end.ts';
import { FarPhone } from './far-phone.ts';
import { behaviourOf } from './numbers.ts';
import { type DialledCall, type DialOptions, PlacedCall } from './placed-call.ts';
import { ReceivedCall } from './received-call.ts';
import { RtpLines } from './rtp-lines.ts';
import type { CarrierClock, CarrierPace, CarrierQuiet, CarrierWorld } from './world.ts';

export type { FarEnd } from './far-end.ts';
export { type NumberBlock, numberBlocks } from './numbers.ts';
export type { DialEnd, DialEvent, DialledCall, DialOptions } from './placed-call.ts';

export interface SimulatedCarrierOptions {
  readonly clock: CarrierClock;
  readonly quiet: CarrierQuiet;
  /** Where the server takes calls: asked for when something is dialled. */
  readonly server: () => Target;
  /** `127.0.0.1` when absent; SIP and RTP are both there. */
  readonly host?: string;
  /** Any free one when absent. */
  readonly port?: number;
  readonly network?: Network;
  readonly timing?: Partial<Timing>;
  readonly flights?: Flights;
  /** Calls at a time; the next gets 503. */
  readonly mostCalls?: number;
  readonly pace?: Partial<CarrierPace>;
  /** A bug in the carrier; the process is warned when absent. */
  readonly failed?: (error: unknown) => void;
}

export interface SimulatedCarrier {
  /** Resolves with the address to send calls to. */
  start(): Promise<Address>;
  stop(): Promise<void>;
  /** A simulated caller dials the server. Resolves once the INVITE is on its way. */
  dial(options: DialOptions): Promise<DialledCall>;
  /** The far ends that are alive. */
  calls(): readonly FarEnd[];
  /** Ends every call as its far end would. */
  hangUpAll(): void;
}

const defaultPace: CarrierPace = { ring: 100, keys: 800 };

/** The number in a `sip:` or `tel:` URI, else what stands in its place. */
const numberIn = (uri: string): string => {
  const parsed = parseUri(uri);
  if (parsed === undefined) return '';
  return parsed.scheme === 'tel' ? parsed.number : (parsed.user.split(';')[0] ?? '');
};

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

export const createSimulatedCarrier = (options: SimulatedCarrierOptions): SimulatedCarrier => {
  const { clock, quiet, server, host = '127.0.0.1', mostCalls = 1000 } = options;
  let sessionId = clock.now();
  const world: CarrierWorld = {
    clock,
    quiet,
    pace: { ...defaultPace, ...options.pace },
    lines: new RtpLines(host, mostCalls),
    address: host,
    nextSessionId: () => ++sessionId,
  };
  const calls = new Set<ReceivedCall | PlacedCall>();
  const forget = (call: ReceivedCall | PlacedCall): void => {
    calls.delete(call);
  };

  const receive = (call: InboundCall): InboundHandlers => {
    const to = numberIn(call.invite.requestUri);
    const behaviour = behaviourOf(to);
    if (behaviour === undefined || behaviour.does === 'plays-dead') {
      if (behaviour === undefined) call.reject(404);
      else call.ignore();
      return { ended: () => {} };
    }
    const from = numberIn(call.invite.from.uri);
    const received = new ReceivedCall({ world, call, from, to, behaviour, forget });
    calls.add(received);
    received.begin();
    return received.handlers;
  };

  const endpoint = createSipEndpoint({
    hosts: [host],
    port: options.port ?? 0,
    product: 'simulated-carrier',
    clock: { after: (ms, name, fire) => clock.at(clock.now() + ms, `carrier ${name}`, fire) },
    bounds: { calls: mostCalls },
    onInvite: receive,
    ...(options.network === undefined ? {} : { network: options.network }),
    ...(options.timing === undefined ? {} : { timing: options.timing }),
    ...(options.flights === undefined ? {} : { flights: options.flights }),
    ...(options.failed === undefined ? {} : { failed: options.failed }),
  });

  const dial = async (call: DialOptions): Promise<DialledCall> => {
    const line = await world.lines.open();
    if (line === undefined) throw new Error(`the simulated carrier has no line left (${mostCalls} calls)`);
    const target = server();
    const requestUri = `sip:${call.to}@${bracketed(target.host)}:${target.port}`;
    const placed = new PlacedCall({
      world,
      dial: call,
      phone: new FarPhone(line, host, world.nextSessionId()),
      forget,
      place: (sdp, handlers) =>
        endpoint.invite(
          {
            target,
            requestUri,
            from: `sip:${call.from}@${call.from === 'anonymous' ? 'anonymous.invalid' : bracketed(host)}`,
            to: requestUri,
            sdp,
            ...(call.displayName === undefined ? {} : { displayName: call.displayName }),
            ...(call.headers === undefined ? {} : { headers: call.headers }),
          },
          handlers,
        ),
    });
    calls.add(placed);
    return placed;
  };

  const hangUpAll = (): void => {
    for (const call of calls) call.hangUp();
  };

  return {
    start: async () => {
      const [address] = await endpoint.start();
      return address!;
    },
    stop: async () => {
      await endpoint.stop();
      for (const call of calls) call.drop();
      world.lines.close();
    },
    dial,
    calls: () => [...calls],
    hangUpAll,
  };
};
