/** Event subscriptions: list, make, validate, remove. */

import { json } from '../exchange.ts';
import { type AdminContext, param, type Routes } from './context.ts';
import { decodeSubscription } from './requests.ts';

export function subscriptions({ admin, bodies, no, policy }: AdminContext): Routes {
  const unknown = (name: string) =>
    no('no-such-path', `no subscription ${JSON.stringify(name.slice(0, 100))}`);
  return {
    subscriptions: {
      GET: () => json(200, { value: admin.subscriptions() }),
      POST: async (x) => {
        const body = bodies(x, (value) => decodeSubscription(value, policy));
        if ('reply' in body) return body.reply;
        const subscribed = await admin.subscribe(body.ok);
        return 'taken' in subscribed
          ? no('name-taken', subscribed.taken)
          : json(201, subscribed.subscription);
      },
    },
    'subscriptions/{name}': {
      DELETE: async (x) => ((await admin.unsubscribe(param(x))) ? { status: 204 } : unknown(param(x))),
    },
    'subscriptions/{name}:validate': {
      POST: async (x) => {
        const validated = await admin.validate(param(x));
        if ('unknown' in validated) return unknown(param(x));
        if ('broken' in validated) return no('webhook-broken', validated.broken);
        if ('silent' in validated) return no('webhook-silent', validated.silent);
        return json(200, validated.subscription);
      },
    },
  };
}
