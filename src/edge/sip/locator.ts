import net from 'node:net';
import { pointedServices, type Service } from '../../wire/sip/naptr.ts';
import { orderServices, serviceName } from '../../wire/sip/srv.ts';
import type { Target } from './api.ts';
import { hostPort } from './flow.ts';
import type { Network } from './network.ts';
import { reasonOf } from './network-real.ts';

/** How long a server that failed is tried after all others (RFC 3263 4.3). */
const AVOID_MS = 60_000;
const MAX_AVOIDED = 1024;
/** How many servers one request is tried at. */
const MAX_SERVERS = 8;

/** Finds the servers behind a name: RFC 3263 4. */
export class Locator {
  readonly #network: Network;
  readonly #chance: () => number;
  /** Servers that failed, and until when that is believed. */
  readonly #avoided = new Map<string, number>();

  constructor(network: Network, chance: () => number = Math.random) {
    this.#network = network;
    this.#chance = chance;
  }

  /** Calls with addresses, best first and at least one, or with why there is none; at once for an address literal. */
  locate(target: Target, use: (found: readonly Target[] | string) => void): void {
    if (net.isIP(target.host) !== 0) {
      use([target]);
      return;
    }
    this.#find(target).then(
      (found) => use(found.length > 0 ? this.#sorted(found) : `unknown host ${target.host}`),
      (error) => use(`${reasonOf(error)} ${target.host}`),
    );
  }

  avoid(target: Target): void {
    if (this.#avoided.size >= MAX_AVOIDED) this.#avoided.clear();
    this.#avoided.set(nameOf(target), performance.now() + AVOID_MS);
  }

  async #find(target: Target): Promise<readonly Target[]> {
    // RFC 5922 7.1: a certificate is for the name that was asked for, not for the server it led to.
    const serverName = target.serverName ?? target.host;
    const found: Target[] = [];
    let records = 0;
    let servers = 0;
    for (const { protocol, name } of await this.#services(target)) {
      const said = await this.#network.services(name);
      records += said.length;
      for (const server of orderServices(said, this.#chance)) {
        servers += 1;
        const at = { ...target, protocol, host: server.name, port: server.port, serverName };
        // A server whose name is unknown is one that failed.
        found.push(...(await this.#addresses(at).catch(() => [])));
        if (found.length >= MAX_SERVERS) return found;
      }
    }
    if (records === 0) return this.#addresses({ ...target, serverName });
    if (servers === 0) throw new Error('no service at');
    return found;
  }

  async #services({ protocol, host, srv, naptr }: Target): Promise<readonly Service[]> {
    const pointed = naptr ? pointedServices(await this.#network.pointers(host), protocol) : [];
    if (pointed.length > 0) return pointed;
    return srv || naptr ? [{ protocol, name: serviceName(protocol, host) }] : [];
  }

  async #addresses(target: Target): Promise<readonly Target[]> {
    const hosts = await this.#network.resolve(target.host);
    return hosts.slice(0, MAX_SERVERS).map((host) => ({ ...target, host }));
  }

  #sorted(found: readonly Target[]): readonly Target[] {
    const now = performance.now();
    const bad = (target: Target): number => ((this.#avoided.get(nameOf(target)) ?? 0) > now ? 1 : 0);
    return found.toSorted((a, b) => bad(a) - bad(b));
  }
}

function nameOf(target: Target): string {
  return `${target.protocol} ${hostPort(target)}`;
}
