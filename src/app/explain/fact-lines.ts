/** The lines that facts of a call's journal become. */
import type { MediaWatch } from '../../domain/call/call.ts';
import type { Fact, FactKind, FactOf } from '../../domain/call/facts.ts';
import type { RemoteMedia } from '../../domain/call/leg-events.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { ending, type Memory, place, state, type Told } from './fact-words.ts';
import type { Line } from './moments.ts';
import { party } from './names.ts';
import { operationLines } from './operation-lines.ts';
import { participantLines } from './participant-lines.ts';
import { recordingLines, streamLines } from './recording-lines.ts';

export { codeOf, type Memory, place } from './fact-words.ts';

function opened({ connection }: FactOf<'connection-opened'>): Told {
  const to = connection.role === 'caller' ? `calls ${connection.targets.map(party).join(', ')}` : 'answers';
  return state(
    `application ${to} (call connection ${connection.id}, callbacks to ${place(connection.callbackUri)})`,
  );
}

function legOpened({ leg }: FactOf<'leg-opened'>, { names }: Memory): Told {
  const over = leg.trunk === undefined ? 'no trunk takes it' : `trunk ${leg.trunk}`;
  const media = leg.trunk === undefined || leg.media ? '' : ', no media';
  const who = party(leg.party);
  if (leg.movedFrom !== undefined) return state(`${who} comes from call ${leg.movedFrom}`);
  return state(
    leg.direction === 'outbound'
      ? `${who} is to be called${leg.ours === '' ? '' : `, showing ${leg.ours}`} (${over}${media})`
      : leg.inPlaceOf === undefined
        ? `${who} calls ${leg.ours} (${over}${media})`
        : `${who} takes the place of ${names.phone(leg.inPlaceOf)} (${over}${media})`,
  );
}

const holds = (remote: RemoteMedia | undefined): boolean =>
  remote?.direction === 'sendonly' || remote?.direction === 'inactive';

const protection = ({ crypto, ice }: RemoteMedia): string =>
  `${crypto ? `, SRTP ${crypto.suite}` : ''}${ice ? `, where ICE finds a path (far end ${ice.lite ? 'lite' : 'full'})` : ''}`;

function watched(
  who: string,
  watch: MediaWatch,
  before: MediaWatch['watch'] | undefined,
  { startedAt }: Memory,
): string {
  const due = (until: Instant): string => `given up at +${((until - startedAt) / 1000).toFixed(3)} s`;
  switch (watch.watch) {
    case 'exempt':
      return `packets of ${who} are not awaited`;
    case 'awaited':
      return `packets of ${who} are awaited, ${due(watch.until)}`;
    case 'heard': {
      if (before === 'silent') return `packets of ${who} are heard again`;
      return before === 'asked' ? `${who} is heard just now` : `first packet of ${who} heard`;
    }
    case 'silent':
      return `no packets of ${who}, ${due(watch.until)}`;
    case 'asked':
      return `the ${watch.about === 'setup' ? 'set-up' : 'silence'} limit fell due: is ${who} heard just now?`;
  }
}

function media(fact: FactOf<'leg-media'>, memory: Memory): Told {
  const { legId, remote, watch } = fact;
  const { names, watches } = memory;
  const who = names.phone(legId);
  const before = watches.get(legId);
  watches.set(legId, watch.watch);
  const changed = remote
    ? `${who} ${holds(remote) ? 'holds the call' : 'changed its audio'} (${remote.codec} ${remote.direction} at ${remote.address}:${remote.port}${protection(remote)}); `
    : '';
  const about = watched(who, watch, before, memory);
  const heard = watch.watch === 'heard' || remote;
  return {
    kind: 'media',
    text: changed + about,
    ...(heard ? { from: names.carrier(legId), to: 'ringback' } : {}),
    detail: { leg: legId, watch: watch.watch },
  };
}

function answered(fact: FactOf<'leg-answered'>, memory: Memory): Told {
  const { legId, remote, watch } = fact;
  memory.watches.set(legId, watch.watch);
  const who = memory.names.phone(legId);
  const audio = remote
    ? `; audio ${remote.codec} to ${remote.address}:${remote.port}${protection(remote)}`
    : '';
  const wait = watch.watch === 'awaited' ? `; ${watched(who, watch, undefined, memory)}` : '';
  return { ...state(`${who} is connected${audio}${wait}`), detail: { leg: legId } };
}

function transferBegun({ transfer }: FactOf<'transfer-begun'>): Told {
  const { asked, how, target, transferee } = transfer;
  const whom = party(transferee);
  const told =
    asked.by === 'phone'
      ? `${whom} asks that ${party(target)} take its place`
      : `${whom} is to be transferred to ${party(target)}${how.how === 'refer' ? ', by REFER' : ''}`;
  return { ...state(told), detail: { transfer: transfer.id } };
}

const farewells = {
  none: '',
  cancel: '; we cancel',
  'hang-up': '; we hang up',
  refuse: '; we refuse',
} as const;

function legEnded({ legId, outcome, farewell, sipStatus }: FactOf<'leg-ended'>, { names }: Memory): Told {
  const status = farewell === 'refuse' && sipStatus !== undefined ? ` with SIP ${sipStatus}` : '';
  return {
    ...state(`${names.phone(legId)} ended: ${ending(outcome)}${farewells[farewell]}${status}`),
    row: outcome.row,
    detail: { leg: legId, farewell },
  };
}

const lines: { readonly [K in FactKind]: (fact: FactOf<K>, memory: Memory) => Told | undefined } = {
  'call-started': ({ header }) => state(`${header.group ? 'group call' : 'call'} ${header.callId} starts`),
  'connection-opened': opened,
  'connection-connected': (fact) => ({
    ...state(`call connection ${fact.connectionId} is connected`),
    row: fact.outcome.row,
  }),
  'connection-ended': ({ connectionId, as, outcome }) => ({
    ...state(`call connection ${connectionId} ${as}: ${ending(outcome)}`),
    row: outcome.row,
  }),
  'participants-changed': ({ participants, sequence }, { names }) => {
    const all = participants.map(
      ({ identifier, isOnHold }) => names.who(identifier) + (isOnHold ? ' on hold' : ''),
    );
    return state(`participants (${sequence}): ${all.join(', ')}`);
  },
  'leg-opened': legOpened,
  'leg-allocated': ({ legId, local }, { names }) => ({
    kind: 'media',
    text: `audio of ${names.phone(legId)} is received at ${local.address}:${local.port}`,
    detail: { leg: legId },
  }),
  'leg-ringing': ({ legId, sip }, { names }) => ({
    ...state(`${names.phone(legId)} rings (${sip.code} ${sip.message})`),
    detail: { leg: legId },
  }),
  'leg-rerouted': ({ legId, trunk, because }, { names }) => ({
    ...state(`${names.phone(legId)} was not carried: ${ending(because)}; trunk ${trunk} is tried`),
    row: because.row,
    detail: { leg: legId, trunk },
  }),
  'leg-accepting': ({ legId }, { names }) => ({
    ...state(`${names.phone(legId)} is being answered`),
    detail: { leg: legId },
  }),
  'leg-answered': answered,
  'leg-media': media,
  'leg-bridged': ({ legId, otherLegId }, { names }) => ({
    kind: 'media',
    text: `audio of ${names.phone(legId)} and ${names.phone(otherLegId)} is joined`,
    detail: { leg: legId },
  }),
  'leg-ended': legEnded,
  'target-failed': ({ participant, outcome }) => ({
    ...state(`${party(participant.identifier)} was not reached: ${ending(outcome)}`),
    row: outcome.row,
  }),
  'offer-opened': ({ offer }) => {
    const listening =
      offer.subscriptions.length === 0 ? 'no subscription' : `subscription ${offer.subscriptions.join(', ')}`;
    return {
      ...state(`call from ${party(offer.from)} to ${party(offer.target)} offered to ${listening}`),
      detail: { offer: offer.id },
    };
  },
  'offer-delivered': ({ offerId }) => ({
    ...state('the offer reached an application'),
    detail: { offer: offerId },
  }),
  'offer-taken': ({ offerId, connectionId }) => ({
    ...state(`the offer is answered by call connection ${connectionId}`),
    detail: { offer: offerId },
  }),
  'offer-passed-on': ({ offerId }) => ({ ...state('the offer is redirected'), detail: { offer: offerId } }),
  'offer-closed': ({ offerId, outcome }) => ({
    ...state(`the offer is over: ${ending(outcome)}`),
    row: outcome.row,
    detail: { offer: offerId },
  }),
  'transfer-begun': transferBegun,
  'transfer-progress': ({ sip }) => state(`the transfer: ${sip.code} ${sip.message}`.trimEnd()),
  'transfer-passed-on': () => state('the transfer goes on to whom the call was redirected'),
  'transfer-accepted': ({ outcome, transferId }) => ({
    ...state('the transfer succeeded'),
    row: outcome.row,
    detail: { transfer: transferId },
  }),
  'transfer-failed': ({ outcome, transferId }) => ({
    ...state(`the transfer failed: ${ending(outcome)}`),
    row: outcome.row,
    detail: { transfer: transferId },
  }),
  'referral-refused': ({ legId, sipStatus, why }, { names }) => ({
    ...state(`the REFER of ${names.phone(legId)} is refused with SIP ${sipStatus}: ${why}`),
    detail: { leg: legId },
  }),
  'tone-heard': ({ legId, tone, durationMs }, { names }) => ({
    kind: 'media',
    from: names.carrier(legId),
    to: 'ringback',
    text: `key ${tone} (${durationMs} ms)`,
    detail: { leg: legId, tone },
  }),
  ...operationLines,
  ...participantLines,
  ...recordingLines,
  ...streamLines,
  'operation-refused': ({ operation, outcome }) => ({
    ...state(`${operation} refused: ${ending(outcome)}`),
    row: outcome.row,
  }),
  'input-ignored': ({ input, why }) => state(`ignored: ${input}, because ${why}`),
  'call-ended': ({ outcome }) => ({
    kind: 'end',
    text: `the call ended: ${ending(outcome)}`,
    row: outcome.row,
  }),
};

/** Undefined: nothing a reader would miss. A fact of a later version of Ringback is named as it stands. */
export function factLine(fact: Fact, memory: Memory): Line | undefined {
  const tell = lines[fact.fact] as ((fact: Fact, memory: Memory) => Told | undefined) | undefined;
  const told = tell ? tell(fact, memory) : state(fact.fact);
  if (!told) return undefined;
  return { from: 'ringback', to: 'ringback', ...told, detail: { fact: fact.fact, ...told.detail } };
}
