/** Identities and their tokens: creates, issues, revokes, deletes; judges every token that is shown anywhere. */
import {
  type Event,
  evolve,
  exists,
  faultOf,
  type Identity,
  ownedBy,
  type TokenClaims,
  tokenFor,
  tokenLife,
} from '../../domain/identity/identity.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { Scope } from '../../domain/ids/scope.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/directory.ts';
import type { Identities, JudgedToken, KnownUser } from '../ports/identities.ts';
import type { Json, Store } from '../ports/store.ts';
import type { ReadToken, TokenMint } from '../ports/token-mint.ts';

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Instant;
}

export interface TokenOrder {
  readonly scopes: readonly Scope[];
  readonly minutes?: number;
  /** Name of the access key that asks. */
  readonly accessKey?: string;
}

export interface CreateIdentity {
  readonly resourceId: string;
  readonly customId?: string;
  /** Absent: no token is wanted. */
  readonly token?: TokenOrder;
}

export interface CreatedIdentity {
  readonly identity: Identity;
  readonly token?: IssuedToken;
  /** It was there before, under its custom id. */
  readonly existed: boolean;
}

/** An identity of a resource; who asks for another's, or for none, is told `not-owned`. */
export interface OneIdentity {
  readonly resourceId: string;
  readonly id: string;
}

export type NotOwned = { readonly refused: 'not-owned' };

export interface IdentityCommands {
  create(command: CreateIdentity): Promise<CreatedIdentity>;
  get(one: OneIdentity): Identity | NotOwned;
  issue(command: OneIdentity & TokenOrder): Promise<IssuedToken | NotOwned>;
  revoke(one: OneIdentity): Promise<NotOwned | undefined>;
  delete(one: OneIdentity): Promise<NotOwned | undefined>;
  /** A token for somebody whom another issuer knows; the identity comes with the first. `until`: on Ringback's clock. */
  exchange(
    command: OneIdentity & { readonly scopes: readonly Scope[]; readonly until: Instant },
  ): Promise<IssuedToken | NotOwned>;
}

export interface IdentityDeskParts {
  readonly store: Pick<Store, 'document' | 'putDocument'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly mint: TokenMint;
  /** Names of the access keys that each served resource has now. */
  readonly accessKeys: ReadonlyMap<string, ReadonlySet<string>>;
  /** A listener threw: a defect of ours that must not keep the others from being told. */
  readonly onDefect: (error: unknown) => void;
}

/** Collections of the store: identities by raw id, raw ids by resource and custom id. */
export const identitiesCollection = 'identities';
const customIdsCollection = 'identity-custom-ids';

/** What is kept in memory of each; the store has the rest. */
const mostRemembered = 10_000;
const notOwned: NotOwned = { refused: 'not-owned' };

type Listener = (userRawId: string) => void;

export class IdentityDesk implements Identities, IdentityCommands {
  readonly #parts: IdentityDeskParts;
  /** Written before the store is, so that what was decided holds for the next request at once. */
  readonly #known = new Map<string, Identity>();
  /** Custom ids whose identity is being stored. */
  readonly #named = new Map<string, Promise<Identity>>();
  /** Tokens that are genuine: a signature need not be checked at every request. */
  readonly #read = new Map<string, Extract<ReadToken, { claims: unknown }>>();
  readonly #revoked = new Set<Listener>();
  readonly #deleted = new Set<Listener>();

  constructor(parts: IdentityDeskParts) {
    this.#parts = parts;
  }

  user(rawId: string): KnownUser | undefined {
    const identity = this.#find(rawId);
    if (!identity || !this.#parts.accessKeys.has(identity.resourceId)) return undefined;
    const { resourceId, createdAt } = identity;
    return { resourceId, createdAt, exists: exists(identity) };
  }

  async judge(token: string): Promise<JudgedToken> {
    const read = this.#read.get(token) ?? (await this.#parts.mint.readUserToken(token));
    if ('refused' in read) return read;
    remember(this.#read, token, read);
    const { claims, tokenId } = read;
    const { accessKeys, clock } = this.#parts;
    const fault = faultOf(claims, this.#find(claims.user), accessKeys, clock.now());
    if (fault !== undefined) return { refused: fault };
    const { user: userRawId, resourceId, scopes, expiresAt } = claims;
    return { userRawId, resourceId, scopes, expiresAt, tokenId };
  }

  onRevoked(listener: Listener): () => void {
    return subscribe(this.#revoked, listener);
  }

  onDeleted(listener: Listener): () => void {
    return subscribe(this.#deleted, listener);
  }

  async create({ resourceId, customId, token }: CreateIdentity): Promise<CreatedIdentity> {
    const { identity, existed } = await this.#identityOf(resourceId, customId);
    if (!token) return { identity, existed };
    const issued = await this.#issue(identity, token);
    return { identity: this.#find(identity.id) ?? identity, existed, token: issued };
  }

  get({ resourceId, id }: OneIdentity): Identity | NotOwned {
    const identity = this.#find(id);
    return ownedBy(identity, resourceId) ? identity : notOwned;
  }

  async issue({ resourceId, id, ...order }: OneIdentity & TokenOrder): Promise<IssuedToken | NotOwned> {
    const identity = this.#find(id);
    return ownedBy(identity, resourceId) ? this.#issue(identity, order) : notOwned;
  }

  async revoke({ resourceId, id }: OneIdentity): Promise<NotOwned | undefined> {
    const identity = this.#find(id);
    if (!ownedBy(identity, resourceId)) return notOwned;
    await this.#change(identity, { event: 'tokens-revoked', series: this.#parts.ids.next() });
    this.#tell(this.#revoked, id);
    return undefined;
  }

  async delete({ resourceId, id }: OneIdentity): Promise<NotOwned | undefined> {
    const identity = this.#find(id);
    if (!ownedBy(identity, resourceId)) return notOwned;
    const { ids, clock, store } = this.#parts;
    const forgotten =
      identity.customId === undefined
        ? undefined
        : store.putDocument(customIdsCollection, customKey(resourceId, identity.customId), undefined);
    const deleted = this.#change(identity, { event: 'deleted', at: clock.now(), series: ids.next() });
    await Promise.all([deleted, forgotten]);
    this.#tell(this.#revoked, id);
    this.#tell(this.#deleted, id);
    return undefined;
  }

  async exchange({
    resourceId,
    id,
    scopes,
    until,
  }: OneIdentity & { readonly scopes: readonly Scope[]; readonly until: Instant }): Promise<
    IssuedToken | NotOwned
  > {
    const identity = this.#find(id) ?? (await this.#add(resourceId, id));
    if (!ownedBy(identity, resourceId)) return notOwned;
    const claims = tokenFor(identity, { scopes, minutes: 0 }, this.#parts.clock.now());
    return this.#sign(identity, { ...claims, expiresAt: Math.floor(until / 1000) * 1000 });
  }

  /** After the store was reset. */
  forget(): void {
    const known = [...this.#known.keys()];
    this.#known.clear();
    for (const id of known) this.#tell(this.#revoked, id);
  }

  #find(id: string): Identity | undefined {
    const known = this.#known.get(id);
    if (known) return known;
    const stored = this.#parts.store.document(identitiesCollection, id) as unknown as Identity | undefined;
    if (stored) remember(this.#known, id, stored);
    return stored;
  }

  async #identityOf(
    resourceId: string,
    customId: string | undefined,
  ): Promise<{ readonly identity: Identity; readonly existed: boolean }> {
    const { ids, store } = this.#parts;
    // The user part begins with zeros, as the ids that ACS gives out do.
    const rawId = (): string => `8:acs:${resourceId}_00000020-${ids.next().slice(9)}`;
    if (customId === undefined) return { identity: await this.#add(resourceId, rawId()), existed: false };
    const key = customKey(resourceId, customId);
    const pending = this.#named.get(key);
    if (pending) return { identity: await pending, existed: true };
    const stored = store.document(customIdsCollection, key);
    const identity = typeof stored === 'string' ? this.#find(stored) : undefined;
    if (identity) return { identity, existed: true };
    const adding = this.#add(resourceId, rawId(), customId).finally(() => this.#named.delete(key));
    this.#named.set(key, adding);
    return { identity: await adding, existed: false };
  }

  async #add(resourceId: string, id: string, customId?: string): Promise<Identity> {
    const { clock, ids, store } = this.#parts;
    const identity: Identity = {
      id,
      resourceId,
      createdAt: clock.now(),
      series: ids.next(),
      ...(customId === undefined ? {} : { customId }),
    };
    const named =
      customId === undefined
        ? undefined
        : store.putDocument(customIdsCollection, customKey(resourceId, customId), id);
    await Promise.all([this.#put(identity), named]);
    return identity;
  }

  #issue(identity: Identity, { scopes, minutes, accessKey }: TokenOrder): Promise<IssuedToken> {
    const order = {
      scopes,
      minutes: minutes ?? tokenLife.standard,
      ...(accessKey === undefined ? {} : { accessKey }),
    };
    return this.#sign(identity, tokenFor(identity, order, this.#parts.clock.now()));
  }

  async #sign(identity: Identity, claims: TokenClaims): Promise<IssuedToken> {
    const { mint, clock } = this.#parts;
    const token = await mint.issueUserToken(claims);
    // Whatever happened to the identity meanwhile stays.
    const now = this.#find(identity.id) ?? identity;
    if (exists(now)) await this.#change(now, { event: 'token-issued', at: clock.now() });
    return { token, expiresAt: claims.expiresAt };
  }

  #change(identity: Identity, event: Event): Promise<void> {
    return this.#put(evolve(identity, event));
  }

  /** What could not be stored is forgotten: the store's word counts. */
  async #put(identity: Identity): Promise<void> {
    remember(this.#known, identity.id, identity);
    try {
      await this.#parts.store.putDocument(identitiesCollection, identity.id, identity as unknown as Json);
    } catch (error) {
      this.#known.delete(identity.id);
      throw error;
    }
  }

  #tell(listeners: ReadonlySet<Listener>, id: string): void {
    for (const listener of [...listeners]) {
      try {
        listener(id);
      } catch (error) {
        this.#parts.onDefect(error);
      }
    }
  }
}

const customKey = (resourceId: string, customId: string): string => `${resourceId} ${customId}`;

function subscribe(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The one that was put in first makes room. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > mostRemembered) map.delete(map.keys().next().value as string);
}
