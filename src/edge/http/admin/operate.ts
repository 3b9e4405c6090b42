/** Doing: faults, the clock, simulated callers, tokens, a clean slate. */

import { json } from '../exchange.ts';
import { type AdminContext, param, type Routes } from './context.ts';
import {
  decodeAdvance,
  decodeDial,
  decodeEndpoint,
  decodeFault,
  decodeHandsetText,
  decodeToken,
  isKnownFault,
  knownFaults,
} from './requests.ts';

export function operate({ admin, bodies, no }: AdminContext): Routes {
  return {
    faults: {
      GET: () => json(200, { value: admin.faults(), known: knownFaults }),
      POST: async (x) => {
        const body = bodies(x, decodeFault);
        if ('reply' in body) return body.reply;
        const why = await admin.breakPart(body.ok);
        return why === undefined
          ? json(200, { value: admin.faults() })
          : no('not-as-things-are', `${body.ok} cannot be brought about now: ${why}`);
      },
      DELETE: async () => {
        await admin.mend();
        return { status: 204 };
      },
    },
    'faults/{fault}': {
      DELETE: async (x) => {
        const fault = param(x);
        if (!isKnownFault(fault))
          return no(
            'no-such-path',
            `no fault is called ${JSON.stringify(fault.slice(0, 100))}; known are ${knownFaults.join(', ')}`,
          );
        await admin.mend(fault);
        return { status: 204 };
      },
    },
    reload: {
      POST: async () => {
        const reloaded = await admin.reload();
        return 'refused' in reloaded ? no('not-as-things-are', reloaded.refused) : json(200, reloaded);
      },
    },
    clock: { GET: () => json(200, { mode: admin.clockMode(), now: new Date(admin.now()).toISOString() }) },
    'clock/advance': {
      POST: async (x) => {
        const body = bodies(x, decodeAdvance);
        if ('reply' in body) return body.reply;
        if (admin.clockMode() === 'real') {
          return no(
            'not-as-things-are',
            'this server runs on the real clock, which nobody can advance; start it with --clock manual',
          );
        }
        return json(200, await admin.advance(body.ok));
      },
    },
    dial: {
      POST: async (x) => {
        const body = bodies(x, decodeDial);
        if ('reply' in body) return body.reply;
        const dialled = await admin.dial(body.ok);
        return dialled
          ? json(201, dialled)
          : no('not-served', 'this server runs without the simulated carrier, which places these calls');
      },
    },
    endpoints: {
      GET: () => json(200, { value: admin.endpoints() }),
      POST: async (x) => {
        const body = bodies(x, decodeEndpoint);
        if ('reply' in body) return body.reply;
        await admin.register(body.ok);
        return json(201, body.ok);
      },
    },
    'endpoints/{+rawId}': {
      DELETE: (x) => {
        const user = param(x);
        return admin.unregister(user)
          ? { status: 204 }
          : no('no-such-path', `no endpoint is registered for ${user.slice(0, 200)}`);
      },
    },
    sms: {
      POST: async (x) => {
        const body = bodies(x, decodeHandsetText);
        if ('reply' in body) return body.reply;
        if (!admin.text)
          return no(
            'not-served',
            'this server runs without the simulated SMSC, whose handsets write these texts',
          );
        try {
          await admin.text(body.ok);
        } catch (error) {
          return no('not-as-things-are', error instanceof Error ? error.message : String(error));
        }
        return json(202, body.ok);
      },
    },
    tokens: {
      POST: async (x) => {
        const body = bodies(x, decodeToken);
        if ('reply' in body) return body.reply;
        const issued = await admin.token(body.ok);
        return 'refused' in issued ? no('not-as-things-are', issued.refused) : json(201, issued);
      },
    },
    reset: {
      POST: async () => {
        await admin.reset();
        return { status: 204 };
      },
    },
  };
}
