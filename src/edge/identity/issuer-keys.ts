/** The published keys of one token issuer: fetched when they are needed, kept, and fetched again when a token names a new one. */
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** A GET to an address that the configuration names, guarded like every other; `failed`: why there was no answer. */
export type Get = (
  url: string,
) => Promise<{ readonly status: number; readonly body: string } | { readonly failed: string }>;

export interface IssuerKeysOptions {
  readonly issuer: string;
  /** Where the key set is; absent: where the issuer's OpenID configuration says. */
  readonly keysUrl: string | undefined;
  readonly get: Get;
  /** Wall time. */
  readonly now: () => number;
}

/** The keys could not be had, and why. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/** Microsoft asks for a look every 24 hours; a key that was withdrawn should be gone sooner. */
const freshMs = 60 * 60_000;
/** Tokens with made-up key ids must not make us ask for each. */
const pauseMs = 10_000;

export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  #keys: { readonly find: JWTVerifyGetKey; readonly ids: ReadonlySet<string> } | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #failure = '';
  #fetching: Promise<void> | undefined;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /** Resolves to what `jwtVerify` takes. Rejects with `KeysUnavailable` while there are none at all. */
  async forKey(kid: string | undefined): Promise<JWTVerifyGetKey> {
    const now = this.#options.now();
    const known = this.#keys && (kid === undefined || this.#keys.ids.has(kid));
    const stale = now - this.#fetchedAt >= freshMs;
    if ((!known || stale) && now - this.#triedAt >= pauseMs) await this.#refresh(now);
    else if (this.#fetching) await this.#fetching;
    if (!this.#keys) throw new KeysUnavailable(this.#failure);
    return this.#keys.find;
  }

  #refresh(now: number): Promise<void> {
    this.#triedAt = now;
    this.#fetching ??= this.#fetch(now).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** What was there stays where the issuer does not answer. */
  async #fetch(now: number): Promise<void> {
    try {
      const set = keySet(await this.#json(await this.#keysUrl()));
      const ids = set.keys.flatMap(({ kid }) => (kid === undefined ? [] : [kid]));
      this.#keys = { find: createLocalJWKSet(set), ids: new Set(ids) };
      this.#fetchedAt = now;
    } catch (error) {
      if (!(error instanceof KeysUnavailable)) throw error;
      this.#failure = error.message;
    }
  }

  async #keysUrl(): Promise<string> {
    const { keysUrl, issuer } = this.#options;
    if (keysUrl !== undefined) return keysUrl;
    const where = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
    const { jwks_uri: found } = (await this.#json(where)) as { readonly jwks_uri?: unknown };
    if (typeof found === 'string') return found;
    throw new KeysUnavailable(
      `${where} names no jwks_uri. Set keys: to the address of the issuer's key set.`,
    );
  }

  async #json(url: string): Promise<object> {
    const answer = await this.#options.get(url);
    if ('failed' in answer) throw new KeysUnavailable(`${url}: ${answer.failed}`);
    if (answer.status !== 200) throw new KeysUnavailable(`${url} answered ${answer.status} instead of 200.`);
    try {
      const parsed: unknown = JSON.parse(answer.body);
      if (typeof parsed === 'object' && parsed !== null) return parsed;
    } catch {
      // Said below, as of any other text that is no object.
    }
    throw new KeysUnavailable(`${url} answered with something else than a JSON object.`);
  }
}

function keySet(found: object): JSONWebKeySet {
  const { keys } = found as { readonly keys?: unknown };
  if (!Array.isArray(keys)) throw new KeysUnavailable('The key set of the issuer has no keys.');
  // A secret in a public set would let everybody sign.
  return { keys: keys.filter((key) => typeof key === 'object' && key !== null && key.kty !== 'oct') };
}
