/** The admin API, `/ringback/v1`: what the command line speaks. Signed like the ACS API, by a resource that administers. */
import { type RequestCause, refuse } from '../../../app/desks/refusals.ts';
import { captureType } from '../../../wire/pcap/capture.ts';
import { createBodies } from '../decoding.ts';
import type { HttpDependencies } from '../dependencies.ts';
import { refusal } from '../exchange.ts';
import type { Operation } from '../operation.ts';
import type { AdminContext, Routes } from './context.ts';
import { inspect } from './inspect.ts';
import { operate } from './operate.ts';
import { subscriptions } from './subscriptions.ts';

/** Answers that are no JSON, by path. */
const files: Readonly<Record<string, string>> = { 'calls/{id}/pcap': captureType };

const methods = ['GET', 'POST', 'DELETE'] as const;

export function adminOperations(deps: HttpDependencies): readonly Operation[] {
  const context: AdminContext = {
    admin: deps.admin,
    policy: deps,
    bodies: createBodies(deps),
    no: (cause: RequestCause, detail: string) => refusal(refuse(cause, deps.clock.now(), detail)),
  };
  const routes: Routes = { ...inspect(context), ...subscriptions(context), ...operate(context) };
  return Object.entries(routes).flatMap(([path, served]) =>
    methods.flatMap((method): readonly Operation[] => {
      const run = served[method];
      if (!run) return [];
      const name = `admin: ${method} ${path}`;
      const produces = files[path];
      return [
        {
          name,
          method,
          path: `/ringback/v1/${path}`,
          access: 'administrator',
          versioned: false,
          repeatable: false,
          run,
          ...(produces === undefined ? {} : { produces }),
        },
      ];
    }),
  );
}
