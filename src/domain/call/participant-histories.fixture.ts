/** For tests: participants added, removed, muted, held and moved at any time, and what must hold of them. */
import assert from 'node:assert/strict';
import { communicationUser, type Identifier, phoneNumber } from '../ids/identifier.ts';
import { participants } from './call.ts';
import type { Pick } from './histories.fixture.ts';
import type { Input, Route } from './inputs.ts';
import { connection, overTrunk, remote, type ToldCall, target } from './told-call.fixture.ts';

const routes: readonly Route[] = [
  overTrunk,
  { to: 'applications', resourceId: 'res', subscriptions: ['sub'] },
  { to: 'nowhere', because: 'caller-id-not-owned', detail: '' },
];

export function someParticipantInput(call: ToldCall, pick: Pick, step: number): Input {
  const connectionId = pick([...Object.keys(call.call?.connections ?? {}), 'connection-unknown']);
  const invitationId = pick([...Object.keys(call.call?.invitations ?? {}), 'invitation-unknown']);
  const there = call.call ? participants(call.call).map(({ identifier }) => identifier) : [];
  const participant: Identifier = pick([...there, phoneNumber('+15005559999')]);
  const carol = communicationUser(`8:acs:res_carol${step}`);
  const added = target(`added-${step}`, pick(routes), `+15005552${100 + step}`);
  return pick<() => Input>([
    () => ({
      input: 'add',
      order: {
        id: `invitation-${step}`,
        connectionId,
        target: pick([added, { ...added, identifier: carol }]),
        headers: [],
        voipHeaders: [],
        ...pick([{}, { timeoutMs: 5000 }]),
      },
    }),
    () => ({ input: 'cancel-add', connectionId, invitationId }),
    () => ({ input: 'remove', order: { connectionId, participant } }),
    () => ({ input: 'mute', connectionId, participant }),
    () => ({
      input: 'hold',
      order: { connectionId, operationId: `music-${step}`, participant, on: pick([true, false]) },
    }),
    () => ({ input: 'connect', connection: { ...connection(`guest-${step}`, 'callee'), role: 'guest' } }),
    () => ({
      input: 'take',
      fromCallId: 'another',
      legs: [
        {
          id: `moved-${step}`,
          direction: pick(['inbound', 'outbound']),
          startedAt: call.now,
          party: phoneNumber(`+15005553${100 + step}`),
          ours: '+18005550100',
          trunk: 'carrier',
          media: true,
          capped: false,
          headers: [],
          remote,
          at: { phase: 'up', since: call.now, media: { watch: 'heard' } },
        },
      ],
      ...pick([{}, { order: { connectionId, fromConnectionId: 'elsewhere' } }]),
    }),
  ])();
}

export function participantsHoldTogether(call: ToldCall): void {
  const state = call.call;
  assert.ok(state);
  const of = (kind: string): number => call.facts.filter(({ fact }) => fact === kind).length;
  const open = Object.values(state.invitations);
  assert.equal(of('invitation-ended') + open.length, of('invitation-opened'), 'an invitation ends once');
  if (state.end) assert.equal(open.length, 0, 'nobody is invited after the end');
  for (const { connectionId } of open)
    assert.notEqual(state.connections[connectionId]?.at.phase, 'ended', 'who has left invites nobody');
  for (const { id, at } of Object.values(state.connections)) {
    const told = call.effects.flatMap((e) =>
      e.effect === 'callback' && e.connectionId === id && e.event.type === 'ParticipantsUpdated'
        ? [e.event]
        : [],
    );
    assert.deepEqual(
      told.map(({ sequenceNumber }) => sequenceNumber),
      told.map((_, index) => index + 1),
      'lists of participants are numbered without a gap',
    );
    if (at.phase === 'connected')
      assert.deepEqual(told.at(-1)?.participants, participants(state), 'the last list told is how it is');
  }
}
