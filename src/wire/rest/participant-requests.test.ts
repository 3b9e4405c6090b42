import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultOf, okOf, phone, policy, target, targetRead, testModels } from './media.fixture.ts';
import {
  addParticipantModel,
  callLocatorModel,
  cancelAddModel,
  connectModel,
  decodeAddParticipant,
  decodeConnect,
  decodeHold,
  decodeMove,
  decodeMute,
  holdModel,
  moveModel,
  muteModel,
  removeParticipantModel,
} from './participant-requests.ts';

describe('the models of the official client', () =>
  testModels([
    ['AddParticipantRequest', addParticipantModel],
    ['RemoveParticipantRequest', removeParticipantModel],
    ['MuteParticipantsRequest', muteModel],
    ['CancelAddParticipantRequest', cancelAddModel],
    ['MoveParticipantsRequest', moveModel],
    ['HoldRequest', holdModel],
    ['ConnectRequest', connectModel],
    ['CallLocator', callLocatorModel],
  ]));

describe('a request to add a participant', () => {
  const add = (more: object = {}) => decodeAddParticipant({ participantToAdd: target, ...more }, policy);

  test('is read whole', () => {
    const read = okOf(
      add({
        sourceCallerIdNumber: { value: '+18005550100' },
        sourceDisplayName: 'Shop',
        invitationTimeoutInSeconds: 30,
        operationContext: 'x',
        customCallingContext: { sipHeaders: { 'X-Order': '7' }, voipHeaders: { colour: 'blue' } },
      }),
    );
    assert.deepEqual(read, {
      participant: targetRead,
      sourceCallerId: '+18005550100',
      sourceDisplayName: 'Shop',
      timeoutMs: 30_000,
      operationContext: 'x',
      sipHeaders: [{ name: 'X-Order', value: '7' }],
      voipHeaders: [{ name: 'colour', value: 'blue' }],
    });
  });

  test('may say nothing but whom', () => {
    assert.deepEqual(okOf(add()), { participant: targetRead, sipHeaders: [], voipHeaders: [] });
  });

  test('is refused where a header could break out of its line', () => {
    for (const sipHeaders of [{ 'X-A': 'b\r\nEvil: 1' }, { 'X-A\r\nEvil': '1' }, { From: 'me' }])
      assert.match(
        faultOf(add({ customCallingContext: { sipHeaders } })),
        /^invalid customCallingContext\.sipHeaders/,
      );
  });
});

test('one participant at a time is muted', () => {
  for (const targetParticipants of [[target, phone('+15005552002')], []])
    assert.match(faultOf(decodeMute({ targetParticipants })), /^invalid targetParticipants: /);
});

test('several are moved, from a call that must be named', () => {
  assert.equal(okOf(decodeMove({ targetParticipants: [target], fromCall: 'a' }, policy)).fromCall, 'a');
  assert.match(faultOf(decodeMove({ targetParticipants: [target] }, policy)), /^invalid fromCall: /);
});

test('music is a source like that of a prompt', () => {
  const playSourceInfo = { kind: 'file', file: { uri: 'https://prompts.example/a.wav' } };
  const read = okOf(decodeHold({ targetParticipant: target, playSourceInfo }, policy));
  assert.deepEqual(read.music, { kind: 'file', uri: 'https://prompts.example/a.wav' });
  const wrong = { ...playSourceInfo, file: { uri: 'ftp://prompts.example/a.wav' } };
  const fault = faultOf(decodeHold({ targetParticipant: target, playSourceInfo: wrong }, policy));
  assert.match(fault, /^invalid playSourceInfo\.file\.uri: /);
});

test('calls are found by their server call id; groups and rooms are named', () => {
  const callbackUri = 'https://app.example/events';
  const connect = (callLocator: object) => decodeConnect({ callLocator, callbackUri }, policy);
  assert.equal(okOf(connect({ kind: 'serverCallLocator', serverCallId: 's' })).serverCallId, 's');
  for (const [name, kind] of [
    ['groupCallId', 'groupCallLocator'],
    ['roomId', 'roomCallLocator'],
  ] as const) {
    const fault = faultOf(connect({ kind, [name]: 'x' }));
    assert.match(fault, new RegExp(`^unsupported callLocator\\.${name}: `));
  }
});
