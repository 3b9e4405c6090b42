import net from 'node:net';
import { serviceName } from '../../wire/sip/srv.ts';
import type { Network } from '../sip/network.ts';
import type { Trunk } from './trunk.ts';

/** Addresses of trunks, by name of the trunk. */
export type Addresses = ReadonlyMap<string, readonly string[]>;

export function hasList(allow: Trunk['allow']): allow is readonly string[] {
  return allow !== 'none' && allow.length > 0;
}

/** Finds out which addresses the names of trunks stand for that have no list of sources. */
export class Whereabouts {
  readonly #network: Pick<Network, 'resolve' | 'services'>;
  readonly #failed: (error: unknown) => void;
  /** By host, so that a name that is unknown for a while keeps its last addresses. */
  readonly #known = new Map<string, readonly string[]>();

  constructor(network: Pick<Network, 'resolve' | 'services'>, failed: (error: unknown) => void) {
    this.#network = network;
    this.#failed = failed;
  }

  async of(trunks: readonly Trunk[]): Promise<Addresses> {
    const found = await Promise.all(
      trunks
        .filter(({ allow }) => !hasList(allow))
        .map(async (trunk) => [trunk.name, await this.#of(trunk)] as const),
    );
    return new Map(found);
  }

  async #of(trunk: Trunk): Promise<readonly string[]> {
    const { name, host, protocol, srv } = trunk;
    if (net.isIP(host) !== 0) return [host];
    const key = srv ? serviceName(protocol, host) : host;
    const before = this.#known.get(key);
    const services = srv ? await this.#network.services(key) : [];
    const hosts = services.length > 0 ? services.map((service) => service.name) : [host];
    const asked = await Promise.allSettled(hosts.map((each) => this.#network.resolve(each)));
    const addresses = [
      ...new Set(asked.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))),
    ].sort();
    if (addresses.length === 0) {
      // Said once: `ringback trunks` says it for as long as it lasts.
      if (before === undefined) {
        const cause = asked.find((each) => each.status === 'rejected')?.reason;
        this.#failed(
          new Error(`trunk ${name}: ${host} has no address, so no call is taken from it`, { cause }),
        );
      }
      this.#known.set(key, before ?? []);
      return before ?? [];
    }
    this.#known.set(key, addresses);
    return addresses;
  }
}
