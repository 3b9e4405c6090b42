import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { LocalMedia, MediaAddress, RemoteMedia } from '../../app/ports/trunk.ts';
import { parseRtp, serialiseRtp } from '../../wire/rtp/packet.ts';
import { SrtpReceiver, SrtpSender } from '../../wire/rtp/srtp.ts';
import { judgeCheck, readCheckAnswer, writeCheck } from '../../wire/stun/check.ts';
import { attribute, attributeIn, parseStun } from '../../wire/stun/message.ts';
import { createMediaHost, type MediaHost } from './host.ts';
import { type MediaDiary, openMediaDiary, until } from './phone.fixture.ts';

/** A far end that sees every datagram as it comes. */
interface Far {
  readonly at: MediaAddress;
  readonly heard: { readonly bytes: Buffer; readonly from: MediaAddress }[];
  send(bytes: Uint8Array): void;
  close(): Promise<void>;
}

let host: MediaHost;
let diary: MediaDiary;
let local: Required<LocalMedia>;
let open: Far[];

async function openFar(): Promise<Far> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const heard: { bytes: Buffer; from: MediaAddress }[] = [];
  socket.on('message', (bytes, { address, port }) => heard.push({ bytes, from: { address, port } }));
  const far: Far = {
    at: { address: '127.0.0.1', port: socket.address().port },
    heard,
    send: (bytes) => socket.send(bytes, local.port, local.address),
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
  open.push(far);
  return far;
}

beforeEach(async () => {
  open = [];
  diary = openMediaDiary();
  host = createMediaHost({ rtpPorts: [0, 0], address: '127.0.0.1', inProcess: true, onEvent: diary.onEvent });
  await host.start();
  host.port.allocate('call', 'leg');
  local = (await diary.next('allocated', 'leg')).local as Required<LocalMedia>;
});
afterEach(async () => {
  await host.stop();
  await Promise.all(open.map((far) => far.close()));
});

const media = (far: Far, more: Partial<RemoteMedia> = {}): RemoteMedia => ({
  ...far.at,
  ...{ codec: 'PCMU', payloadType: 0, telephoneEvent: 101, direction: 'sendrecv' },
  ...more,
});
const rtp = (sequence: number): Uint8Array =>
  serialiseRtp({
    ...{ marker: false, payloadType: 0, sequence, timestamp: 160 * sequence, ssrc: 7 },
    payload: new Uint8Array(160).fill(0x33),
  });
const packetsOf = ({ heard }: Far) => heard.filter(({ bytes }) => bytes[0] === 0x80);
/** The leg knows its far end once it sends to it. */
const connected = async (far: Far, remote: RemoteMedia): Promise<void> => {
  host.port.connect('leg', remote);
  await until(
    () => packetsOf(far).length > 0,
    () => 'no audio comes',
  );
};
const told = async () => {
  host.port.ask('leg');
  return diary.next('told');
};
const statistics = async (is: (found: Awaited<ReturnType<MediaHost['statistics']>>) => boolean) =>
  until(
    async () => is(await host.statistics('leg')),
    () => 'the statistics are not so yet',
  );

describe('a leg with keys', () => {
  const crypto = { suite: 'AES_CM_128_HMAC_SHA1_80', key: Buffer.alloc(30, 7).toString('base64') };

  test('has keys and ICE credentials that no other leg has', async () => {
    host.port.allocate('call', 'other');
    const other = (await diary.next('allocated', 'other')).local;
    assert.deepEqual(Object.keys(local.keys), Object.keys(other.keys ?? {}));
    const all = [local, other].flatMap(({ keys = {}, ice }) => [
      ...Object.values(keys),
      ice?.ufrag,
      ice?.password,
    ]);
    assert.equal(new Set(all).size, all.length);
  });

  test('sends what its key reads, on through a hold, and never the same index twice', async () => {
    const far = await openFar();
    const receiver = new SrtpReceiver({ suite: crypto.suite, key: local.keys[crypto.suite] ?? '' });
    host.port.connect('leg', media(far, { crypto }));
    await until(
      () => packetsOf(far).length >= 3,
      () => 'nothing comes',
    );
    host.port.connect('leg', media(far, { crypto, direction: 'sendonly' }));
    host.port.connect('leg', media(far, { crypto }));
    const had = packetsOf(far).length;
    await until(
      () => packetsOf(far).length >= had + 3,
      () => 'nothing comes after the hold',
    );
    for (const { bytes } of packetsOf(far)) {
      const clear = receiver.unprotect(bytes);
      assert.ok(typeof clear === 'object', String(clear));
      assert.ok(parseRtp(clear)?.payload.every((byte) => byte === 0xff));
    }
  });

  test('hears what its far end’s key protected, once; what is in the clear, forged or replayed it does not hear', async () => {
    const far = await openFar();
    await connected(far, media(far, { crypto }));
    far.send(rtp(1));
    const forger = new SrtpSender({ ...crypto, key: Buffer.alloc(30, 8).toString('base64') });
    far.send(Uint8Array.from(forger.protect(rtp(2))));
    await statistics((found) => found?.unauthentic === 2);
    const { hearing, why } = await told();
    assert.deepEqual([hearing, why], [false, '2 packets came, and none passed the authentication of SRTP']);
    const sealed = Uint8Array.from(new SrtpSender(crypto).protect(rtp(3)));
    far.send(sealed);
    await diary.next('heard');
    far.send(sealed);
    await statistics((found) => found?.unauthentic === 3 && found.packetsIn === 1);
    assert.equal((await told()).hearing, true);
  });

  test('takes nothing for heard that came before the key did', async () => {
    const far = await openFar();
    far.send(rtp(1));
    await diary.next('heard');
    host.port.connect('leg', media(far, { crypto }));
    await diary.next('silent');
    assert.equal((await told()).hearing, false);
  });
});

describe('a leg whose far end asks for ICE', () => {
  const theirs = { ufrag: 'them', password: 'the+password+of+that+end' };
  const chance = () => ({ transaction: randomBytes(12), tieBreaker: randomBytes(8) });
  const check = (nominates: boolean, far = local.ice): Uint8Array =>
    writeCheck({ own: theirs, far, nominates, ...chance() });
  const asking = (far: Far, more: Partial<NonNullable<RemoteMedia['ice']>> = {}): RemoteMedia =>
    media(far, { ice: { ...theirs, lite: false, candidates: [{ ...far.at, priority: 100 }], ...more } });
  const answersTo = ({ heard }: Far) =>
    heard.flatMap(({ bytes }) => {
      const message = parseStun(bytes);
      return message && message.class !== 'request' ? [readCheckAnswer(message, local.ice.password)] : [];
    });

  test('sends audio to the pair that was nominated, and hears nobody else', async () => {
    const [far, chosen, stranger] = [await openFar(), await openFar(), await openFar()];
    host.port.connect('leg', asking(far));
    far.send(check(false));
    await until(
      () => answersTo(far).length === 1,
      () => 'the check is not answered',
    );
    assert.deepEqual(answersTo(far), [{ success: true, mapped: far.at }]);
    chosen.send(check(true));
    await until(
      () => packetsOf(chosen).length >= 3,
      () => 'no audio comes to the nominated pair',
    );
    stranger.send(rtp(1));
    await statistics((found) => found?.strangers === 1);
    assert.equal(packetsOf(far).length + stranger.heard.length, 0);
    chosen.send(rtp(2));
    await diary.next('heard');
  });

  test('of several nominated pairs takes the one with the highest priority', async () => {
    const [low, high] = [await openFar(), await openFar()];
    const candidates = [
      { ...low.at, priority: 5 },
      { ...high.at, priority: 6 },
    ];
    host.port.connect('leg', asking(high, { candidates }));
    high.send(check(true));
    await until(
      () => packetsOf(high).length > 0,
      () => 'no audio comes to the better pair',
    );
    low.send(check(true));
    await until(
      () => answersTo(low).length > 0,
      () => 'the second check is not answered',
    );
    const had = packetsOf(high).length;
    await until(
      () => packetsOf(high).length >= had + 3,
      () => 'audio went elsewhere',
    );
    assert.equal(packetsOf(low).length, 0);
  });

  test('answers checks before the far end’s description is known', async () => {
    const far = await openFar();
    far.send(check(true));
    await until(
      () => answersTo(far).length > 0,
      () => 'the check is not answered',
    );
    host.port.connect('leg', asking(far));
    await until(
      () => packetsOf(far).length > 0,
      () => 'no audio comes',
    );
  });

  test('says why it has no path: no check came, none was right, or none chose', async () => {
    const far = await openFar();
    host.port.connect('leg', asking(far));
    far.send(rtp(1));
    const none = await told();
    assert.deepEqual([none.iceFailed, none.why], [true, 'ICE: no connectivity check ever came']);
    far.send(check(true, { ...local.ice, password: 'a guess' }));
    const wrong = await told();
    assert.match(wrong.why ?? '', /^ICE: 1 connectivity checks came and were refused, the last with 401/);
    far.send(check(false));
    const idle = await told();
    assert.match(
      idle.why ?? '',
      /^ICE: connectivity checks came from 127\.0\.0\.1:\d+, and none nominated a pair$/,
    );
    assert.equal(packetsOf(far).length, 0);
  });

  test('answers no more than twenty wrong checks a second', async () => {
    const far = await openFar();
    host.port.connect('leg', asking(far));
    for (let n = 0; n < 60; n++) far.send(check(true, { ...local.ice, password: 'a guess' }));
    await until(
      async () => /^ICE: 60 /.test((await told()).why ?? ''),
      () => 'they did not all come',
    );
    // Two seconds may have begun meanwhile.
    assert.ok(answersTo(far).length >= 20 && answersTo(far).length <= 40, `${answersTo(far).length} answers`);
  });

  describe('and is lite itself', () => {
    /** Answers as a lite agent does, or refuses. */
    const answer = (far: Far, own = theirs): void => {
      for (const { bytes, from } of far.heard.splice(0)) {
        const message = parseStun(bytes);
        const judged = message && judgeCheck(message, { own, role: 'controlled', from });
        if (judged) far.send(judged.reply);
      }
    };
    const lite = (...candidates: readonly Far[]) =>
      asking(candidates[0]!, {
        lite: true,
        candidates: candidates.map(({ at }, i) => ({ ...at, priority: 100 - i })),
      });

    test('is sent checks, and audio once one was answered and its pair chosen', async () => {
      const [dead, far] = [await openFar(), await openFar()];
      host.port.connect('leg', lite(dead, far));
      const nominations: boolean[] = [];
      await until(
        () => {
          for (const { bytes } of far.heard) {
            const message = parseStun(bytes);
            if (message) nominations.push(attributeIn(message, attribute.useCandidate) !== undefined);
          }
          if (packetsOf(far).length > 0) return true;
          answer(far);
          return false;
        },
        () => 'no audio comes',
      );
      assert.deepEqual(nominations, [false, true]);
      assert.equal(packetsOf(dead).length, 0);
      far.send(rtp(1));
      await diary.next('heard');
    });

    test('and does not answer, or refuses: the leg says so', async () => {
      const far = await openFar();
      host.port.connect('leg', lite(far));
      await until(
        () => far.heard.length > 0,
        () => 'no check comes',
      );
      const silent = await told();
      assert.deepEqual(
        [silent.iceFailed, silent.why],
        [true, `ICE: no answer to our connectivity checks to 127.0.0.1:${far.at.port}`],
      );
      answer(far, { ...theirs, password: 'another' });
      const refused = await told();
      assert.match(refused.why ?? '', /were refused, the last with 401 Unauthorized$/);
    });
  });
});

test('a leg without ICE answers no check once its far end is known', async () => {
  const far = await openFar();
  await connected(far, media(far));
  const theirs = { ufrag: 'them', password: 'p' };
  far.send(
    writeCheck({
      ...{ own: theirs, far: local.ice, nominates: true },
      ...{ transaction: randomBytes(12), tieBreaker: randomBytes(8) },
    }),
  );
  far.send(rtp(1));
  await diary.next('heard');
  assert.ok(far.heard.every(({ bytes }) => parseStun(bytes) === undefined));
});
