/**
 * The only place where a documented row is chosen. A situation is `cause@phase`; each row lists the situations
 * that end in it. A row of standing `ruled` without a ruling does not compile, nor does a situation without a row.
 */
import type { RuledRow } from '../../codes/catalogue.ts';

/** SIP final responses with a row of their own; every other one goes to its family (`codes/families.ts`). */
export type RuledSipStatus = 403 | 404 | 408 | 480 | 484 | 486 | 487 | 500 | 503 | 603;

/** Cause → the phases in which it can happen. */
type Causes = {
  // A request at the HTTP door.
  'invalid-argument': 'request';
  unsupported: 'request';
  'call-not-found': 'request';
  'call-terminated': 'request';
  'not-connected': 'request';
  'conflicts-with-another': 'request';
  'foreign-context': 'request';
  'signature-differs': 'request';
  'token-invalid': 'request';
  'user-token': 'request';
  'no-credentials': 'request';
  'not-administrator': 'request';
  'api-version-unknown': 'request';
  'no-such-path': 'request';
  'wrong-method': 'request';
  'not-acceptable': 'request';
  'body-too-slow': 'request';
  'body-too-large': 'request';
  'name-taken': 'request';
  'not-as-things-are': 'request';
  'token-on-plain-http': 'request';
  'not-served': 'request';
  'webhook-broken': 'request';
  'webhook-silent': 'request';
  'too-many-requests': 'request';
  'too-many-new-calls': 'request';
  'monthly-calls-used-up': 'request';
  'too-many-active-calls': 'request';
  overloaded: 'request';
  draining: 'request';
  'store-unreadable': 'request';
  'internal-error': 'request';
  'store-failed': 'request';
  'store-silent': 'request';
  'client-aborted': 'request';
  // Where a call may go.
  'caller-id-not-owned': 'routing';
  'destination-not-allowed': 'routing';
  'no-route': 'routing';
  'own-number-unassigned': 'routing';
  'number-cap-reached': 'routing';
  // A phone being called.
  'media-host-refused': 'inviting';
  'media-host-silent': 'inviting';
  'no-reply': 'inviting';
  'trunk-unreachable': 'inviting';
  'media-unusable': 'inviting';
  'cancelled-by-us': 'inviting';
  'ring-limit': 'inviting';
  // An application (later: a client) being offered a call.
  'nobody-listens': 'offering';
  'not-acknowledged-by-application': 'offering';
  'not-answered-in-time': 'offering';
  'application-rejected': 'offering';
  'application-busy': 'offering';
  'application-forbade': 'offering';
  'caller-cancelled': 'offering';
  'caller-unacknowledged': 'offering';
  'forwarded-too-often': 'offering' | 'transferring';
  // A party being handed over to somebody else.
  'target-answered': 'transferring';
  'target-declined': 'transferring';
  'target-busy': 'transferring';
  'target-busy-everywhere': 'transferring';
  'target-unavailable': 'transferring';
  'target-cancelled': 'transferring';
  'target-not-found': 'transferring';
  'target-unreachable': 'transferring';
  'transfer-limit': 'transferring';
  'transfer-withdrawn': 'transferring';
  'transferee-left': 'transferring';
  'transferee-declined': 'transferring';
  'transferee-cannot': 'transferring';
  'transferee-knows-no-call': 'transferring';
  // Before the answer, whoever is called.
  'application-hung-up': 'inviting' | 'connected';
  // A call that is up.
  established: 'connected';
  'hung-up-here': 'connected';
  'callee-hung-up': 'connected';
  'caller-hung-up': 'connected';
  transferred: 'connected';
  'no-media': 'setup';
  'ice-failed': 'setup';
  'media-lost': 'connected';
  'too-long': 'connected';
  // Whatever state the call is in.
  'media-process-died': 'alive';
  'media-process-mute': 'alive';
  'server-restarted': 'alive';
  'server-stopping': 'alive';
};

type SipFinal = `sip-${RuledSipStatus}@inviting`;
export type Situation = { [C in keyof Causes]: `${C}@${Causes[C]}` }[keyof Causes] | SipFinal;

export const rulings = {
  'call/0/0': ['hung-up-here@connected'],
  'call/0/560000': ['callee-hung-up@connected'],
  'call/0/540000': ['caller-hung-up@connected'],
  'call/0/7000': ['application-hung-up@connected'],
  'call/0/7015': ['transferred@connected'],
  'call/487/0': ['application-hung-up@inviting'],
  'call/487/10004': ['ring-limit@inviting'],
  'call/487/540487': ['caller-cancelled@offering'],
  'call/487/560487': ['cancelled-by-us@inviting', 'sip-487@inviting'],
  'call/403/510403': ['caller-id-not-owned@routing', 'destination-not-allowed@routing'],
  'call/403/511532': ['no-route@routing'],
  'call/404/511404': ['own-number-unassigned@routing'],
  'call/403/560403': ['sip-403@inviting'],
  'call/404/560404': ['sip-404@inviting'],
  'call/408/560408': ['sip-408@inviting'],
  'call/408/500001': ['no-reply@inviting', 'caller-unacknowledged@offering'],
  'call/480/560480': ['sip-480@inviting'],
  'call/484/560484': ['sip-484@inviting'],
  'call/486/560486': ['sip-486@inviting'],
  'call/500/560500': ['sip-500@inviting'],
  'call/503/560503': ['sip-503@inviting', 'trunk-unreachable@inviting'],
  'call/603/560603': ['sip-603@inviting', 'number-cap-reached@routing'],
  'call/480/10037': ['nobody-listens@offering'],
  'call/603/0': ['application-rejected@offering'],
  'call/410/531004': ['no-media@setup', 'ice-failed@setup'],
  'call/410/301005': ['media-lost@connected'],
  'call/429/10110': ['too-long@connected'],
  'call/410': ['media-process-died@alive', 'media-unusable@inviting'],
  'call/500': ['server-restarted@alive'],
  'call/503': ['server-stopping@alive'],
  'automation/200/0': ['established@connected', 'target-answered@transferring'],
  'automation/400/8501': ['not-connected@request'],
  'automation/400/8521': ['forwarded-too-often@offering', 'forwarded-too-often@transferring'],
  'automation/400/8523': ['invalid-argument@request'],
  'automation/400/8528': ['call-terminated@request'],
  'automation/401/7501': ['token-invalid@request'],
  'automation/401/7508': ['user-token@request'],
  'automation/401/7509': ['signature-differs@request'],
  'automation/403/7504': ['application-forbade@offering'],
  'automation/403/7507': ['foreign-context@request'],
  'automation/404/8522': ['call-not-found@request'],
  'automation/404/8543': ['target-not-found@transferring'],
  'automation/405/8520': ['unsupported@request', 'transferee-cannot@transferring'],
  'automation/408/8537': ['media-process-mute@alive'],
  'automation/408/8544': ['target-unreachable@transferring'],
  'automation/408/8586': ['not-acknowledged-by-application@offering'],
  'automation/408/8587': ['not-answered-in-time@offering'],
  'automation/409/8519': ['conflicts-with-another@request'],
  'automation/429/8516': ['too-many-new-calls@request'],
  'automation/429/8529': ['monthly-calls-used-up@request'],
  'automation/429/8530': ['too-many-active-calls@request'],
  'automation/480/8541': ['target-unavailable@transferring'],
  'automation/486/8539': ['application-busy@offering', 'target-busy@transferring'],
  'automation/487/8542': [
    'target-cancelled@transferring',
    'transferee-left@transferring',
    'transfer-limit@transferring',
  ],
  'automation/500/9003': ['client-aborted@request'],
  'automation/500/9999': ['store-failed@request'],
  'automation/502/9001': ['media-host-refused@inviting'],
  'automation/503/9998': ['draining@request'],
  'automation/504/9002': ['media-host-silent@inviting', 'store-silent@request'],
  'automation/600/8540': ['target-busy-everywhere@transferring'],
  'automation/603/8538': ['target-declined@transferring'],
  'automation/400': ['api-version-unknown@request'],
  'automation/401': ['no-credentials@request'],
  'automation/403': ['not-administrator@request'],
  'automation/404': ['no-such-path@request'],
  'automation/405': ['wrong-method@request'],
  'automation/406': ['not-acceptable@request'],
  'automation/408': ['body-too-slow@request'],
  'automation/409': ['name-taken@request', 'not-as-things-are@request'],
  'automation/413': ['body-too-large@request'],
  'automation/426': ['token-on-plain-http@request'],
  'automation/429': ['too-many-requests@request'],
  'automation/481': ['transferee-knows-no-call@transferring'],
  'automation/487': ['transfer-withdrawn@transferring'],
  'automation/500': ['store-unreadable@request', 'internal-error@request'],
  'automation/501': ['not-served@request'],
  'automation/502': ['webhook-broken@request'],
  'automation/503': ['overloaded@request'],
  'automation/504': ['webhook-silent@request'],
  'automation/603': ['transferee-declined@transferring'],
} as const satisfies Record<RuledRow, readonly Situation[]>;

type Unruled = Exclude<Situation, (typeof rulings)[keyof typeof rulings][number]>;
// A situation without a row fails here, and the compiler names it.
true satisfies [Unruled] extends [never] ? true : Unruled;

export type CallRow = keyof typeof rulings;

function invert(): ReadonlyMap<Situation, CallRow> {
  const rows = new Map<Situation, CallRow>();
  for (const [row, situations] of Object.entries(rulings) as [CallRow, readonly Situation[]][]) {
    for (const situation of situations) {
      const other = rows.get(situation);
      if (other) throw new Error(`rulings: ${situation} is ruled twice, by ${other} and by ${row}`);
      rows.set(situation, row);
    }
  }
  return rows;
}

const rowBySituation = invert();

/** The row that a situation ends in. */
export function rule(situation: Situation): CallRow {
  const row = rowBySituation.get(situation);
  if (!row) throw new Error(`rulings: no row for ${situation}`);
  return row;
}
