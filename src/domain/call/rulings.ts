/**
 * The only place where a documented row is chosen. A situation is `cause@phase`; each row lists the situations
 * that end in it. A row of standing `ruled` without a ruling does not compile, nor does a situation without a row.
 */
import type { RuledRow } from '../../codes/catalogue.ts';
import type { Situation } from './situations.ts';

export const rulings = {
  'call/0/0': ['hung-up-here@connected', 'user-hung-up@connected'],
  'call/0/560000': ['callee-hung-up@connected'],
  'call/0/540000': ['caller-hung-up@connected'],
  'call/0/5002': ['last-participant-removed@connected'],
  'call/0/5010': ['left-alone@connected'],
  'call/0/5013': ['nobody-joined@inviting'],
  'call/0/5300': ['removed@connected', 'moved-away@connected', 'invitation-withdrawn@inviting'],
  'call/0/7000': ['application-hung-up@connected'],
  'call/0/7015': ['transferred@connected'],
  'call/487/0': ['application-hung-up@inviting', 'caller-gave-up@inviting'],
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
  'call/486/540486': ['refused-as-busy@offering'],
  'call/486/560486': ['sip-486@inviting'],
  'call/500/560500': ['sip-500@inviting'],
  'call/503/560503': ['sip-503@inviting', 'trunk-unreachable@inviting'],
  'call/603/560603': ['sip-603@inviting', 'number-cap-reached@routing'],
  'call/480/10037': ['nobody-listens@offering'],
  'call/480/10078': ['user-unreachable@inviting'],
  'call/603/0': ['application-rejected@offering', 'user-declined@inviting'],
  'call/410/531004': ['no-media@setup', 'ice-failed@setup'],
  'call/410/301004': ['no-user-media@setup'],
  'call/410/301005': ['media-lost@connected'],
  'call/429/10110': ['too-long@connected'],
  'call/410': ['media-process-died@alive', 'media-unusable@inviting'],
  'call/500': ['server-restarted@alive'],
  'call/503': ['server-stopping@alive'],
  'automation/200/0': ['established@connected', 'operation-done@media', 'target-answered@transferring'],
  'automation/200/8514': ['stop-tone@media'],
  'automation/200/8531': ['tones-complete@media'],
  'automation/200/8533': ['choice-by-key@media'],
  'automation/200/8545': ['choice-by-word@media'],
  'automation/200/8569': ['speech-recognised@media'],
  'automation/400/8500': ['already-in-mode@request'],
  'automation/400/7601': ['foreign-source@request'],
  'automation/400/7602': ['foreign-target@request'],
  'automation/400/7603': ['foreign-identity@request'],
  'automation/400/8501': ['not-connected@request'],
  'automation/400/8503': ['audio-inactive@request'],
  'automation/400/8504': ['no-audio-streams@request'],
  'automation/400/8508': ['operation-cancelled@media'],
  'automation/400/8509': ['only-silence-followed@media'],
  'automation/400/8510': ['initial-silence@media'],
  'automation/400/8513': ['no-audio@media'],
  'automation/400/8521': ['forwarded-too-often@offering', 'forwarded-too-often@transferring'],
  'automation/400/8523': ['invalid-argument@request'],
  'automation/400/8528': ['call-terminated@request'],
  'automation/400/8532': ['tone-gap@media'],
  'automation/400/8535': ['prompt-wrong-format@media'],
  'automation/400/8536': ['prompt-unfetched@media'],
  'automation/400/8546': ['invalid-answer@inviting'],
  'automation/400/8547': ['phrase-unmatched@media'],
  'automation/400/8553': ['duplicate-recording@media'],
  'automation/400/8557': ['recording-format@request'],
  'automation/400/8559': ['already-recording@request'],
  'automation/400/8562': ['recording-mode@request'],
  'automation/400/8563': ['speech-not-understood@media'],
  'automation/400/8565': ['speech-bad-request@media'],
  'automation/400/8567': ['speech-not-linked@media', 'speech-not-linked@request'],
  'automation/400/8570': ['speech-recognition-failed@media'],
  'automation/400/8579': ['transcription-cancelled@media'],
  'automation/400/8581': ['stream-address@request'],
  'automation/400/8582': ['prompt-empty@media'],
  'automation/400/8585': ['media-outside-call@request'],
  'automation/400/8604': ['streaming-cancelled@media'],
  'automation/400/8606': ['identifier-contradicts-itself@request'],
  'automation/401/7500': ['entra-account-kind@request'],
  'automation/401/7501': [
    'token-invalid@request',
    'token-expired@request',
    'token-revoked@request',
    'token-malformed@request',
    'token-foreign@request',
    'token-unsigned@request',
  ],
  'automation/401/7508': ['user-token@request'],
  'automation/401/7509': ['signature-differs@request', 'content-hash-differs@request'],
  'automation/401/7510': ['entra-managed-identity@request'],
  'automation/401/8565': ['speech-unauthenticated@media'],
  'automation/403/7502': ['entra-no-access@request'],
  'automation/403/7504': [
    'application-forbade@offering',
    'foreign-call@request',
    'foreign-recording@request',
  ],
  'automation/403/7505': ['entra-other-tenant@request'],
  'automation/403/7506': ['entra-certificate-untrusted@request'],
  'automation/403/7507': ['foreign-context@request'],
  'automation/403/7600': ['resource-disabled@request'],
  'automation/403/7606': ['speech-of-another-resource@request'],
  'automation/403/8565': ['speech-forbidden@media'],
  'automation/403/8566': ['unmute-of-another@request'],
  'automation/403/8568': ['speech-identity-refused@media'],
  'automation/404/8522': ['call-not-found@request'],
  'automation/404/8543': ['target-not-found@transferring'],
  'automation/404/8558': ['participant-absent@request'],
  'automation/405/8520': ['unsupported@request', 'transferee-cannot@transferring'],
  'automation/405/8522': ['speech-not-set-up@request', 'streaming-not-set-up@request'],
  'automation/405/8573': ['recording-cannot-change@request'],
  'automation/405/8605': ['speech-model-unsupported@media', 'speech-model-unsupported@request'],
  'automation/408/8537': ['media-process-mute@alive'],
  'automation/408/8544': ['target-unreachable@transferring'],
  'automation/408/8565': ['speech-timed-out@media'],
  'automation/408/8586': ['not-acknowledged-by-application@offering'],
  'automation/408/8587': ['not-answered-in-time@offering'],
  'automation/408/8610': ['invited-without-answer@offering'],
  'automation/409/8519': ['conflicts-with-another@request'],
  'automation/409/8571': ['recording-operations-collide@request'],
  'automation/409/8607': ['another-transfers@request'],
  'automation/412/8583': ['operations-exclude@request'],
  'automation/429/8516': ['too-many-new-calls@request'],
  'automation/429/8529': ['monthly-calls-used-up@request'],
  'automation/429/8530': ['too-many-active-calls@request'],
  'automation/429/8565': ['speech-throttled@media'],
  'automation/429/8589': ['too-many-recordings@request'],
  'automation/480/8541': ['target-unavailable@transferring'],
  'automation/486/8539': ['application-busy@offering', 'user-busy@inviting', 'target-busy@transferring'],
  'automation/487/8542': [
    'target-cancelled@transferring',
    'transferee-left@transferring',
    'transfer-limit@transferring',
  ],
  'automation/500/8511': ['prompt-failed@media'],
  'automation/500/8534': ['key-unmatched@media'],
  'automation/500/8564': ['speech-unreachable@media'],
  'automation/500/8572': ['play-shut-down@media'],
  'automation/500/8578': ['transcription-failed@media'],
  'automation/500/8580': ['transcription-shut-down@media'],
  'automation/500/8603': ['streaming-failed@media'],
  'automation/500/9003': ['client-aborted@request'],
  'automation/500/9999': ['store-failed@request', 'move-not-stored@connected', 'media-fault@media'],
  'automation/502/9001': ['media-host-refused@inviting'],
  'automation/503/9998': ['draining@request'],
  'automation/504/9002': ['media-host-silent@inviting', 'store-silent@request'],
  'automation/600/8540': ['target-busy-everywhere@transferring'],
  'automation/603/8538': ['target-declined@transferring'],
  'automation/400': [
    'api-version-unknown@request',
    'identity-argument@request',
    'number-argument@request',
    'sms-argument@request',
  ],
  'automation/401': [
    'no-credentials@request',
    'not-a-user@request',
    'identity-not-owned@request',
    'sender-not-owned@request',
  ],
  'automation/403': ['not-administrator@request', 'scope-missing@request'],
  'automation/404': ['no-such-path@request', 'number-unknown@request', 'report-unknown@request'],
  'automation/405': ['wrong-method@request'],
  'automation/406': ['not-acceptable@request'],
  'automation/408': ['body-too-slow@request'],
  'automation/409': ['name-taken@request', 'not-as-things-are@request', 'number-unavailable@request'],
  'automation/412': ['condition-fails@request'],
  'automation/413': ['body-too-large@request'],
  'automation/422': ['routing-impossible@request'],
  'automation/426': ['token-on-plain-http@request'],
  'automation/429': ['too-many-requests@request'],
  'automation/481': ['transferee-knows-no-call@transferring'],
  'automation/487': ['transfer-withdrawn@transferring'],
  'automation/500': ['store-unreadable@request', 'internal-error@request'],
  'automation/501': ['not-served@request'],
  'automation/502': ['webhook-broken@request', 'issuer-unreachable@request'],
  'automation/503': ['overloaded@request'],
  'automation/504': ['webhook-silent@request'],
  'automation/603': ['transferee-declined@transferring'],
  // Chat has rulings of its own (`domain/chat`).
} as const satisfies Record<Exclude<RuledRow, `chat/${string}` | `sms/${string}`>, readonly Situation[]>;

/** Rows that stand as `innererror` in an answer that carries another row (`reference/call-automation.md` §6). */
export const inside = { 'automation/400/8557': 'automation/400/8523' } as const satisfies Partial<
  Record<RuledRow, RuledRow>
>;

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
