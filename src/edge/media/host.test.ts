import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import type { MediaAddress } from '../../app/ports/trunk.ts';
import { createMediaHost, type MediaHost, type MediaHostOptions } from './host.ts';
import { type MediaDiary, openMediaDiary, openTestPhone, type TestPhone, until } from './phone.fixture.ts';

interface Stage extends AsyncDisposable {
  readonly host: MediaHost;
  readonly diary: MediaDiary;
  readonly notes: readonly string[];
  allocate(legId: string): Promise<MediaAddress>;
  phone(...changes: Parameters<typeof openTestPhone>): Promise<TestPhone>;
}

const openStage = async (options: Partial<MediaHostOptions> = {}): Promise<Stage> => {
  const diary = openMediaDiary();
  const notes: string[] = [];
  const phones: TestPhone[] = [];
  const host = createMediaHost({
    rtpPorts: [0, 0],
    address: '127.0.0.1',
    inProcess: true,
    onEvent: diary.onEvent,
    onNote: ({ note }) => notes.push(note),
    ...options,
  });
  await host.start();
  return {
    host,
    diary,
    notes,
    allocate: async (legId) => {
      host.port.allocate('call', legId);
      return (await diary.next('allocated', legId)).local;
    },
    phone: async (...changes) => {
      const phone = await openTestPhone(...changes);
      phones.push(phone);
      return phone;
    },
    [Symbol.asyncDispose]: async () => {
      await host.stop();
      for (const phone of phones) await phone.close();
    },
  };
};

const packetsAfter = async (phone: TestPhone, count: number): Promise<void> => {
  const had = phone.heard.length;
  await until(
    () => phone.heard.length >= had + count,
    () => `${phone.heard.length - had} of ${count} packets came`,
  );
};

test('a connected leg sends silence at once, in order, with steps of 20 ms', async () => {
  await using stage = await openStage();
  const phone = await stage.phone();
  await stage.allocate('leg');
  stage.host.port.connect('leg', phone.media);
  await packetsAfter(phone, 5);
  const [first, second] = phone.heard;
  assert.deepEqual(
    [...first!.payload],
    Array.from({ length: 160 }, () => 0xff),
  );
  assert.deepEqual([first?.marker, second?.marker], [true, false]);
  assert.equal((second!.sequence - first!.sequence) & 0xffff, 1);
  // Whole frames; more than one where the process was held up between them.
  const ahead = (second!.timestamp - first!.timestamp) >>> 0;
  assert.ok(ahead >= 160 && ahead % 160 === 0, `the timestamp went ${ahead} further`);
  assert.equal(second?.ssrc, first?.ssrc);
});

test('an A-law leg sends the silence of A-law', async () => {
  await using stage = await openStage();
  const phone = await stage.phone({ codec: 'PCMA', payloadType: 8 });
  await stage.allocate('leg');
  stage.host.port.connect('leg', phone.media);
  await packetsAfter(phone, 1);
  assert.deepEqual([phone.heard[0]?.payloadType, phone.heard[0]?.payload[0]], [8, 0xd5]);
});

test('a far end that holds the call is sent nothing until it resumes', async () => {
  await using stage = await openStage();
  const phone = await stage.phone();
  const other = await stage.phone();
  await stage.allocate('leg');
  await stage.allocate('other');
  stage.host.port.connect('leg', phone.media);
  stage.host.port.connect('other', other.media);
  await packetsAfter(phone, 1);
  stage.host.port.connect('leg', { ...phone.media, direction: 'sendonly' });
  // The other leg's packets are the measure of time.
  await packetsAfter(other, 3);
  const had = phone.heard.length;
  await packetsAfter(other, 5);
  assert.equal(phone.heard.length, had);
  stage.host.port.connect('leg', phone.media);
  await packetsAfter(phone, 1);
  assert.equal(phone.heard[had]?.marker, true);
});

test('the far end is heard once, silent after a second without packets, and heard again', async () => {
  await using stage = await openStage();
  const phone = await stage.phone();
  const local = await stage.allocate('leg');
  stage.host.port.connect('leg', phone.media);
  await packetsAfter(phone, 1);
  phone.say(local);
  phone.say(local);
  await stage.diary.next('heard');
  await stage.diary.next('silent');
  stage.host.port.ask('leg');
  assert.equal((await stage.diary.next('told')).hearing, false);
  phone.say(local);
  await stage.diary.next('heard');
  stage.host.port.ask('leg');
  assert.equal((await stage.diary.next('told')).hearing, true);
  const kinds = stage.diary.events.map(({ kind }) => kind);
  assert.deepEqual(kinds, ['allocated', 'heard', 'silent', 'told', 'heard', 'told']);
});

test('a far end that talks through its own hold is heard again when it resumes', async () => {
  await using stage = await openStage();
  const phone = await stage.phone();
  const local = await stage.allocate('leg');
  const { port } = stage.host;
  port.connect('leg', phone.media);
  phone.say(local);
  await stage.diary.next('heard', 'leg');
  port.connect('leg', { ...phone.media, direction: 'sendonly' });
  port.connect('leg', phone.media);
  await until(
    () => {
      phone.say(local);
      return stage.diary.events.filter(({ kind }) => kind === 'heard').length === 2;
    },
    () => 'it is not heard again',
  );
  assert.ok(stage.diary.events.every(({ kind }) => kind !== 'silent'));
});

test('a far end that talks before its answer is known is told of again when it is', async () => {
  await using stage = await openStage();
  const phone = await stage.phone();
  const local = await stage.allocate('leg');
  phone.say(local);
  await stage.diary.next('heard', 'leg');
  stage.host.port.connect('leg', phone.media);
  await stage.diary.next('heard', 'leg');
});

test('a leg that heard nothing yet waits a moment for its first packet before it says so', async () => {
  await using stage = await openStage();
  const phone = await stage.phone();
  const local = await stage.allocate('leg');
  stage.host.port.connect('leg', phone.media);
  stage.host.port.ask('leg');
  phone.say(local);
  assert.equal((await stage.diary.next('told')).hearing, true);
  const other = await stage.allocate('other');
  stage.host.port.ask('other');
  assert.equal((await stage.diary.next('told')).hearing, false);
  assert.ok(other.port > 0);
});

test('a leg speaks only to the source that it hears, and prefers the one named in the SDP', async () => {
  await using stage = await openStage();
  const named = await stage.phone();
  const behindNat = await stage.phone();
  const stranger = await stage.phone();
  const local = await stage.allocate('leg');
  stage.host.port.connect('leg', named.media);
  behindNat.say(local);
  await stage.diary.next('heard');
  await packetsAfter(behindNat, 3);
  const port = behindNat.media.port;
  assert.equal((await stage.host.statistics('leg'))?.latchedTo, `127.0.0.1:${port}`);
  assert.match(stage.notes.join(), /latched on to the former/);

  stranger.say(local);
  await until(
    async () => (await stage.host.statistics('leg'))?.strangers === 1,
    () => 'the stranger was not counted',
  );
  assert.equal(stranger.heard.length, 0);

  named.say(local);
  await packetsAfter(named, 3);
  assert.equal((await stage.host.statistics('leg'))?.latchedTo, undefined);
});

test('statistics count packets, losses and garbage, and come once more on release', async () => {
  const released: string[] = [];
  await using stage = await openStage({ onReleased: (legId, { lost }) => released.push(`${legId} ${lost}`) });
  const phone = await stage.phone();
  const local = await stage.allocate('leg');
  phone.say(local, { sequence: 10 });
  phone.say(local, { sequence: 13 });
  phone.send(local, Uint8Array.of(1, 2, 3));
  await until(
    async () => (await stage.host.statistics('leg'))?.garbage === 1,
    () => 'no garbage was counted',
  );
  const statistics = await stage.host.statistics('leg');
  assert.deepEqual([statistics?.packetsIn, statistics?.lost], [2, 2]);
  stage.host.port.release('leg');
  await until(
    () => released.length > 0,
    () => 'no statistics came with the release',
  );
  assert.deepEqual(released, ['leg 2']);
  assert.equal(await stage.host.statistics('leg'), undefined);
});

test('a deaf engine hears nothing and goes on sending', async () => {
  await using stage = await openStage();
  const phone = await stage.phone();
  const local = await stage.allocate('leg');
  stage.host.port.connect('leg', phone.media);
  phone.say(local);
  await stage.diary.next('heard');
  stage.host.deafen(true);
  const talking = setInterval(() => phone.say(local), 20);
  await stage.diary.next('silent');
  await packetsAfter(phone, 2);
  stage.host.deafen(false);
  await stage.diary.next('heard');
  clearInterval(talking);
});

test('bridged legs hear each other in the codec of each, and their keys', async () => {
  await using stage = await openStage();
  const alice = await stage.phone();
  const bob = await stage.phone({ codec: 'PCMA', payloadType: 8, telephoneEvent: 96 });
  const toAlice = await stage.allocate('alice');
  await stage.allocate('bob');
  stage.host.port.connect('alice', alice.media);
  stage.host.port.connect('bob', bob.media);
  stage.host.port.bridge('alice', 'bob');
  const talking = setInterval(() => alice.say(toAlice, { payload: new Uint8Array(160).fill(0x80) }), 20);
  // µ-law 0x80 is the loudest positive sample; A-law's is 0xaa.
  await until(
    () => bob.heard.some(({ payload }) => payload.every((byte) => byte === 0xaa)),
    () => 'Bob does not hear Alice',
  );
  assert.ok(alice.heard.every(({ payload }) => payload.every((byte) => byte === 0xff)));
  alice.press(toAlice, '4');
  await until(
    () => bob.heard.some(({ payloadType, payload }) => payloadType === 96 && payload[0] === 4),
    () => 'Bob does not hear the key',
  );
  clearInterval(talking);
  stage.host.port.release('alice');
  await packetsAfter(bob, 2);
  await until(
    () => bob.heard.at(-1)?.payload.every((byte) => byte === 0xd5),
    () => 'Bob still hears something',
  );
});

test('ports are even and within the range; when none is left the refusal names the range', async () => {
  const taken = createSocket('udp4');
  taken.bind(0, '127.0.0.1');
  await once(taken, 'listening');
  const base = taken.address().port + (taken.address().port % 2);
  await using stage = await openStage({ rtpPorts: [base, base + 3] });
  const legs = ['one', 'two', 'three', 'four'];
  for (const leg of legs) stage.host.port.allocate('call', leg);
  await until(
    () => stage.diary.events.length === legs.length,
    () => `answered: ${JSON.stringify(stage.diary.events)}`,
  );
  for (const event of stage.diary.events) {
    if (event.kind === 'allocated') assert.ok([base, base + 2].includes(event.local.port));
    else assert.match(event.kind === 'refused' ? event.why : '', new RegExp(`${base}-${base + 3}`));
  }
  assert.equal(stage.diary.events.filter(({ kind }) => kind === 'refused').length >= 2, true);
  taken.close();
});

test('an address that is not ours is refused, naming it', async () => {
  await using stage = await openStage({ address: '192.0.2.1', rtpPorts: [20000, 20010] });
  stage.host.port.allocate('call', 'leg');
  const { why } = await stage.diary.next('refused');
  assert.match(why, /192\.0\.2\.1.*EADDRNOTAVAIL/);
});

test('what is asked of an unknown leg is ignored', async () => {
  await using stage = await openStage();
  stage.host.port.ask('nobody');
  stage.host.port.release('nobody');
  stage.host.port.bridge('nobody', 'neither');
  await stage.allocate('leg');
  assert.deepEqual(
    stage.diary.events.map(({ kind }) => kind),
    ['allocated'],
  );
});

test('a leg that is moved to another call is heard there, and no longer where it was', async () => {
  await using stage = await openStage();
  const [alice, bob, carol] = [await stage.phone(), await stage.phone(), await stage.phone()];
  const { port } = stage.host;
  const allocate = async (callId: string, legId: string): Promise<MediaAddress> => {
    port.allocate(callId, legId);
    return (await stage.diary.next('allocated', legId)).local;
  };
  const atAlice = await allocate('first', 'alice');
  const speakers = [
    [alice, atAlice],
    [bob, await allocate('first', 'bob')],
    [carol, await allocate('second', 'carol')],
  ] as const;
  port.connect('alice', alice.media);
  port.connect('bob', bob.media);
  port.connect('carol', carol.media);
  const word = new Uint8Array(160).fill(0x11);
  const quiet = new Uint8Array(160).fill(0xff);
  const hears = ({ heard }: TestPhone): boolean => heard.at(-1)?.payload[0] === 0x11;
  const saidUntil = async (done: () => boolean): Promise<void> => {
    await until(
      () => {
        for (const [phone, at] of speakers) phone.say(at, { payload: phone === alice ? word : quiet });
        return done();
      },
      () => `bob ${hears(bob)}, carol ${hears(carol)}`,
    );
  };
  await saidUntil(() => hears(bob));
  assert.equal(hears(carol), false);
  assert.equal(port.canMove('alice', 'second'), true);
  port.move('alice', 'second');
  await saidUntil(() => hears(carol) && !hears(bob));
});

test('a leg cannot be moved into a call of another process', async () => {
  await using stage = await openStage({ inProcess: false, processes: 2 });
  for (const [callId, legId] of [
    ['first', 'alice'],
    ['second', 'bob'],
  ] as const) {
    stage.host.port.allocate(callId, legId);
    await stage.diary.next('allocated', legId);
  }
  assert.equal(stage.host.port.canMove('alice', 'second'), false);
  assert.equal(stage.host.port.canMove('alice', 'a call without audio'), true);
});
