/** What anybody may ask, on both ports: health, metrics, the keys that callbacks are signed with, the manual handshake. */
import { refuse } from '../../app/desks/refusals.ts';
import type { HttpDependencies } from './dependencies.ts';
import { json, queryOf, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

const METRICS = 'text/plain; version=0.0.4; charset=utf-8';

export function openPaths({ health, metrics, keys, admin, clock }: HttpDependencies): readonly Operation[] {
  const get = (name: string, path: string, run: Operation['run']): Operation => ({
    name,
    method: 'GET',
    path,
    access: 'open',
    versioned: false,
    repeatable: false,
    run,
  });
  return [
    get('health: live', '/health/live', () => {
      const { live, not } = health();
      return json(live ? 200 : 503, { status: live ? 'live' : 'not live', not });
    }),
    get('health: ready', '/health/ready', () => {
      const { ready, not } = health();
      return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', not });
    }),
    get('metrics', '/metrics', () => ({ status: 200, body: metrics(), type: METRICS })),
    get('OpenID configuration', '/calling/.well-known/acsopenidconfiguration', () =>
      json(200, keys.openIdConfiguration()),
    ),
    get('callback keys', '/calling/keys', () => json(200, keys.jwks())),
    get('validate a subscription by hand', '/ringback/v1/subscriptions/validate', async (x) => {
      const fits = await admin.validateManually(Object.fromEntries(queryOf(x)));
      if (fits) return json(200, { status: 'validated' });
      return refusal(
        refuse(
          'no-such-path',
          clock.now(),
          'the validation address is not, or no longer, that of a subscription',
        ),
      );
    }),
  ];
}
