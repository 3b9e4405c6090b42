/** What the operations of the phone numbers API have in common: refusals, pages, and the answer to what takes a while. */
import type { NumberOperation, NumbersAnswer, NumbersCommands } from '../../app/desks/numbers-commands.ts';
import { type RequestCause, refuse } from '../../app/desks/refusals.ts';
import type { NumbersRefusal } from '../../domain/numbers/refusal.ts';
import { nextLink } from '../../wire/rest/chat-paging.ts';
import type { Decoded } from '../../wire/rest/decoded.ts';
import { encodeIdentityError } from '../../wire/rest/identity.ts';
import {
  decodeFilter,
  decodePageQuery,
  type FilterQuery,
  type PageQuery,
} from '../../wire/rest/phone-numbers-requests.ts';
import { encodeRefusal } from '../../wire/rest/phone-numbers-responses.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, originOf, queryOf, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

export type NumbersDependencies = HttpDependencies & { readonly numbers: NumbersCommands };

export type Run = Operation['run'];

const causes = {
  argument: 'number-argument',
  unknown: 'number-unknown',
  unavailable: 'number-unavailable',
} as const satisfies Record<string, RequestCause>;

/** What an operation is about has an id under this name. */
const idHeaders = {
  search: 'search-id',
  purchase: 'purchase-id',
  reservationPurchase: 'reservation-purchase-id',
  releasePhoneNumber: 'release-id',
  updatePhoneNumberCapabilities: 'capabilities-id',
} as const satisfies Record<NumberOperation['type'], string>;

/** Addresses of operations and results are paths, as the service gives them. */
const at = (x: Exchange, path: string): string => `${path}?api-version=${x.apiVersion}`;

export const resultOf = (x: Exchange, { result }: NumberOperation): string | undefined =>
  result === undefined ? undefined : at(x, result);

/** Taken on: where to ask how far it is, and where its result will be. */
export function accepted(x: Exchange, operation: NumberOperation): Reply {
  const { id, about, type } = operation;
  const location = resultOf(x, operation);
  return {
    ...json(202, type === 'updatePhoneNumberCapabilities' ? { capabilitiesUpdateId: about } : {}),
    headers: {
      'operation-location': at(x, `/phoneNumbers/operations/${id}`),
      'operation-id': id,
      [idHeaders[type]]: about,
      ...(location === undefined ? {} : { location }),
    },
  };
}

export const done = (): Reply => ({ status: 204 });

export type Served = readonly [name: string, Operation['method'], path: string, Run];

/** Operations of these versions. */
export const served = (operations: readonly Served[], versions: readonly string[]): readonly Operation[] =>
  operations.map(([name, method, path, run]) => ({
    name,
    method,
    path,
    access: 'resource',
    versioned: true,
    versions,
    repeatable: false,
    refusals: { body: encodeIdentityError },
    run,
  }));

export function createNumbersHandlers(deps: NumbersDependencies) {
  const { clock } = deps;
  const bodies = createBodies(deps, 'number-argument');

  const refusedBy = (refused: NumbersRefusal): Reply =>
    refusal(refuse(causes[refused.kind], clock.now(), refused.message), { body: encodeRefusal(refused) });
  const answered = <T>(answer: NumbersAnswer<T>, encode: (value: T) => Reply): Reply =>
    typeof answer === 'object' && answer !== null && 'refused' in answer
      ? refusedBy(answer.refused)
      : encode(answer as T);
  const wrong = (target: string, message: string): Reply =>
    refusedBy({ kind: 'argument', code: 'BadRequest', message, target });

  const asking =
    <B, T>(
      decode: (body: unknown, x: Exchange) => Decoded<B>,
      ask: (x: Exchange, body: B) => NumbersAnswer<T> | Promise<NumbersAnswer<T>>,
      encode: (x: Exchange, value: T) => Reply,
    ): Run =>
    async (x) => {
      const body = bodies(x, (value) => decode(value, x));
      if ('reply' in body) return body.reply;
      return answered(await ask(x, body.ok), (value) => encode(x, value));
    };

  const bare =
    <T>(
      ask: (x: Exchange) => NumbersAnswer<T> | Promise<NumbersAnswer<T>>,
      encode: (x: Exchange, value: T) => Reply,
    ): Run =>
    async (x) =>
      answered(await ask(x), (value) => encode(x, value));

  /** `name`: of the list in the answer; `size`: of the parameter that says how long a page may be. */
  const listing =
    <T>(
      name: string,
      size: 'top' | 'maxPageSize',
      ask: (
        x: Exchange,
        page: PageQuery,
        filter: FilterQuery,
      ) => NumbersAnswer<{ readonly items: readonly T[]; readonly more: boolean }>,
      encode: (item: T) => object,
    ): Run =>
    (x) => {
      const query = queryOf(x);
      const page = decodePageQuery(query, size);
      if ('fault' in page) return wrong(page.fault.field, page.fault.message);
      const filter = decodeFilter(query);
      if ('fault' in filter) return wrong(filter.fault.field, filter.fault.message);
      return answered(ask(x, page.ok, filter.ok), ({ items, more }) => {
        const next = { skip: String(page.ok.skip + page.ok.top), [size]: String(page.ok.top) };
        return json(200, {
          [name]: items.map(encode),
          ...(more ? { nextLink: nextLink(originOf(x), x.path, query, next) } : {}),
        });
      });
    };

  return { wrong, asking, bare, listing };
}
