/**
 * Calling clients for those who have none: endpoints of ACS users inside the process, reached over real SIP and RTP.
 *
 * ```ts
 * const clients = createSimulatedClients({ clock, quiet });
 * const alice = await clients.register('8:acs:…_alice');
 * const call = await alice.ringing(); // the server calls her
 * call.answer();
 * ```
 */
import type { Address, Flights, InboundCall, InboundHandlers, Timing } from '../../edge/sip/api.ts';
import { createSipEndpoint } from '../../edge/sip/endpoint.ts';
import type { Network } from '../../edge/sip/network.ts';
import { parseUri } from '../../wire/sip/uri.ts';
import type { Behaviour } from '../carrier/numbers.ts';
import { ReceivedCall } from '../carrier/received-call.ts';
import { RtpLines } from '../carrier/rtp-lines.ts';
import type { CarrierClock, CarrierPace, CarrierQuiet, CarrierWorld } from '../carrier/world.ts';

/** What the user does with calls, unless a test does something else first. */
export type ClientBehaviour =
  /** Lets them ring. */
  | 'rings'
  | 'accepts'
  /** Accepts, and no audio of it ever comes. */
  | 'accepts-mute'
  | 'declines'
  | 'busy'
  /** Is registered, and nothing comes back. */
  | 'plays-dead';

/** One call at the client of a user. */
export interface ClientCall
  extends Pick<
    ReceivedCall,
    'state' | 'answer' | 'hangUp' | 'speak' | 'hearsSound' | 'packetsHeard' | 'sipCallId'
  > {
  /** 603. */
  decline(): void;
  /** 486. */
  busy(): void;
  /** The microphone: nothing is said until it is switched on again. */
  mute(): void;
  unmute(): void;
}

export interface ClientEndpoint {
  readonly rawId: string;
  does: ClientBehaviour;
  /** Alive ones, oldest first. */
  readonly calls: readonly ClientCall[];
  /** The next call that has not been given out yet. */
  ringing(): Promise<ClientCall>;
  /** Nobody can call the user here any more. Calls that are up go on. */
  unregister(): void;
}

export interface SimulatedClientsOptions {
  readonly clock: CarrierClock;
  readonly quiet: CarrierQuiet;
  /** `127.0.0.1` when absent; SIP and RTP are both there. */
  readonly host?: string;
  readonly network?: Network;
  readonly timing?: Partial<Timing>;
  readonly flights?: Flights;
  readonly pace?: Partial<CarrierPace>;
  /** A bug in a client; the process is warned when absent. */
  readonly failed?: (error: unknown) => void;
}

export interface SimulatedClients {
  start(): Promise<Address>;
  stop(): Promise<void>;
  /** One endpoint a user: registering again changes what it does. */
  register(rawId: string, does?: ClientBehaviour): ClientEndpoint;
  endpoint(rawId: string): ClientEndpoint | undefined;
  readonly endpoints: readonly ClientEndpoint[];
  /** As if every client was closed. */
  unregisterAll(): void;
}

const behaviours: Readonly<Record<Exclude<ClientBehaviour, 'plays-dead'>, Living>> = {
  rings: { does: 'rings-for-ever' },
  accepts: { does: 'answers', voice: 'silence' },
  'accepts-mute': { does: 'answers', voice: 'nothing' },
  declines: { does: 'refuses', status: 603 },
  busy: { does: 'refuses', status: 486 },
};
type Living = Exclude<Behaviour, { readonly does: 'plays-dead' }>;

class Client implements ClientEndpoint {
  readonly rawId: string;
  does: ClientBehaviour;
  readonly unregister: () => void;
  readonly #calls = new Set<Call>();
  readonly #waiting: ((call: ClientCall) => void)[] = [];
  readonly #fresh: ClientCall[] = [];

  constructor(rawId: string, does: ClientBehaviour, unregister: () => void) {
    this.rawId = rawId;
    this.does = does;
    this.unregister = unregister;
  }

  get calls(): readonly ClientCall[] {
    return [...this.#calls];
  }

  ringing(): Promise<ClientCall> {
    const call = this.#fresh.shift();
    return call ? Promise.resolve(call) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  take(world: CarrierWorld, call: InboundCall): InboundHandlers {
    if (this.does === 'plays-dead') {
      call.ignore();
      return { ended: () => {} };
    }
    const from = parseUri(call.invite.from.uri);
    const taken = new Call({
      world,
      call,
      from: from && from.scheme !== 'tel' ? from.user : '',
      to: this.rawId,
      behaviour: behaviours[this.does],
      forget: () => this.#calls.delete(taken),
    });
    this.#calls.add(taken);
    const waits = this.#waiting.shift();
    if (waits) waits(taken);
    else this.#fresh.push(taken);
    taken.begin();
    return taken.handlers;
  }

  drop(): void {
    for (const call of this.#calls) call.drop();
  }
}

class Call extends ReceivedCall implements ClientCall {
  decline(): void {
    this.reject(603);
  }

  busy(): void {
    this.reject(486);
  }

  mute(): void {
    this.speak('silence');
  }

  unmute(): void {
    this.speak('tone');
  }
}

/** The user that a Request-URI names (RFC 3261 19.1.2: its colons are escaped). */
function userIn(uri: string): string {
  const parsed = parseUri(uri);
  if (parsed === undefined || parsed.scheme === 'tel') return '';
  try {
    return decodeURIComponent(parsed.user);
  } catch {
    // No UTF-8 behind the escapes: nobody is called so.
    return '';
  }
}

export function createSimulatedClients(options: SimulatedClientsOptions): SimulatedClients {
  const { clock, quiet, host = '127.0.0.1' } = options;
  const mostCalls = 1000;
  let sessionId = clock.now();
  const world: CarrierWorld = {
    clock,
    quiet,
    pace: { ring: 100, keys: 500, ...options.pace },
    lines: new RtpLines(host, mostCalls),
    address: host,
    nextSessionId: () => ++sessionId,
  };
  const clients = new Map<string, Client>();
  /** With calls, though their user is no longer registered. */
  const all = new Set<Client>();
  const endpoint = createSipEndpoint({
    hosts: [host],
    port: 0,
    product: 'simulated-client',
    clock: { after: (ms, name, fire) => clock.at(clock.now() + ms, `client ${name}`, fire) },
    bounds: { calls: mostCalls },
    onInvite: (call) => {
      const client = clients.get(userIn(call.invite.requestUri));
      if (client) return client.take(world, call);
      call.reject(404);
      return { ended: () => {} };
    },
    ...(options.network === undefined ? {} : { network: options.network }),
    ...(options.timing === undefined ? {} : { timing: options.timing }),
    ...(options.flights === undefined ? {} : { flights: options.flights }),
    ...(options.failed === undefined ? {} : { failed: options.failed }),
  });
  return {
    start: async () => {
      const [address] = await endpoint.start();
      if (!address) throw new Error('the simulated clients got no port to listen on');
      return address;
    },
    stop: async () => {
      await endpoint.stop();
      for (const client of all) client.drop();
      world.lines.close();
    },
    register: (rawId, does = 'rings') => {
      const known = clients.get(rawId);
      if (known) {
        known.does = does;
        return known;
      }
      const client = new Client(rawId, does, () => void clients.delete(rawId));
      clients.set(rawId, client);
      all.add(client);
      return client;
    },
    endpoint: (rawId) => clients.get(rawId),
    get endpoints() {
      return [...clients.values()];
    },
    unregisterAll: () => clients.clear(),
  };
}
