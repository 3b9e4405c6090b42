/** What the far side of a phone leg and its media tell us. */
import { type Call, isClient, liveTransfers, type MediaWatch, openOffers, type PhoneLeg } from './call.ts';
import { decideReferStep } from './decide-refer.ts';
import type { Draft } from './draft.ts';
import { endLeg, legLeft, ownRow, tellTargetFailed } from './endings.ts';
import type { LegEnd, LegEvent, MediaEvent, RemoteMedia } from './leg-events.ts';
import { tonePressed } from './operations.ts';
import { clientFinal, type Outcome, outcome, sipFinal } from './outcome.ts';

/** On hold, by either side: no packets need come of it. */
const held = (remote: RemoteMedia | undefined): boolean =>
  remote !== undefined && remote.direction !== 'sendrecv';

function firstWatch(call: Call, leg: PhoneLeg, remote: RemoteMedia | undefined, at: number): MediaWatch {
  return !leg.media || held(remote)
    ? { watch: 'exempt' }
    : { watch: 'awaited', until: at + call.limits.mediaSetup };
}

/** What becomes of a user's client has a row of the calling tables. */
function endOfClient(end: LegEnd, at: number): Outcome | undefined {
  switch (end.how) {
    case 'final':
      return clientFinal(end.sip, at);
    case 'cancel-confirmed':
      return outcome('caller-gave-up@inviting', at);
    case 'no-reply':
      return outcome('user-unreachable@inviting', at, { detail: 'the client did not reply to INVITE' });
    case 'unreachable':
      return outcome('user-unreachable@inviting', at, { detail: end.why });
    case 'hung-up':
      return outcome('user-hung-up@connected', at);
    default:
      return undefined;
  }
}

function endOf(leg: PhoneLeg, end: LegEnd, at: number): Outcome {
  const ofClient = isClient(leg) && leg.leavesAt === undefined ? endOfClient(end, at) : undefined;
  if (ofClient) return ofClient;
  const before = leg.at.phase !== 'up';
  switch (end.how) {
    case 'final':
      return sipFinal(end.sip, at, end.q850);
    case 'cancel-confirmed':
      return outcome('cancelled-by-us@inviting', at);
    case 'no-reply':
      return outcome('no-reply@inviting', at, { detail: `trunk ${leg.trunk} did not reply to INVITE` });
    case 'unreachable':
      return outcome('trunk-unreachable@inviting', at, { detail: `trunk ${leg.trunk}: ${end.why}` });
    case 'unusable-media':
      return outcome('media-unusable@inviting', at, { detail: end.why });
    case 'invalid-answer':
      return outcome('invalid-answer@inviting', at, { detail: end.why });
    case 'hung-up': {
      const particulars = end.q850 ? { q850: end.q850 } : {};
      if (leg.leavesAt !== undefined) return outcome('transferred@connected', at, particulars);
      if (leg.direction === 'outbound') return outcome('callee-hung-up@connected', at, particulars);
      return before
        ? outcome('caller-cancelled@offering', at, particulars)
        : outcome('caller-hung-up@connected', at, particulars);
    }
    case 'cancelled':
      return outcome('caller-cancelled@offering', at, end.q850 ? { q850: end.q850 } : {});
    case 'not-acknowledged':
      return outcome('caller-unacknowledged@offering', at, { detail: 'no ACK to our 200' });
  }
}

/** The trunk itself is out: another may still carry the call. What the called party says is final. */
const trunkIsOut = (end: LegEnd): boolean =>
  end.how === 'no-reply' || end.how === 'unreachable' || (end.how === 'final' && end.sip.code === 503);

function legEnded(draft: Draft, leg: PhoneLeg, end: LegEnd): void {
  const because = endOf(leg, end, draft.at);
  const [trunk, ...others] = leg.others ?? [];
  if (trunk !== undefined && leg.at.phase === 'inviting' && trunkIsOut(end)) {
    draft.add({ fact: 'leg-rerouted', legId: leg.id, trunk, others, because });
    return;
  }
  legLeft(draft, leg, because);
  // The caller is gone: nobody is left to be offered.
  if (leg.direction === 'inbound' && leg.movedFrom === undefined && !isSucceeded(draft.call, leg)) {
    for (const offer of openOffers(draft.call))
      draft.add({ fact: 'offer-closed', offerId: offer.id, outcome: because });
    for (const other of Object.values(draft.call.legs)) {
      if (other.at.phase === 'inviting' || other.at.phase === 'allocating') {
        endLeg(draft, other, ownRow(other, draft.at));
      }
    }
  }
}

/** Somebody has its place, is being called for it, or has it still. */
const isSucceeded = (call: Call, leg: PhoneLeg): boolean =>
  leg.leavesAt !== undefined ||
  (leg.inPlaceOf !== undefined && leg.at.phase !== 'up') ||
  liveTransfers(call).some(({ asked, legId }) => asked.by === 'phone' && legId === leg.id);

function answered(draft: Draft, leg: PhoneLeg, event: Extract<LegEvent, { kind: 'answered' }>): void {
  const remote = event.remote ?? leg.remote;
  draft.add({
    fact: 'leg-answered',
    legId: leg.id,
    watch: firstWatch(draft.call, leg, remote, draft.at),
    ...(remote ? { remote } : {}),
    ...(event.refers === undefined ? {} : { refers: event.refers }),
  });
  const replaced = leg.inPlaceOf === undefined ? undefined : draft.call.legs[leg.inPlaceOf];
  // RFC 3891 3: whoever answers the new call hangs up the one it replaces.
  if (leg.at.phase !== 'up' && replaced && replaced.at.phase !== 'ended')
    endLeg(draft, replaced, outcome('transferred@connected', draft.at));
}

export function decideTrunk(draft: Draft, leg: PhoneLeg, event: LegEvent): void {
  switch (event.kind) {
    case 'ringing':
      if (leg.at.phase === 'inviting' && !leg.at.ringing)
        draft.add({ fact: 'leg-ringing', legId: leg.id, sip: event.sip });
      return;
    case 'answered':
      answered(draft, leg, event);
      return;
    case 'media-changed': {
      if (leg.at.phase !== 'up') return;
      const wasHeld = held(leg.remote);
      const resumed: MediaWatch = { watch: 'silent', until: draft.at + draft.call.limits.mediaLoss };
      const watch: MediaWatch =
        !leg.media || held(event.remote) ? { watch: 'exempt' } : wasHeld ? resumed : leg.at.media;
      draft.add({ fact: 'leg-media', legId: leg.id, remote: event.remote, watch });
      return;
    }
    case 'refer':
      decideReferStep(draft, leg, event.told);
      return;
    // Nothing in the call follows from our own hold: the operation that will ask for it is not served yet.
    case 'hold':
    case 'hold-refused':
      return;
    case 'ended':
      legEnded(draft, leg, event.end);
  }
}

/** We give a leg up for a cause that its applications are told alike. */
export function giveUp(draft: Draft, leg: PhoneLeg, because: Outcome): void {
  endLeg(draft, leg, because);
  tellTargetFailed(draft, leg, because);
  draft.blame = because;
}

/** The process that carried the call's audio is lost: every leg of the call was on it. */
export function loseMedia(draft: Draft, because: Outcome, legIds: readonly string[]): void {
  for (const id of legIds) {
    const leg = draft.call.legs[id];
    if (leg && leg.at.phase !== 'ended') giveUp(draft, leg, because);
  }
}

type LegMediaEvent = Extract<MediaEvent, { legId: string }>;
function unheard(leg: PhoneLeg, about: 'setup' | 'loss', { iceFailed, why }: Told, at: number): Outcome {
  const detail = why === undefined ? {} : { detail: why };
  if (about === 'loss') return outcome('media-lost@connected', at, detail);
  if (isClient(leg)) return outcome('no-user-media@setup', at, detail);
  return outcome(iceFailed ? 'ice-failed@setup' : 'no-media@setup', at, detail);
}

type Told = Extract<MediaEvent, { kind: 'told' }>;

export function decideMedia(draft: Draft, leg: PhoneLeg, event: LegMediaEvent): void {
  const { at } = leg;
  switch (event.kind) {
    case 'allocated':
      if (at.phase === 'allocating') draft.add({ fact: 'leg-allocated', legId: leg.id, local: event.local });
      return;
    case 'refused':
      if (at.phase === 'allocating')
        giveUp(draft, leg, outcome('media-host-refused@inviting', draft.at, { detail: event.why }));
      return;
    case 'heard':
      if (at.phase === 'up' && at.media.watch !== 'heard' && at.media.watch !== 'exempt') {
        draft.add({ fact: 'leg-media', legId: leg.id, watch: { watch: 'heard' } });
      }
      return;
    case 'silent':
      if (at.phase === 'up' && at.media.watch === 'heard') {
        const until = draft.at + draft.call.limits.mediaLoss;
        draft.add({ fact: 'leg-media', legId: leg.id, watch: { watch: 'silent', until } });
      }
      return;
    case 'told': {
      if (at.phase !== 'up' || at.media.watch !== 'asked') return;
      if (event.hearing) draft.add({ fact: 'leg-media', legId: leg.id, watch: { watch: 'heard' } });
      else giveUp(draft, leg, unheard(leg, at.media.about, event, draft.at));
      return;
    }
    case 'tone':
      draft.add({ fact: 'tone-heard', legId: leg.id, tone: event.tone, durationMs: event.durationMs });
      if (at.phase === 'up') tonePressed(draft, leg.id, event.tone);
  }
}
