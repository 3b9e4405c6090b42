/** SIP routing of each resource: what it set, in force as soon as it is answered, and kept. */
import {
  changeSipConfiguration,
  emptySipConfiguration,
  faultOf,
  isInUse,
  routesFor,
  type SipChange,
  type SipConfiguration,
  type SipFault,
  type SipRoute,
} from '../../domain/numbers/sip-configuration.ts';
import type { Store } from '../ports/store.ts';
import { DocumentShelf } from './document-shelf.ts';

export interface SipRoutingParts {
  readonly store: Pick<Store, 'documents' | 'putDocument'>;
  /** The trunks and routes of a resource have changed: resolves when calls use them. */
  readonly apply: (resourceId: string) => Promise<void>;
  /** What OPTIONS says of a trunk. */
  readonly health: (resourceId: string, fqdn: string) => TrunkHealth;
}

export interface TrunkHealth {
  readonly state: 'up' | 'down' | 'unknown';
  readonly tls: boolean;
}

export type SipAnswer<T> = { readonly ok: T } | { readonly fault: SipFault };

export interface SipRoutingCommands {
  get(resourceId: string): SipConfiguration;
  change(resourceId: string, change: SipChange): Promise<SipAnswer<SipConfiguration>>;
  /** Routes that this number takes, the first one first; `configuration`: another one than that of the resource. */
  test(resourceId: string, number: string, configuration?: SipConfiguration): SipAnswer<readonly SipRoute[]>;
  health(resourceId: string, fqdn: string): TrunkHealth;
}

export interface TrunkInUse {
  readonly resourceId: string;
  readonly fqdn: string;
  readonly port: number;
}

interface Kept {
  readonly resourceId: string;
  readonly configuration: SipConfiguration;
}

export class SipRoutingDesk implements SipRoutingCommands {
  readonly #parts: SipRoutingParts;
  readonly #shelf: DocumentShelf<Kept>;

  constructor(parts: SipRoutingParts) {
    this.#parts = parts;
    this.#shelf = new DocumentShelf(parts.store, 'sip-routing');
  }

  get(resourceId: string): SipConfiguration {
    return this.#shelf.get(resourceId)?.configuration ?? emptySipConfiguration;
  }

  async change(resourceId: string, change: SipChange): Promise<SipAnswer<SipConfiguration>> {
    const changed = changeSipConfiguration(this.get(resourceId), change);
    if ('fault' in changed) return changed;
    await this.#shelf.put(resourceId, { resourceId, configuration: changed.ok });
    await this.#parts.apply(resourceId);
    return changed;
  }

  test(resourceId: string, number: string, configuration?: SipConfiguration): SipAnswer<readonly SipRoute[]> {
    const fault = configuration && faultOf(configuration);
    if (fault) return { fault };
    return { ok: routesFor(configuration ?? this.get(resourceId), number) };
  }

  health(resourceId: string, fqdn: string): TrunkHealth {
    return this.#parts.health(resourceId, fqdn);
  }

  /** Those of every resource that calls go over. */
  trunksInUse(): readonly TrunkInUse[] {
    return this.#shelf.values().flatMap(({ resourceId, configuration }) =>
      Object.entries(configuration.trunks)
        .filter(([fqdn]) => isInUse(configuration, fqdn))
        .map(([fqdn, { port }]) => ({ resourceId, fqdn, port })),
    );
  }

  /** Those of every resource, the first one first. */
  routes(): readonly (SipRoute & { readonly resourceId: string })[] {
    return this.#shelf
      .values()
      .flatMap(({ resourceId, configuration }) =>
        configuration.routes.map((route) => ({ ...route, resourceId })),
      );
  }

  /** After the store was reset. */
  forget(): void {
    this.#shelf.clear();
  }
}
