/** Everything that has an outcome: `cause@phase`. Which row that is, the rulings say. */

/** SIP final responses with a row of their own; every other one goes to its family (`codes/families.ts`). */
export type RuledSipStatus = 403 | 404 | 408 | 480 | 484 | 486 | 487 | 500 | 503 | 603;

/** Cause → the phases in which it can happen. */
type Causes = {
  // A request at the HTTP door.
  'invalid-argument': 'request';
  'foreign-source': 'request';
  'foreign-target': 'request';
  'foreign-identity': 'request';
  'unmute-of-another': 'request';
  'foreign-call': 'request';
  unsupported: 'request';
  'call-not-found': 'request';
  'call-terminated': 'request';
  'participant-absent': 'request';
  // A media action at the HTTP door.
  'media-outside-call': 'request';
  'audio-inactive': 'request';
  'no-audio-streams': 'request';
  'operations-exclude': 'request';
  'already-in-mode': 'request';
  'streaming-not-set-up': 'request';
  'stream-address': 'request';
  'recording-format': 'request';
  'too-many-recordings': 'request';
  'identifier-contradicts-itself': 'request';
  'another-transfers': 'request';
  'condition-fails': 'request';
  'resource-disabled': 'request';
  'speech-of-another-resource': 'request';
  'already-recording': 'request';
  'recording-operations-collide': 'request';
  'recording-cannot-change': 'request';
  'recording-mode': 'request';
  'foreign-recording': 'request';
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
  'invalid-answer': 'inviting';
  'cancelled-by-us': 'inviting';
  'invitation-withdrawn': 'inviting';
  'ring-limit': 'inviting';
  // A client of a user being called.
  'user-declined': 'inviting';
  'user-busy': 'inviting';
  'user-unreachable': 'inviting';
  'caller-gave-up': 'inviting';
  // An application being offered a call.
  'nobody-listens': 'offering';
  'not-acknowledged-by-application': 'offering';
  'not-answered-in-time': 'offering';
  'invited-without-answer': 'offering';
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
  'user-hung-up': 'connected';
  'caller-hung-up': 'connected';
  transferred: 'connected';
  removed: 'connected';
  'last-participant-removed': 'connected';
  'left-alone': 'connected';
  'nobody-joined': 'inviting';
  'moved-away': 'connected';
  'move-not-stored': 'connected';
  'no-media': 'setup';
  'no-user-media': 'setup';
  'ice-failed': 'setup';
  'media-lost': 'connected';
  'too-long': 'connected';
  // A media operation.
  'operation-done': 'media';
  'operation-cancelled': 'media';
  'play-shut-down': 'media';
  'prompt-failed': 'media';
  'prompt-wrong-format': 'media';
  'prompt-unfetched': 'media';
  'prompt-empty': 'media';
  'tones-complete': 'media';
  'stop-tone': 'media';
  'tone-gap': 'media';
  'initial-silence': 'media';
  'only-silence-followed': 'media';
  'no-audio': 'media';
  'choice-by-key': 'media';
  'choice-by-word': 'media';
  'key-unmatched': 'media';
  'phrase-unmatched': 'media';
  'speech-recognised': 'media';
  'speech-not-understood': 'media';
  'speech-recognition-failed': 'media';
  'speech-not-linked': 'media' | 'request';
  'speech-not-set-up': 'request';
  'speech-unauthenticated': 'media';
  'speech-forbidden': 'media';
  'speech-identity-refused': 'media';
  'speech-throttled': 'media';
  'speech-bad-request': 'media';
  'speech-timed-out': 'media';
  'speech-unreachable': 'media';
  'speech-model-unsupported': 'media' | 'request';
  'media-fault': 'media';
  'duplicate-recording': 'media';
  'streaming-failed': 'media';
  'streaming-cancelled': 'media';
  'transcription-failed': 'media';
  'transcription-cancelled': 'media';
  'transcription-shut-down': 'media';
  // Whatever state the call is in.
  'media-process-died': 'alive';
  'media-process-mute': 'alive';
  'server-restarted': 'alive';
  'server-stopping': 'alive';
};

type SipFinal = `sip-${RuledSipStatus}@inviting`;
export type Situation = { [C in keyof Causes]: `${C}@${Causes[C]}` }[keyof Causes] | SipFinal;
