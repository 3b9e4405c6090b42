/** The error body of chat (reference: chat, errors): a name for the status, and a message. */
import type { Outcome } from '../../domain/call/outcome.ts';

interface Named {
  readonly code: string;
  readonly message: string;
}

/** Messages as the service's specification and its live answers have them, where they do. */
const named: Readonly<Record<number, Named>> = {
  400: { code: 'BadRequest', message: 'The request is not valid.' },
  401: { code: 'Unauthorized', message: 'Request is not authorized.' },
  403: {
    code: 'Forbidden',
    message: "The initiator doesn't have the permission to perform the requested operation.",
  },
  404: { code: 'NotFound', message: 'The resource does not exist.' },
  405: { code: 'MethodNotAllowed', message: 'The method is not allowed here.' },
  406: { code: 'NotAcceptable', message: 'The answer cannot be given in the form asked for.' },
  408: { code: 'RequestTimeout', message: 'The request did not come in time.' },
  413: { code: 'RequestEntityTooLarge', message: 'The request is too large.' },
  426: { code: 'UpgradeRequired', message: 'Tokens are taken over TLS only.' },
  429: { code: 'TooManyRequests', message: 'Rate limit exceeded.' },
  500: { code: 'InternalServerError', message: 'The server failed.' },
  503: {
    code: 'ServiceUnavailable',
    message: 'The server is currently unable to handle the request.',
  },
};

/** Whoever may not see a thread or a message is not told whether there is one; the log is. */
const untold: readonly string[] = [
  'no-such-thread@thread',
  'thread-deleted@thread',
  'not-a-participant@thread',
  'message-unknown@thread',
  'message-hidden@thread',
];

const sentence = (detail: string): string =>
  `${detail.charAt(0).toUpperCase()}${detail.slice(1)}${detail.endsWith('.') ? '' : '.'}`;

export function encodeChatError({ code: status, situation, detail, name }: Outcome): {
  readonly error: Named;
} {
  const { code, message } = named[status] ?? { code: String(status), message: `${name}.` };
  const told =
    detail === undefined || untold.includes(situation) ? message : `${message} ${sentence(detail)}`;
  return { error: { code, message: told } };
}
