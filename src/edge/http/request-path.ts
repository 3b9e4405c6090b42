/** The whole path of a request, in order. A step answers, or finds out something and lets the request go on. */
import { refuse } from '../../app/desks/refusals.ts';
import { StoreFailed, StoreSilent } from '../../app/ports/store.ts';
import { apiVersions, newestApiVersion } from '../../wire/rest/api-versions.ts';
import { apiVersionErrors, encodeError } from '../../wire/rest/error-body.ts';
import { accepts } from './accept.ts';
import type { Authenticate } from './credentials.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, queryOf, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';
import { readBody } from './read-body.ts';
import type { Perform } from './repeatability.ts';
import type { createRouter } from './router.ts';
import { hashBody } from './signature.ts';

type Step = (x: Exchange) => Reply | undefined | Promise<Reply | undefined>;
export type Serve = (x: Exchange) => Reply | Promise<Reply>;

export interface PathParts {
  readonly route: ReturnType<typeof createRouter>;
  readonly authenticate: Authenticate;
  readonly repeatably: Perform;
  /** Requests under way, this one included. */
  readonly underWay: () => number;
}

const OVERLOADED_RETRY_MS = 1_000;
const DRAINING_RETRY_MS = 5_000;
const MAX_TARGET = 8192;

export function requestPath(
  deps: HttpDependencies,
  { route, authenticate, repeatably, underWay }: PathParts,
): Serve {
  const { clock, limits, rate, quiet, trace } = deps;
  const guarded = (x: Exchange): Operation | undefined =>
    x.operation?.access === 'open' ? undefined : x.operation;

  const find: Step = (x) => {
    if (x.target.length > MAX_TARGET) {
      const detail = `an address of ${x.target.length} characters is served nowhere; ${MAX_TARGET} are the limit`;
      return refusal(refuse('no-such-path', clock.now(), detail));
    }
    const found = route(x.method, x.path);
    if (!found)
      return refusal(refuse('no-such-path', clock.now(), `nothing is served under ${x.path.slice(0, 200)}`));
    if ('allow' in found) {
      const allow = found.allow.join(', ');
      return refusal(
        refuse('wrong-method', clock.now(), `${x.path} is served with ${allow}, not with ${x.method}`),
        { headers: { allow } },
      );
    }
    x.operation = found.operation;
    x.params = found.params;
    return undefined;
  };

  const admit: Step = (x) => {
    // Operators get in always: an overloaded or draining server is the one they want to look at.
    const access = x.operation?.access;
    if (access !== 'resource' && access !== 'user') return undefined;
    // Operations on a call that exists (they name it) are how it comes to its end.
    if (deps.draining() && (access === 'user' || x.params.length === 0)) {
      return refusal(
        refuse('draining', clock.now(), 'the server finishes what it has and takes nothing new'),
        { retryAfterMs: DRAINING_RETRY_MS },
      );
    }
    if (underWay() <= limits.concurrentRequests) return undefined;
    const detail = `${limits.concurrentRequests} requests are under way, as many as limits.concurrentRequests allows`;
    return refusal(refuse('overloaded', clock.now(), detail), { retryAfterMs: OVERLOADED_RETRY_MS });
  };

  const negotiate: Step = (x) => {
    if (!guarded(x) || accepts(x.headers.accept, 'application/json')) return undefined;
    const produces = x.operation?.produces;
    if (produces !== undefined && accepts(x.headers.accept, produces)) return undefined;
    return refusal(
      refuse(
        'not-acceptable',
        clock.now(),
        `Accept is ${JSON.stringify(x.headers.accept)}; answers are ${produces ?? 'application/json'}`,
      ),
    );
  };

  const chooseVersion: Step = (x) => {
    if (!x.operation?.versioned) return undefined;
    const served = x.operation.versions ?? apiVersions;
    const newest = served[0] ?? newestApiVersion;
    // Nearly every query is this one parameter; a URLSearchParams for each request costs as much as finding its route.
    const only = /^api-version=([\w.-]*)$/.exec(x.query)?.[1];
    const version = only ?? queryOf(x).get('api-version');
    if (version === null || version === '') {
      const refused = refuse('api-version-unknown', clock.now(), 'no api-version was given');
      return refusal(refused, { body: apiVersionErrors.missing });
    }
    const known = served.includes(version);
    if (known || deps.apiVersions === 'lenient') {
      x.apiVersion = known ? version : newest;
      return undefined;
    }
    const detail = `api-version ${JSON.stringify(version.slice(0, 40))} is not supported; supported are ${served.join(', ')}`;
    return refusal(refuse('api-version-unknown', clock.now(), detail), {
      body: apiVersionErrors.unknown(
        `The ${detail}. The setting apiVersions: lenient serves unknown versions as ${newest}.`,
      ),
    });
  };

  const takeBody: Step = (x) => {
    const reading = readBody(x.raw, limits);
    if (!reading) {
      x.bodyHash = hashBody(x.body);
      return undefined;
    }
    return reading.then((body) => {
      if ('bytes' in body) {
        x.body = body.bytes;
        x.bodyHash = hashBody(x.body);
        return undefined;
      }
      const closing = { headers: { connection: 'close' } };
      switch (body.failed) {
        case 'too-large':
          return refusal(
            refuse('body-too-large', clock.now(), `the body may have ${limits.bodyBytes} bytes`),
            closing,
          );
        case 'too-slow': {
          const detail = `after ${limits.bodyTimeoutMs} ms ${body.received} bytes of the body had come`;
          return refusal(refuse('body-too-slow', clock.now(), detail), closing);
        }
        case 'aborted':
          return refusal(
            refuse(
              'client-aborted',
              clock.now(),
              `the client closed the connection after ${body.received} bytes of the body`,
            ),
          );
      }
    });
  };

  const identify: Step = (x) => (guarded(x) ? authenticate(x) : undefined);

  const authorize: Step = (x) => {
    const { scopes } = x.operation ?? {};
    if (scopes && x.user && !scopes.some((scope) => x.user?.scopes.includes(scope))) {
      const detail = `the token has ${x.user.scopes.join(', ')}; ${x.operation?.name} takes ${scopes.join(' or ')}`;
      return refusal(refuse('scope-missing', clock.now(), detail));
    }
    if (x.operation?.access !== 'administrator' || x.resource?.admin) return undefined;
    return refusal(
      refuse(
        'not-administrator',
        clock.now(),
        `resource ${x.resource?.name} may not administer this server (admin: true allows it)`,
      ),
    );
  };

  const throttle: Step = (x) => {
    const limit = limits.requestsPerSecond;
    if (limit === undefined || x.operation?.access === 'administrator' || !x.resource) return undefined;
    const wait = rate.use(`requests ${x.resource.id}`, limit, 1000, clock.now());
    if (wait <= 0) return undefined;
    return refusal(refuse('too-many-requests', clock.now(), `the limit is ${limit} requests per second`), {
      retryAfterMs: wait,
    });
  };

  /** RFC 9110 13.1.1: nothing here has an entity tag, so that none that a client names can match. */
  const conditional: Step = (x) => {
    const wanted = x.headers['if-match'];
    if (wanted === undefined || wanted.trim() === '*' || x.operation?.access !== 'resource') return undefined;
    const detail = `If-Match is ${wanted.slice(0, 100)}, and what it is about has no entity tag`;
    return x.method === 'GET' ? undefined : refusal(refuse('condition-fails', clock.now(), detail));
  };

  /** Decode, desk, encode: the operation's own part. Commands keep a manual clock from moving on; reads take no time. */
  const perform: Step = (x) => {
    const operation = x.operation;
    if (!operation) throw new Error('a request without an operation got through');
    const commands = operation.access === 'resource' || operation.access === 'user';
    if (!commands || operation.method === 'GET') return operation.run(x);
    const release = quiet.hold(operation.name);
    const run = async (): Promise<Reply> => {
      try {
        return await (operation.repeatable ? repeatably(x, operation) : operation.run(x));
      } finally {
        release();
      }
    };
    return run().then((reply) => {
      const { callId, status } = reply;
      const at = clock.now();
      // Reads leave no line: an application that polls would bury everything else.
      if (callId !== undefined)
        trace.add({
          kind: 'http',
          callId,
          at,
          method: x.method,
          path: x.path,
          status,
          requestId: x.requestId,
        });
      return reply;
    });
  };

  const steps: readonly Step[] = [
    find,
    admit,
    negotiate,
    chooseVersion,
    takeBody,
    identify,
    authorize,
    throttle,
    conditional,
    perform,
  ];

  const goOn = async (x: Exchange, waiting: Promise<Reply | undefined>, next: number): Promise<Reply> => {
    const reply = await waiting;
    return reply ?? walk(x, next);
  };
  // Synchronous as far as the steps are: a GET is answered in the turn it came in.
  const walk = (x: Exchange, from: number): Reply | Promise<Reply> => {
    for (let i = from; i < steps.length; i++) {
      const reply = steps[i]?.(x);
      if (reply instanceof Promise) return goOn(x, reply, i + 1);
      if (reply) return reply;
    }
    throw new Error('the last step of the path did not answer');
  };

  const failed = (x: Exchange, error: unknown): Reply => {
    if (error instanceof StoreSilent) return refusal(refuse('store-silent', clock.now(), error.message));
    if (error instanceof StoreFailed) return refusal(refuse('store-unreadable', clock.now(), error.message));
    deps.log.bug(error, x.requestId);
    return refusal(
      refuse(
        'internal-error',
        clock.now(),
        `a defect of this server; its log has the stack under request ${x.requestId}`,
      ),
    );
  };

  /** In the words of the API that was asked, if it has its own. */
  const worded = (x: Exchange, reply: Reply): Reply => {
    const { refusals: own, failureBody } = x.operation ?? {};
    if (!reply.refused || reply.worded) return reply;
    if (failureBody)
      return { ...reply, body: JSON.stringify(failureBody(reply.status, encodeError(reply.refused))) };
    if (!own) return reply;
    const refused = own.rule?.(reply.refused) ?? reply.refused;
    return {
      ...reply,
      refused,
      status: refused.code,
      body: JSON.stringify(own.body(refused)),
      headers: { ...reply.headers, 'x-ringback-row': refused.row },
    };
  };

  return (x) => {
    try {
      const reply = walk(x, 0);
      if (!(reply instanceof Promise)) return worded(x, reply);
      return reply.catch((error: unknown) => failed(x, error)).then((settled) => worded(x, settled));
    } catch (error) {
      return worded(x, failed(x, error));
    }
  };
}
