/** Chat: the HTTP status is the code; the body carries a name. */

import type { Row } from './row.ts';

const undeclared = 'Not declared for chat; the error body is the same, and the official client reads it.';

export const chat = {
  'chat/400': {
    surface: 'chat',
    code: 400,
    name: 'Chat request not understood',
    meaning:
      'A field of the request is missing or wrong, the message is larger than a message may be, or the thread would have more participants than it may.',
    advice:
      'The message of the answer names the field and what was expected. The bounds are `chat.messageBytes` and `chat.participants` in the configuration.',
    printed: [],
    source: undeclared,
    standing: 'ruled',
  },
  'chat/401': {
    surface: 'chat',
    code: 401,
    name: 'Token not accepted',
    meaning: "The user's access token is missing, expired, revoked, or was issued by another resource.",
    advice:
      "Issue a new one with the chat scope, `ringback token --user ID --scopes chat`, and let the client's credential refresh itself. The response body has `error.code` Unauthorized.",
    printed: ['chat:401/-'],
    reading:
      'The table prints the HTTP status as the code; the body carries a name. `ringback explain` takes either number or row id.',
    standing: 'ruled',
  },
  'chat/403': {
    surface: 'chat',
    code: 403,
    name: 'Not allowed in this thread',
    meaning:
      "The user is not in the thread, may not change someone else's message, or holds a token without the chat scope. A thread that does not exist answers the same, so that ids cannot be probed.",
    advice:
      "Check with the thread's participants list that the raw id is there, and decode the token for its `acsScope`.",
    printed: ['chat:403/-'],
    standing: 'ruled',
  },
  'chat/404': {
    surface: 'chat',
    code: 404,
    name: 'Not in this thread',
    meaning:
      'The thread is there and the user is in it, but it has no such message for this user, or no such participant to remove. Messages from before the share-history time count as not there.',
    advice:
      'List the messages or participants as the same user to see which ids there are; `ringback explain MESSAGE-ID` tells what became of a message.',
    printed: [],
    source: undeclared,
    standing: 'ruled',
  },
  'chat/429': {
    surface: 'chat',
    code: 429,
    name: 'Too many chat requests',
    meaning:
      'The user or thread used up the number of operations of this kind that ten seconds or a minute allow.',
    advice:
      'Pause for `Retry-After`. Send typing notices and read receipts less often first: they have the lowest ceilings in `limits`.',
    printed: ['chat:429/-'],
    standing: 'ruled',
  },
  'chat/503': {
    surface: 'chat',
    code: 503,
    name: 'Chat unavailable',
    meaning:
      'The chat service cannot take requests at present, because the server starts, stops or has lost its store.',
    advice:
      '`ringback health` names what is not ready. Retry with growing pauses; a message sent twice can be told by its client message id.',
    printed: ['chat:503/-'],
    standing: 'ruled',
  },
} as const satisfies Record<string, Row>;
