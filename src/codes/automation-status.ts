/** Call Automation and the other service APIs: status codes without a subcode, and plain success. */

import type { Row } from './row.ts';

export const automationStatus = {
  'automation/200/0': {
    surface: 'automation',
    code: 200,
    subCode: 0,
    name: 'Success',
    meaning: 'The operation did what was asked. Success events and CallConnected carry it.',
    advice:
      'Nothing to do. A call that ended well has a more telling row, such as 0/7000 or 0/560000, which events write with code 200.',
    printed: ['generic-subcode:-/0'],
    standing: 'ruled',
  },
  'automation/400': {
    surface: 'automation',
    code: 400,
    name: 'Request not understood',
    meaning:
      'The request could not be taken as one of ours before any operation looked at it, because its api-version is missing or unknown; or a field of a request to the identity or phone numbers API is wrong.',
    advice:
      'The message names the field, or lists the versions that are served; send one of them. For an SDK newer than this server, `apiVersions: lenient` serves the newest version it has.',
    printed: ['generic-status:400/-'],
    standing: 'ruled',
  },
  'automation/401': {
    surface: 'automation',
    code: 401,
    name: 'Not authenticated',
    meaning:
      'The request carried no credentials at all, or none of the kind it needs; or it names an identity that is not one of its resource.',
    advice:
      'Build the client from the string that `ringback connection-string` prints, or send an Authorization header. A proxy that strips the header has the same effect. Credentials that are present and wrong have subcodes, such as 401/7509. IdentityNotOwned: create the user with the same connection string.',
    printed: ['generic-status:401/-'],
    standing: 'ruled',
  },
  'automation/403': {
    surface: 'automation',
    code: 403,
    name: 'Not allowed',
    meaning:
      'The caller is known and has no right to this part of the server: the admin API is open only to resources that are marked for it.',
    advice:
      'Use the connection string of a resource with `admin: true` under `resources`, or set that mark. Objects of another resource are a different matter, 403/7504 or 404/8522.',
    printed: ['generic-status:403/-'],
    standing: 'ruled',
  },
  'automation/404': {
    surface: 'automation',
    code: 404,
    name: 'No such address',
    meaning:
      'Nothing is served at this path; or the phone numbers API is asked about a number, search, reservation, operation or country that the resource does not have.',
    advice:
      'Compare method and path in the server log with the pages in `docs/surfaces`; a doubled slash or a path prefix in the endpoint is the usual slip. A call or participant that is unknown gives 404/8522.',
    printed: ['generic-status:404/-'],
    standing: 'ruled',
  },
  'automation/405': {
    surface: 'automation',
    code: 405,
    name: 'Method not served here',
    meaning: 'The path exists, but not with this HTTP method.',
    advice:
      'The `Allow` header lists the methods. Hand-written requests and proxies that turn POST into GET after a redirect are the usual cause; the official SDKs do not send it.',
    printed: ['generic-status:405/-'],
    standing: 'ruled',
  },
  'automation/406': {
    surface: 'automation',
    code: 406,
    name: 'No acceptable format',
    meaning: 'The `Accept` header rules out JSON, and JSON is all the server can send here.',
    advice: 'Add `application/json` to `Accept`, or leave the header out.',
    printed: ['generic-status:406/-'],
    standing: 'ruled',
  },
  'automation/408': {
    surface: 'automation',
    code: 408,
    name: 'Request did not arrive in time',
    meaning:
      "The connection was opened and the request, headers or body, did not come in full before the server's time-out.",
    advice:
      'Look for a proxy that holds back the body, or a client that announced more bytes in Content-Length than it sent. Official SDKs retry by themselves.',
    printed: ['generic-status:408/-'],
    standing: 'ruled',
  },
  'automation/409': {
    surface: 'automation',
    code: 409,
    name: 'At odds with what is there',
    meaning:
      'The request is fine in itself and cannot be had beside what there is: a subscription of that name with other settings, a clock that is real, a part that is broken already, a number that stands in the configuration, a search whose hold is over.',
    advice:
      'Read what stands in its way in the message, then list it: `ringback subscriptions`, `ringback faults`, `ringback health`. Two actions that collide on a call are 409/8519.',
    printed: ['generic-status:409/-'],
    standing: 'ruled',
  },
  'automation/412': {
    surface: 'automation',
    code: 412,
    name: 'Precondition failed',
    meaning:
      'A condition that the request states in If-Match does not hold, so that nothing was done. Calls and recordings have no entity tags: only `*` holds.',
    advice: 'Leave the header out. Media operations that exclude each other have a subcode, 412/8583.',
    printed: ['generic-status:412/-'],
    standing: 'ruled',
  },
  'automation/413': {
    surface: 'automation',
    code: 413,
    name: 'Body too large',
    meaning: 'The body is larger than `limits.bodyBytes`, so it was not read to its end.',
    advice: 'Put audio behind a URL instead of into the request, and split long lists; or raise the limit.',
    printed: ['generic-status:413/-'],
    standing: 'ruled',
  },
  'automation/422': {
    surface: 'automation',
    code: 422,
    name: 'SIP configuration not possible',
    meaning:
      'The SIP routing API was asked for a configuration that cannot be: a trunk whose name is no fully qualified domain name or whose port is none, a route to a trunk that is not there, two routes of one name, a pattern that is no expression.',
    advice:
      'The code in `innererror` says which of them it is, its message and target where. Set trunks before the routes that lead to them, and take routes away before their trunks; nothing of the request was taken over.',
    printed: [],
    source: 'recorded answers of the SIP routing API, api-version 2023-03-01',
    standing: 'ruled',
  },
  'automation/426': {
    surface: 'automation',
    code: 426,
    name: 'TLS required',
    meaning: 'A bearer token came over the plain HTTP port, where anybody between could have read it.',
    advice:
      'Send tokens to the https endpoint from `ringback connection-string`, and trust its certificate as `ringback ca` tells. Requests signed with a key may use either port. Renew a token that has travelled in clear.',
    printed: ['generic-status:426/-'],
    standing: 'ruled',
  },
  'automation/429': {
    surface: 'automation',
    code: 429,
    name: 'Too many requests',
    meaning: 'The resource sends more requests than `limits.requestsPerSecond` allows.',
    advice:
      'Wait for the seconds in `Retry-After`; official SDKs do. Raise the limit when a load test is what you want. New calls are counted on their own, 429/8516.',
    printed: ['generic-status:429/-'],
    standing: 'ruled',
  },
  'automation/481': {
    surface: 'automation',
    code: 481,
    name: 'No such transaction',
    meaning:
      'A message refers to an exchange that the other side never had or has already closed; so it is when a phone answers the REFER of a transfer with 481.',
    advice:
      'For its side the call is over, and with it ours: see in `ringback call ID` what came before, then call that phone again.',
    printed: ['generic-status:481/-'],
    standing: 'ruled',
  },
  'automation/487': {
    surface: 'automation',
    code: 487,
    name: 'Cancelled',
    meaning:
      'The operation was withdrawn before it had a result; so it is when an application leaves a call while it transfers it.',
    advice:
      'Look for the cancelling request in `ringback call ID`. A call that is cancelled while it rings ends with 487/0, and a cancelled media operation with 400/8508.',
    printed: ['generic-status:487/-'],
    standing: 'ruled',
  },
  'automation/500': {
    surface: 'automation',
    code: 500,
    name: 'Internal server error',
    meaning:
      'The server met a fault of its own that no other row describes: a defect, or stored data it could not read.',
    advice:
      'Find the stack trace in the server log by the `x-ms-request-id` of the response and report it: this is a defect in Ringback or damage to its data directory. A store that refuses to write is 500/9999.',
    printed: ['generic-status:500/-'],
    standing: 'ruled',
  },
  'automation/501': {
    surface: 'automation',
    code: 501,
    name: 'Not implemented',
    meaning: 'The address is part of an ACS API, but this version of Ringback does not serve it.',
    advice:
      'See `docs/surfaces` for what is served. An operation that exists and lacks one workflow answers 405/8520.',
    printed: ['generic-status:501/-'],
    standing: 'ruled',
  },
  'automation/502': {
    surface: 'automation',
    code: 502,
    name: 'Webhook answered wrongly',
    meaning:
      'The server asked another party on your behalf and got an unusable reply; so it is when an endpoint does not return the code that would validate its subscription.',
    advice:
      '`ringback subscriptions` shows what the endpoint sent instead. It must answer 200 with the validationResponse, or, for CloudEvents, allow the origin. Media trouble of this kind is 502/9001.',
    printed: ['generic-status:502/-'],
    standing: 'ruled',
  },
  'automation/503': {
    surface: 'automation',
    code: 503,
    name: 'Overloaded',
    meaning:
      'As many requests are being handled as `limits.concurrentRequests` permits, so this one was not begun.',
    advice:
      'Retry after the seconds in `Retry-After`. If it lasts, `ringback health` and the queue depths at `/metrics` show where requests pile up. A server that is stopping answers 503/9998.',
    printed: ['generic-status:503/-'],
    standing: 'ruled',
  },
  'automation/504': {
    surface: 'automation',
    code: 504,
    name: 'Webhook did not answer',
    meaning:
      'The server asked another party on your behalf and heard nothing within its time; so it is when an endpoint is silent while its subscription is validated.',
    advice:
      "Start the endpoint, check that the server's machine can reach its URL, then run `ringback subscriptions validate NAME`. Our own parts being silent is 504/9002.",
    printed: ['generic-status:504/-'],
    standing: 'ruled',
  },
  'automation/603': {
    surface: 'automation',
    code: 603,
    name: 'Declined',
    meaning:
      'The party that was asked said no, and no subcode gives the circumstances; so it is when a phone does not take the REFER of a transfer. Its own status stands in `sipDetails`.',
    advice:
      'Set `transfer: bridge` for its trunk, and Ringback calls the target itself. A refused call has its own row, 603/0, and so has a target that declines, 603/8538.',
    printed: ['generic-status:603/-'],
    standing: 'ruled',
  },
} as const satisfies Record<string, Row>;
