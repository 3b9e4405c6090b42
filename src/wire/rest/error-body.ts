import type { Outcome } from '../../domain/call/outcome.ts';

export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly innerError?: null };
}

/** `code` is the subcode as text, or the status where the row has none. */
export function encodeError({
  code,
  subCode,
  name,
  detail,
}: Pick<Outcome, 'code' | 'subCode' | 'name' | 'detail'>): ErrorBody {
  return {
    error: {
      code: String(subCode ?? code),
      message: detail === undefined ? `${name}.` : `${name}: ${detail}`,
    },
  };
}

/** Named by the service itself, before any operation looks at the request; `missing` word for word as the service prints it. */
export const apiVersionErrors = {
  missing: {
    error: {
      code: 'ApiVersionUnspecified',
      message: 'An API version is required, but was not specified.',
      innerError: null,
    },
  },
  unknown: (message: string): ErrorBody => ({
    error: { code: 'UnsupportedApiVersion', message, innerError: null },
  }),
} as const;
