/** An issuer of tokens as Entra ID is one: publishes its keys, and gives tokens with whatever claims are asked for. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { issueCertificate } from '../../src/main.ts';

export type Claims = Readonly<Record<string, unknown>>;
export type SignedWith = 'key' | 'certificate';

/** A tenant, an application in it and the object id of its service principal. */
export const entraTenant = 'c70d068c-2f32-484d-9455-73070cd5aadd';
export const entraApp = '2c3e1e83-8fd7-4615-ad2b-b8c1229845ac';
export const entraObject = 'b27b64b9-39d2-44a3-869d-67700b74e805';

const lifeSeconds = 3600;

export class EntraIssuer {
  readonly #server: Server;
  #keys: readonly { readonly kid: string; readonly pair: GenerateKeyPairResult }[] = [];
  #made = 0;
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** While it is so, every request is answered 503. */
  silent = false;

  private constructor() {
    this.#server = createServer((request, response) => {
      const path = request.url ?? '';
      this.asked.push(path);
      const answer = (status: number, body: unknown): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (this.silent) answer(503, {});
      else if (path.endsWith('/.well-known/openid-configuration'))
        answer(200, { jwks_uri: `${this.url}/keys` });
      else if (path === '/keys')
        Promise.all(
          this.#keys.map(async ({ kid, pair }) => ({
            ...(await exportJWK(pair.publicKey)),
            kid,
            use: 'sig',
          })),
        ).then(
          (keys) => answer(200, { keys }),
          (error: unknown) => answer(500, { error: String(error) }),
        );
      else answer(404, {});
    });
  }

  static async open(): Promise<EntraIssuer> {
    const issuer = new EntraIssuer();
    await issuer.rotate();
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A new key signs from now on, and is the only one that is published. */
  async rotate(): Promise<void> {
    this.#made += 1;
    this.#keys = [{ kid: `key-${this.#made}`, pair: await generateKeyPair('RS256') }];
  }

  /** Of the application above, for the service APIs, unless `claims` say otherwise; undefined leaves a claim out. */
  async token(claims: Claims = {}, signedWith: SignedWith = 'key'): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const tid = claims.tid ?? entraTenant;
    const payload = {
      iss: `${this.url}/${tid}/v2.0`,
      aud: 'https://communication.azure.com',
      iat: now,
      nbf: now,
      exp: now + lifeSeconds,
      tid,
      oid: entraObject,
      azp: entraApp,
      idtyp: 'app',
      ...claims,
    };
    if (signedWith === 'certificate') return signedByCertificate(payload);
    const key = this.#keys[0];
    if (!key) throw new Error('the issuer has no key');
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
      .sign(key.pair.privateKey);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** By an authority that is made for the occasion and thrown away. */
async function signedByCertificate(payload: Claims): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-entra-'));
  try {
    const { cert, key } = await issueCertificate(directory, [String(payload.azp)]);
    const chain = cert.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
    const x5c = chain.map((pem) => new X509Certificate(pem).raw.toString('base64'));
    return await new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', x5c, typ: 'JWT' })
      .sign(createPrivateKey(key));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
