/** User access tokens for people whom Entra knows (reference: auth, Entra ID bearer tokens). */

import { type RequestCause, refuse } from '../../app/desks/refusals.ts';
import type { EntraIdentity, EntraPurpose } from '../../app/ports/entra.ts';
import {
  decodeTeamsExchange,
  encodeIdentityAndToken,
  encodeToken,
  teamsUserVersions,
} from '../../wire/rest/identity.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, type Reply, refusal } from './exchange.ts';
import { createThrottle, identityApi, identityRates } from './identity.ts';
import type { Operation } from './operation.ts';

const entraVersions = ['2025-03-02-preview'];
const teamsExtensionVersions = ['2025-06-30', ...entraVersions];

type Judged = { readonly identity: EntraIdentity } | { readonly reply: Reply };

export function tokenExchange(deps: HttpDependencies): readonly Operation[] {
  const { identities, entra, clock, resources } = deps;
  const wallClock = deps.wallClock ?? Date.now;
  const bodies = createBodies(deps, 'identity-argument');
  const throttle = createThrottle(deps);
  const no = (cause: RequestCause, detail: string): Reply =>
    refusal(refuse(cause, clock.now(), detail), { headers: { 'www-authenticate': 'Bearer' } });

  const judge = async (token: string, purpose: EntraPurpose): Promise<Judged> => {
    const judged = await entra.judge(token, purpose);
    if (judged === undefined)
      return {
        reply: no('token-invalid', 'the token is of no issuer that `entra` names in the configuration'),
      };
    return 'refused' in judged ? { reply: no(judged.refused, judged.detail) } : { identity: judged };
  };

  const exchange = ({ resourceId, userRawId, grants, expiresAt }: EntraIdentity) =>
    identities.exchange({
      resourceId,
      id: userRawId,
      scopes: grants,
      // Entra's token lives by wall time; ours ends with it, on our clock.
      until: clock.now() + Math.max(0, expiresAt - wallClock()),
    });
  const gone = (id: string): Reply => no('identity-not-owned', `${id} was deleted, or is another resource's`);

  /** Without an access key: the token itself says which resource it is for. */
  const byBearer =
    (purpose: EntraPurpose): Operation['run'] =>
    async (x) => {
      const token = /^Bearer\s+(\S+)\s*$/i.exec(x.headers.authorization ?? '')?.[1];
      if (token === undefined) return no('no-credentials', 'the request carries no Entra token as Bearer');
      if (!x.secure)
        return no('token-on-plain-http', 'a bearer token was sent over plain HTTP; use the https endpoint');
      const judged = await judge(token, purpose);
      if ('reply' in judged) return judged.reply;
      x.resource = resources.find(({ id }) => id === judged.identity.resourceId);
      const busy = throttle(x, 'exchange', identityRates.other);
      if (busy) return busy;
      const { userRawId: id } = judged.identity;
      const issued = await exchange(judged.identity);
      return 'refused' in issued ? gone(id) : json(200, encodeIdentityAndToken({ id }, issued, ''));
    };

  const differing = ({ appId, objectId }: EntraIdentity, body: { appId: string; userId: string }) => {
    if (appId !== body.appId.toLowerCase())
      return `the token was given to the application ${appId}; appId names ${body.appId}`;
    if (objectId !== body.userId.toLowerCase())
      return `the token is that of ${objectId}; userId names ${body.userId}`;
    return undefined;
  };

  const teamsUser: Operation['run'] = async (x: Exchange) => {
    const busy = throttle(x, 'exchange', identityRates.other);
    if (busy) return busy;
    const body = bodies(x, decodeTeamsExchange);
    if ('reply' in body) return body.reply;
    const judged = await judge(body.ok.token, 'teamsUser');
    if ('reply' in judged) return judged.reply;
    const { identity } = judged;
    if (identity.resourceId !== x.resource?.id) {
      const detail = `the tenant ${identity.tenant} belongs to another resource than ${x.resource?.name}`;
      return no('entra-other-tenant', detail);
    }
    const difference = differing(identity, body.ok);
    if (difference !== undefined) return no('token-invalid', difference);
    const issued = await exchange(identity);
    return 'refused' in issued ? gone(identity.userRawId) : json(200, encodeToken(issued));
  };

  const path = (kind: string): string => `/access/${kind}/:exchangeAccessToken`;
  const assignment = '/access/teamsExtension/tenants/{tenant}/assignments/{object}';
  const assignments = (['GET', 'PUT', 'DELETE'] as const).map(
    (method): Operation => ({
      ...identityApi,
      name: `${method} the assignment of a Teams extension`,
      method,
      path: assignment,
      access: 'resource',
      versions: teamsExtensionVersions,
      run: () =>
        no(
          'not-served',
          `${method} ${assignment} is part of the API; in Ringback everybody in the tenant that \`entra\` names, with the permission, may exchange`,
        ),
    }),
  );
  return [
    ...assignments,
    {
      ...identityApi,
      name: 'exchange the token of a Teams user',
      method: 'POST',
      path: '/teamsUser/:exchangeAccessToken',
      access: 'resource',
      versions: teamsUserVersions,
      run: teamsUser,
    },
    {
      ...identityApi,
      name: 'exchange an Entra token',
      method: 'POST',
      path: path('entra'),
      access: 'open',
      versions: entraVersions,
      run: byBearer('clients'),
    },
    {
      ...identityApi,
      name: 'exchange the token of a Teams extension user',
      method: 'POST',
      path: path('teamsExtension'),
      access: 'open',
      versions: teamsExtensionVersions,
      run: byBearer('teamsExtension'),
    },
  ];
}
