/** Who is asking. Nothing secret goes into a message: no key, no signature, no token. */
import { type RequestCause, refuse } from '../../app/desks/refusals.ts';
import type { TokenRefusal } from '../../app/ports/identities.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, type Reply, refusal } from './exchange.ts';
import { findSigner, missingFrom, readClaim, signedDate, signingKeys } from './signature.ts';
import { explainDifference, type Surroundings } from './signature-difference.ts';

/** Azure App Configuration documents 15 minutes for the same scheme; ACS documents none. */
const MAX_SKEW_MS = 15 * 60_000;
/** Searching for the difference costs some hundred HMACs; more than this per second would be a gift to an attacker. */
const SEARCHES_PER_SECOND = 20;

const tokenFaults: Readonly<Record<TokenRefusal, string>> = {
  expired: 'the token has expired',
  revoked: 'the token was revoked',
  foreign: 'the token was issued by somebody else, or altered',
  malformed: 'what follows Bearer is not a JWT',
  unsigned: 'the token is not signed',
};

export type Authenticate = (x: Exchange) => Reply | undefined | Promise<Reply | undefined>;

/** `ports`: where this server listens, for the explanation of a signature made for another one. */
export function createAuthenticate(deps: HttpDependencies, ports: () => readonly number[]): Authenticate {
  const { resources, clock, identities, entra } = deps;
  const wallClock = deps.wallClock ?? Date.now;
  const keys = signingKeys(resources);
  const keyTexts = resources.flatMap((resource) => resource.keys);
  const searches = { second: 0, count: 0 };
  const no = (cause: RequestCause, detail: string, headers: Readonly<Record<string, string>> = {}): Reply =>
    refusal(refuse(cause, clock.now(), detail), { headers });
  const challenge = { 'www-authenticate': 'HMAC-SHA256, Bearer' };

  const maySearch = (): boolean => {
    const second = Math.floor(wallClock() / 1000);
    if (searches.second !== second) Object.assign(searches, { second, count: 0 });
    searches.count++;
    return searches.count <= SEARCHES_PER_SECOND;
  };

  const signed = (x: Exchange, authorization: string): Reply | undefined => {
    const differs = (detail: string): Reply => no('signature-differs', detail, challenge);
    const claim = readClaim(authorization);
    if (!claim) {
      return differs(
        'form: expected `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=<base64>`',
      );
    }
    const missing = missingFrom(claim.signedHeaders);
    if (missing) return differs(`form: SignedHeaders does not name ${missing}`);
    const stated = x.headers['x-ms-content-sha256'];
    if (stated === undefined) return differs('hash: the header x-ms-content-sha256 is missing');
    if (stated !== x.bodyHash) {
      const detail = `hash: x-ms-content-sha256 is ${stated}, and the body that arrived (${x.body.length} bytes) has ${x.bodyHash}`;
      return no('content-hash-differs', detail, challenge);
    }
    const date = signedDate(x.headers);
    if (date === undefined) return differs('date: neither x-ms-date nor Date was sent');
    const signer = findSigner(keys, x, claim);
    if (!signer)
      return differs(
        maySearch()
          ? explainDifference(x, claim, surroundings())
          : 'too many signatures failed in this second to look for the difference',
      );
    const off = Date.parse(date) - wallClock();
    if (Number.isNaN(off)) return differs(`date: ${JSON.stringify(date)} is not a date`);
    if (Math.abs(off) > MAX_SKEW_MS) {
      const minutes = Math.round(Math.abs(off) / 60_000);
      return differs(
        `date: ${date} is ${minutes} minutes ${off < 0 ? 'behind' : 'ahead of'} this server's clock; 15 are allowed`,
      );
    }
    if (signer.resource.enabled === false)
      return no('resource-disabled', `the resource ${signer.resource.name} is switched off (enabled: false)`);
    x.resource = signer.resource;
    x.accessKey = signer.name;
    return undefined;
  };

  const surroundings = (): Surroundings => ({
    keys: keys.map(({ key }) => key),
    keyTexts,
    refusedKeys: deps.refusedKeys ?? [],
    hostNames: deps.hostNames ?? [],
    ports: ports(),
  });

  const unprotected = (): Reply =>
    no(
      'token-on-plain-http',
      'a bearer token was sent over plain HTTP; use the https endpoint, and take a new token',
      {
        upgrade: 'TLS/1.2, HTTP/1.1',
        connection: 'upgrade, close',
      },
    );

  /** Services are called with an access key or as an Entra identity; a user's token is told apart to be refused as such. */
  const service = async (x: Exchange, token: string): Promise<Reply | undefined> => {
    const judged = await entra.judge(token, 'service');
    if (judged === undefined) {
      const user = await identities.judge(token);
      if ('refused' in user) return no(`token-${user.refused}`, tokenFaults[user.refused], challenge);
      const detail = 'this operation takes an access key; the request carries the token of a user';
      return no('user-token', detail, challenge);
    }
    if ('refused' in judged) return no(judged.refused, judged.detail, challenge);
    if (x.operation?.access === 'administrator')
      return no(
        'not-administrator',
        'this server is administered with an access key, not by Entra identities',
      );
    if (judged.role === 'reader' && x.method !== 'GET') {
      const detail = `${judged.objectId} has the role reader, and ${x.operation?.name} changes something`;
      return no('entra-no-access', detail, challenge);
    }
    x.resource = resources.find(({ id }) => id === judged.resourceId);
    if (!x.resource) throw new Error(`an Entra issuer belongs to ${judged.resourceId}, which is not served`);
    return undefined;
  };

  const user = async (x: Exchange, token: string): Promise<Reply | undefined> => {
    const judged = await identities.judge(token);
    if ('refused' in judged) return no(`token-${judged.refused}`, tokenFaults[judged.refused], challenge);
    const { userRawId: rawId, resourceId, scopes, expiresAt, tokenId } = judged;
    x.user = { rawId, resourceId, scopes, expiresAt, tokenId };
    x.resource = resources.find(({ id }) => id === resourceId);
    return undefined;
  };

  return (x) => {
    const { authorization } = x.headers;
    const forUsers = x.operation?.access === 'user';
    // The realtime services read the same token from a header of their own.
    const own = forUsers ? x.headers['x-skypetoken'] : undefined;
    const bearer = /^Bearer\s/i.test(authorization ?? '') ? authorization?.slice(7).trim() : undefined;
    const token = bearer ?? (typeof own === 'string' ? own : undefined);
    if (token !== undefined) {
      if (!x.secure) return unprotected();
      return forUsers ? user(x, token) : service(x, token);
    }
    if (forUsers) {
      return authorization === undefined || authorization === ''
        ? no('no-credentials', 'the request carries no user access token', challenge)
        : no('not-a-user', 'this operation takes the access token of a user, as Bearer', challenge);
    }
    if (authorization === undefined || authorization === '') {
      return no(
        'no-credentials',
        'the request has no Authorization header; sign it with an access key',
        challenge,
      );
    }
    if (/^HMAC-SHA256\b/i.test(authorization)) return signed(x, authorization);
    return no(
      'no-credentials',
      'the Authorization header has neither the scheme HMAC-SHA256 nor Bearer',
      challenge,
    );
  };
}
