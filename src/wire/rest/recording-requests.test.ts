import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultOf, okOf, phone, policy, testModels } from './media.fixture.ts';
import {
  callLocatorModel,
  callOfRecording,
  channelAffinityModel,
  decodeStartRecording,
  encodeRecording,
  recordingId,
  startRecordingModel,
  storageModel,
} from './recording-requests.ts';

const locator = { callLocator: { kind: 'serverCallLocator', serverCallId: 'server-call' } };
const decode = (change: object = {}) => decodeStartRecording({ ...locator, ...change }, policy);
const unmixed = { recordingContentType: 'audio', recordingChannelType: 'unmixed' };
const [alice, bob, carol] = ['1', '2', '3'].map((n) => phone(`+1500555200${n}`));

describe('the models of the official client', () =>
  testModels([
    ['StartCallRecordingRequest', startRecordingModel],
    ['CallLocator', callLocatorModel],
    ['ChannelAffinity', channelAffinityModel],
    ['RecordingStorage', storageModel],
  ]));

/** Who is on which channel. */
const channels = (change: object): readonly (readonly [number, string])[] =>
  okOf(decode({ ...unmixed, ...change })).settings.channelOf.map(({ channel, participant }) => [
    channel,
    participant.rawId.slice(-1),
  ]);

describe('a request to start recording', () => {
  test('is read with every field', () => {
    const read = decode({
      recordingStateCallbackUri: 'https://app.example/rec',
      recordingContentType: 'audio',
      recordingChannelType: 'mixed',
      recordingFormatType: 'wav',
      pauseOnStart: true,
      externalStorage: {
        recordingStorageKind: 'azureBlobStorage',
        recordingDestinationContainerUrl: 'https://store.example/box?sig=x',
      },
    });
    assert.deepEqual(okOf(read), {
      call: { serverCallId: 'server-call' },
      settings: {
        content: 'audio',
        channels: 'mixed',
        format: 'wav',
        channelOf: [],
        storage: { kind: 'blob', url: 'https://store.example/box?sig=x' },
      },
      pauseOnStart: true,
      callbackUri: 'https://app.example/rec',
    });
    const byConnection = decodeStartRecording({ callConnectionId: 'c' }, policy);
    assert.deepEqual(okOf(byConnection).call, { connectionId: 'c' });
  });

  test('that says nothing of what it wants gets what the service makes', () => {
    const made = (change: object): readonly string[] => {
      const { content, channels, format, storage } = okOf(decode(change)).settings;
      return [content, channels, format, storage.kind];
    };
    assert.deepEqual(made({}), ['audioVideo', 'mixed', 'mp4', 'here']);
    assert.deepEqual(made({ recordingContentType: 'audio' }), ['audio', 'mixed', 'mp3', 'here']);
    assert.deepEqual(made(unmixed), ['audio', 'unmixed', 'wav', 'here']);
  });

  test('gives channels by affinity first, then in the order of the list', () => {
    assert.deepEqual(channels({ audioChannelParticipantOrdering: [alice, bob] }), [
      [0, '1'],
      [1, '2'],
    ]);
    assert.deepEqual(
      channels({
        channelAffinity: [{ channel: 0, participant: carol }],
        audioChannelParticipantOrdering: [alice, carol, bob],
      }),
      [
        [0, '3'],
        [1, '1'],
        [2, '2'],
      ],
    );
    assert.deepEqual(
      channels({ channelAffinity: [{ participant: alice }, { channel: 0, participant: bob }] }),
      [
        [0, '2'],
        [1, '1'],
      ],
    );
  });

  for (const [content, channelType, format] of [
    ['audioVideo', 'mixed', 'wav'],
    ['audioVideo', 'unmixed', 'mp4'],
    ['audio', 'mixed', 'mp4'],
    ['audio', 'unmixed', 'mp3'],
    ['audio', 'unmixed', 'mp4'],
  ] as const) {
    test(`of ${channelType} ${content} as ${format} is refused as a wrong format`, () => {
      const fault = faultOf(
        decode({
          recordingContentType: content,
          recordingChannelType: channelType,
          recordingFormatType: format,
        }),
      );
      assert.match(fault, /^recording-format recordingFormatType: .*cannot be made/);
    });
  }

  for (const [what, change, fault] of [
    ['of a room', { callLocator: { kind: 'roomCallLocator', roomId: 'r' } }, /callLocator\.(kind|roomId)/],
    ['of no call', { callLocator: null }, /callLocator: .*which call/],
    [
      'of more channels than there are',
      { ...unmixed, audioChannelParticipantOrdering: Array(6).fill(alice) },
      /may have 5 elements/,
    ],
    [
      'on a channel that there is not',
      { ...unmixed, channelAffinity: [{ channel: 5, participant: alice }] },
      /whole number from 0 to 4/,
    ],
    [
      'of two on one channel',
      {
        ...unmixed,
        channelAffinity: [
          { channel: 1, participant: alice },
          { channel: 1, participant: bob },
        ],
      },
      /given the same channel/,
    ],
    [
      'into a container without an address',
      { externalStorage: { recordingStorageKind: 'azureBlobStorage' } },
      /recordingDestinationContainerUrl/,
    ],
    [
      'into a folder',
      {
        externalStorage: {
          recordingStorageKind: 'azureBlobStorage',
          recordingDestinationContainerUrl: 'file:///tmp',
        },
      },
      /URL of a container/,
    ],
  ] as const) {
    test(`${what} is refused`, () => assert.match(faultOf(decode(change)), fault));
  }
});

test('the id of a recording tells its call, and a foreign id tells none', () => {
  const id = recordingId('call-1', 'unique');
  assert.match(id, /^[\w-]+$/);
  assert.equal(callOfRecording(id), 'call-1');
  for (const foreign of ['', 'x', 'not base64!', btoa('[1]'), btoa('{"PlatformEndpointId":7}'), btoa('null')])
    assert.equal(callOfRecording(foreign), undefined);
});

test('a recording that begins counts as what it is to be, and a paused one is inactive', () => {
  const stateOf = (state: Parameters<typeof encodeRecording>[0]['state'], pauseOnStart = false): string =>
    encodeRecording({ id: 'r', state, pauseOnStart }).recordingState;
  assert.deepEqual(
    [
      stateOf('starting'),
      stateOf('starting', true),
      stateOf('active'),
      stateOf('paused'),
      stateOf('stopping'),
    ],
    ['active', 'inactive', 'active', 'inactive', 'inactive'],
  );
});
