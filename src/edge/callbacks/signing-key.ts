/** The server's own key pair: made once, kept in the store, so that a token outlives a restart. */
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import type { Json, Store } from '../../app/ports/store.ts';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** For the key set, with `kid`, `use` and `alg`. */
  readonly publicJwk: JWK;
}

/** Documents that a reset must keep: tokens in use name this key. */
export const keysCollection = 'keys';
const name = 'signing';

export async function openSigningKey(store: Pick<Store, 'document' | 'putDocument'>): Promise<SigningKey> {
  const kept = store.document(keysCollection, name);
  const secret = kept === undefined ? await makeKey() : (kept as JWK);
  if (kept === undefined) await store.putDocument(keysCollection, name, secret as Json);
  const { kty, n, e } = secret;
  if (kty !== 'RSA' || n === undefined || e === undefined) {
    throw new Error(
      `The document ${keysCollection}/${name} of the store holds no RSA key. Delete it to get a new one.`,
    );
  }
  const kid = await calculateJwkThumbprint({ kty, n, e });
  const publicJwk: JWK = { kty, n, e, kid, use: 'sig', alg: 'RS256' };
  return {
    kid,
    publicJwk,
    privateKey: await rsa(secret),
    publicKey: await rsa(publicJwk),
  };
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
