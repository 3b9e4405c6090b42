import type { Outcome } from '../../domain/call/outcome.ts';

export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** Spelt by Azure Core where the service names it itself, and by Call Automation where it is a further code. */
    readonly innerError?: null;
    readonly innererror?: { readonly code: string; readonly message: string };
  };
}

/** `code` is the subcode as text, or the status where the row has none. */
export function encodeError({
  code,
  subCode,
  name,
  detail,
  inside,
}: Pick<Outcome, 'code' | 'subCode' | 'name' | 'detail' | 'inside'>): ErrorBody {
  if (inside) {
    const { error } = encodeError({
      code,
      subCode: inside.subCode,
      name: inside.name,
      ...(detail === undefined ? {} : { detail }),
    });
    return { error: { ...error, innererror: { code: String(subCode), message: `${name}.` } } };
  }
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
