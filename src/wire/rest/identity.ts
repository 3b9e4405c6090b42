/** The identity API: its versions, bodies, answers and errors (reference: identity). */
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Identity } from '../../domain/identity/identity.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { scopes as known, type Scope } from '../../domain/ids/scope.ts';
import { type Decoded, present } from './decoded.ts';
import { Fields, listOf, type Model, oneOf, text, wholeNumber } from './fields.ts';

/** Stable ones first, newest first. */
export const identityVersions = [
  '2025-06-30',
  '2023-10-01',
  '2023-08-01',
  '2022-10-01',
  '2022-06-01',
  '2021-03-07',
  '2025-03-02-preview',
] as const;

const since = (first: string) => identityVersions.filter((version) => version >= first);
/** A lasting token life came with 2022-10-01, exchanges of Teams users with 2022-06-01, custom ids with 2025-03-02. */
const withLife: readonly string[] = since('2022-10-01');
export const teamsUserVersions: readonly string[] = since('2022-06-01');
export const customIdVersions: readonly string[] = since('2025-03-02');

export interface TokenBody {
  readonly scopes: readonly Scope[];
  readonly minutes?: number;
}

export interface CreateIdentityBody {
  readonly customId?: string;
  readonly token?: TokenBody;
}

const scope = oneOf(...known);
const minutes = wholeNumber(60, 1440);
const longest = { max: 16 };
const life: Model = { expiresInMinutes: 'served' };
const names: Model = { customId: 'served' };

export function decodeCreateIdentity(body: unknown, version: string): Decoded<CreateIdentityBody> {
  const lives = withLife.includes(version);
  const named = customIdVersions.includes(version);
  const model: Model = { createTokenWithScopes: 'served', ...(lives ? life : {}), ...(named ? names : {}) };
  // The body is optional.
  const fields = new Fields(body ?? {}, model);
  const scopes = fields.optional('createTokenWithScopes', listOf(scope, longest));
  const asked = lives ? fields.optional('expiresInMinutes', minutes) : undefined;
  const customId = named
    ? fields.optional('customId', text({ max: 256, like: [/\S/, 'a text of 1 to 256 characters'] }))
    : undefined;
  const token =
    scopes === undefined || scopes.length === 0 ? undefined : { scopes, ...present({ minutes: asked }) };
  return fields.result(() => present({ customId, token }));
}

export function decodeIssueToken(body: unknown, version: string): Decoded<TokenBody> {
  const lives = withLife.includes(version);
  const fields = new Fields(body, { scopes: 'served', ...(lives ? life : {}) });
  const scopes = fields.required('scopes', listOf(scope, { min: 1, ...longest }));
  const asked = lives ? fields.optional('expiresInMinutes', minutes) : undefined;
  return fields.result(() => ({ scopes: scopes!, ...present({ minutes: asked }) }));
}

export interface TeamsExchangeBody {
  readonly token: string;
  readonly appId: string;
  readonly userId: string;
}

const guid = text({
  max: 64,
  like: [/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, 'a GUID'],
});

export function decodeTeamsExchange(body: unknown): Decoded<TeamsExchangeBody> {
  const fields = new Fields(body, { token: 'served', appId: 'served', userId: 'served' });
  const token = fields.required('token', text({ max: 32_768, like: [/\S/, 'an Entra access token'] }));
  const appId = fields.required('appId', guid);
  const userId = fields.required('userId', guid);
  return fields.result(() => ({ token: token!, appId: appId!, userId: userId! }));
}

/** As the service writes instants: seven digits, and the offset. */
const instant = (at: Instant): string => new Date(at).toISOString().replace(/Z$/, '0000+00:00');

interface Issued {
  readonly token: string;
  readonly expiresAt: Instant;
}

export const encodeToken = ({ token, expiresAt }: Issued): object => ({
  token,
  expiresOn: instant(expiresAt),
});

/** With what came with custom ids, in the versions that have them. */
export function encodeIdentity(
  { id, customId, lastTokenIssuedAt }: Pick<Identity, 'id' | 'customId' | 'lastTokenIssuedAt'>,
  version: string,
): object {
  if (!customIdVersions.includes(version)) return { id };
  return {
    id,
    ...present({
      customId,
      lastTokenIssuedAt: lastTokenIssuedAt === undefined ? undefined : instant(lastTokenIssuedAt),
    }),
  };
}

export const encodeIdentityAndToken = (
  identity: Parameters<typeof encodeIdentity>[0],
  token: Issued | undefined,
  version: string,
): object => ({
  identity: encodeIdentity(identity, version),
  ...(token ? { accessToken: encodeToken(token) } : {}),
});

/** Word for word as the service prints them; what is ours to add stands in `innererror`. */
const recorded: Readonly<Record<string, { readonly code: string; readonly message?: string }>> = {
  'identity-not-owned@request': {
    code: 'IdentityNotOwned',
    message: "Provided identity doesn't belong to the resource.",
  },
  'content-hash-differs@request': {
    code: 'Denied',
    message: "Request 'x-ms-content-sha256' differs from generated content hash.",
  },
  'identity-argument@request': { code: 'ValidationError' },
};

const byStatus: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Denied',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  408: 'RequestTimeout',
  413: 'PayloadTooLarge',
  426: 'UpgradeRequired',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  501: 'NotImplemented',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** `innererror` has the generic subcode, where the row has one. */
export function encodeIdentityError({ situation, code, subCode, name, detail = name }: Outcome): object {
  const own = recorded[situation];
  const inner =
    subCode === undefined && own?.message === undefined
      ? undefined
      : { code: String(subCode ?? code), message: detail };
  return {
    error: {
      code: own?.code ?? byStatus[code] ?? String(code),
      message: own?.message ?? detail,
      ...(inner ? { innererror: inner } : {}),
    },
  };
}
