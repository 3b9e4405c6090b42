/** The server's own key pairs, kept in the store so that tokens outlive a restart; a new one takes over from time to time. */
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import type { Json, Store } from '../../app/ports/store.ts';
import type { Instant } from '../../domain/ids/instant.ts';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** For the key set, with `kid`, `use` and `alg`. */
  readonly publicJwk: JWK;
}

export interface KeyRing {
  /** To sign with; a new key when the last one has done its time. */
  current(at: Instant): Promise<SigningKey>;
  find(kid: string): SigningKey | undefined;
  /** Public parts, the oldest first. */
  published(): readonly JWK[];
}

/** Documents that a reset must keep: tokens in use name these keys. */
export const keysCollection = 'keys';
const name = 'signing';

const days = 24 * 3_600_000;
/** How long a key signs. */
export const keyLifeMs = 90 * days;
/** How long it is kept and published after that: no token lives longer than a day. */
const keptAfterMs = 2 * days;

interface Kept {
  readonly madeAt: Instant;
  readonly jwk: JWK;
}

interface Held extends Kept {
  readonly key: SigningKey;
}

/** One key alone is what the first versions kept. */
function readKept(document: Json | undefined, at: Instant): readonly Kept[] {
  if (document === undefined) return [];
  if (typeof document === 'object' && document !== null && 'kty' in document)
    return [{ madeAt: at, jwk: document as JWK }];
  return (document as unknown as { readonly keys: readonly Kept[] }).keys;
}

export async function openKeyRing(
  store: Pick<Store, 'document' | 'putDocument'>,
  at: Instant,
): Promise<KeyRing> {
  const hold = async (kept: Kept): Promise<Held> => ({ ...kept, key: await signingKey(kept.jwk) });
  let held: readonly Held[] = await Promise.all(readKept(store.document(keysCollection, name), at).map(hold));
  let renewing: Promise<SigningKey> | undefined;

  const renew = async (now: Instant): Promise<SigningKey> => {
    const next = await hold({ madeAt: now, jwk: await makeKey() });
    const needed = held.filter(({ madeAt }) => now < madeAt + keyLifeMs + keptAfterMs);
    const all = [...needed, next];
    // Before anything is signed with it: a token must not outlive its key.
    const keys = all.map(({ madeAt, jwk }) => ({ madeAt, jwk }));
    await store.putDocument(keysCollection, name, { keys } as unknown as Json);
    held = all;
    return next.key;
  };
  const current = async (now: Instant): Promise<SigningKey> => {
    const last = held.at(-1);
    if (last && now < last.madeAt + keyLifeMs) return last.key;
    renewing ??= renew(now).finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
  await current(at);
  return {
    current,
    find: (kid) => held.find(({ key }) => key.kid === kid)?.key,
    published: () => held.map(({ key }) => key.publicJwk),
  };
}

async function signingKey(secret: JWK): Promise<SigningKey> {
  const { kty, n, e } = secret;
  if (kty !== 'RSA' || n === undefined || e === undefined) {
    throw new Error(
      `The document ${keysCollection}/${name} of the store holds no RSA key. Delete it to get a new one.`,
    );
  }
  const kid = await calculateJwkThumbprint({ kty, n, e });
  const publicJwk: JWK = { kty, n, e, kid, use: 'sig', alg: 'RS256' };
  return { kid, publicJwk, privateKey: await rsa(secret), publicKey: await rsa(publicJwk) };
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return exportJWK(privateKey);
}

async function rsa(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'RS256');
  if (key instanceof Uint8Array) throw new Error('An RSA key was read as a secret.');
  return key;
}
