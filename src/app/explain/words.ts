/** What each situation is called in a sentence. A new cause does not compile until it is worded. */
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Situation } from '../../domain/call/rulings.ts';

type CauseOf<S> = S extends `${infer Cause}@${string}` ? Cause : never;
type PhaseOf<S> = S extends `${string}@${infer Phase}` ? Phase : never;

export type Cause = CauseOf<Situation>;
export type Phase = PhaseOf<Situation>;
/** Causes other than the far end's own SIP answers, which are worded by what they say. */
type WordedCause = Exclude<Cause, `sip-${string}`>;

export const causeWords: Readonly<Record<WordedCause, string>> = {
  'invalid-argument': 'the request carries a value that is not valid',
  unsupported: 'the request asks for something that this server does not do',
  'call-not-found': 'there is no such call here',
  'call-terminated': 'the call had ended when the request came',
  'not-connected': 'the call was not connected when the request came',
  'conflicts-with-another': 'another operation on the call was under way',
  'foreign-context': 'the call was offered to another resource',
  'signature-differs': 'the signature of the request does not fit it',
  'token-invalid': 'the access token is not valid',
  'user-token': 'a user token was used where a service must authenticate',
  'no-credentials': 'the request carries no credentials',
  'not-administrator': 'these credentials do not administer the server',
  'api-version-unknown': 'the api-version is missing or not known',
  'no-such-path': 'no operation has this path',
  'wrong-method': 'the path does not take this method',
  'not-acceptable': 'the client accepts none of the formats that exist',
  'body-too-slow': 'the body of the request did not arrive in time',
  'body-too-large': 'the body of the request is larger than allowed',
  'name-taken': 'the name belongs to something else already',
  'not-as-things-are': 'the server is not in a state in which this can be done',
  'token-on-plain-http': 'an access token came over plain http',
  'not-served': 'this server does not serve the operation yet',
  'webhook-broken': 'the webhook answered the validation wrongly',
  'webhook-silent': 'the webhook did not answer the validation in time',
  'too-many-requests': 'more requests came than the limit allows',
  'too-many-new-calls': 'more calls were created per second than the limit allows',
  'monthly-calls-used-up': 'the calls of this month are used up',
  'too-many-active-calls': 'as many calls were active as the limit allows',
  overloaded: 'the server had more to do than it can',
  draining: 'the server was about to stop and took no new work',
  'store-unreadable': 'the store holds something that cannot be read',
  'internal-error': 'the server met an error of its own',
  'store-failed': 'the store could not write',
  'store-silent': 'the store did not answer in time',
  'client-aborted': 'the client closed the connection before the answer',
  'caller-id-not-owned': 'the caller id to be shown is not a usable number of the resource',
  'destination-not-allowed': 'the destination is on no list of allowed prefixes',
  'no-route': 'no route leads to the number',
  'own-number-unassigned': 'the number is one of our own and assigned to nobody',
  'number-cap-reached': 'the caller id had as many concurrent calls as it may',
  'media-host-refused': 'the media process could not take the audio',
  'media-host-silent': 'the media process did not answer in time',
  'no-reply': 'the trunk gave no SIP reply at all',
  'trunk-unreachable': 'the trunk could not be reached',
  'media-unusable': 'the answer of the far end carries no audio that can be used',
  'cancelled-by-us': 'we cancelled the call',
  'ring-limit': 'nobody answered before the ring limit, so we gave up',
  'nobody-listens': 'no event subscription takes calls for the one called',
  'not-acknowledged-by-application': 'no application acknowledged the offer of the call',
  'not-answered-in-time': 'an application got the offer of the call and did not answer it in time',
  'application-rejected': 'the application rejected the call',
  'application-busy': 'the application rejected the call as busy',
  'application-forbade': 'the application rejected the call as forbidden',
  'caller-cancelled': 'the caller gave up',
  'caller-unacknowledged': 'the caller never acknowledged our answer',
  'forwarded-too-often': 'the call had been redirected or handed over too often',
  'target-answered': 'the target of the transfer answered',
  'target-declined': 'the target of the transfer declined',
  'target-busy': 'the target of the transfer was busy',
  'target-busy-everywhere': 'the target of the transfer was busy everywhere',
  'target-unavailable': 'the target of the transfer was not to be had',
  'target-cancelled': 'the call to the target of the transfer was cancelled',
  'target-not-found': 'the target of the transfer does not exist',
  'target-unreachable': 'nothing was heard of the target of the transfer',
  'transfer-limit': 'the target of the transfer did not answer before the limit',
  'transfer-withdrawn': 'the application left the call while it transferred it',
  'transferee-left': 'the one to be transferred left meanwhile',
  'transferee-declined': 'the phone to be transferred declined the REFER',
  'transferee-cannot': 'the phone to be transferred does not know REFER',
  'transferee-knows-no-call': 'the phone to be transferred no longer knew the call',
  transferred: 'it was handed over',
  'application-hung-up': 'the application hung up',
  established: 'the call was established',
  'hung-up-here': 'our side hung up',
  'callee-hung-up': 'the phone that was called hung up',
  'caller-hung-up': 'the phone that called hung up',
  'no-media': 'not one audio packet of the far end arrived before the set-up limit',
  'ice-failed': 'the far end asked for ICE, and no connectivity check found a path before the set-up limit',
  'media-lost': 'the audio packets of the far end stopped for longer than the limit',
  'too-long': 'the call had lasted as long as the server lets any call last',
  'media-process-died': 'the media process that carried the call died',
  'media-process-mute': 'the media process that carried the call stopped answering',
  'server-restarted': 'the server was restarted while the call was alive',
  'server-stopping': 'the server was stopped while the call was alive',
};

/** How far things had come; empty where the cause says it. */
export const phaseWords: Readonly<Record<Phase, string>> = {
  request: '',
  routing: 'while a way to the number was looked for',
  inviting: 'before anybody answered',
  offering: 'while the call was on offer',
  connected: 'after the call was up',
  setup: 'right after the answer',
  transferring: 'while it was being transferred',
  alive: '',
};

/** Causes that say themselves how far things had come. */
const complete: ReadonlySet<string> = new Set<WordedCause>([
  'established',
  'no-media',
  'ice-failed',
  'no-reply',
  'trunk-unreachable',
  'media-unusable',
  'caller-id-not-owned',
  'destination-not-allowed',
  'no-route',
  'own-number-unassigned',
  'number-cap-reached',
  'nobody-listens',
  'not-acknowledged-by-application',
  'not-answered-in-time',
  'ring-limit',
  'application-rejected',
  'application-busy',
  'application-forbade',
  'caller-unacknowledged',
  'media-host-refused',
  'media-host-silent',
  'target-answered',
  'target-declined',
  'target-busy',
  'target-busy-everywhere',
  'target-unavailable',
  'target-cancelled',
  'target-not-found',
  'target-unreachable',
  'transfer-limit',
  'transfer-withdrawn',
  'transferee-left',
  'transferee-declined',
  'transferee-cannot',
  'transferee-knows-no-call',
  'transferred',
]);

const isWorded = (cause: string): cause is WordedCause => cause in causeWords;
const isPhase = (phase: string): phase is Phase => phase in phaseWords;

function causeIn(cause: string, sip: Outcome['sip']): string {
  if (isWorded(cause)) return causeWords[cause];
  const [, status] = /^sip-(\d{3})$/.exec(cause) ?? [];
  if (status === undefined) return cause;
  return `the far end answered ${sip ? `${sip.code} ${sip.message}`.trimEnd() : status} while it was being called`;
}

/** "the far end answered 486 Busy Here while it was being called". A situation of a later version is shown as it stands. */
export function inWords({ situation, sip }: Pick<Outcome, 'situation' | 'sip'>): string {
  const [cause = '', phase = ''] = situation.split('@');
  const how = causeIn(cause, sip);
  const when = complete.has(cause) || !isWorded(cause) || !isPhase(phase) ? '' : phaseWords[phase];
  return when === '' ? how : `${how} ${when}`;
}
