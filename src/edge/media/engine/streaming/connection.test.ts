import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { AudioStreamSettings } from '../../../../domain/media/stream.ts';
import { openAuthority } from '../../../tls/authority.ts';
import type { Where } from '../../messages.ts';
import { until } from '../../phone.fixture.ts';
import { CallStage, type CallStageOptions, StreamApplication } from './streaming.fixture.ts';

const settings = (url: string): AudioStreamSettings => ({
  kind: 'audio',
  url,
  channels: 'mixed',
  rate: 16_000,
  bidirectional: true,
  dtmf: false,
});

const local: Where = { addresses: ['127.0.0.1'], authorization: 'Bearer token', roots: [] };

/** A stream that is being opened, of a call with one participant. */
function opened(url: string, where: Where = local, limits: CallStageOptions['limits'] = {}): CallStage {
  const stage = new CallStage({ answer: () => where, limits });
  stage.join('alice');
  stage.open(settings(url));
  return stage;
}

const authority = await openAuthority();

describe('a websocket over TLS', () => {
  test('is opened where the local CA certified the name, at the address that was checked', async () => {
    await using application = await StreamApplication.open(
      await authority.issueCertificate(['application.invalid']),
    );
    // Nobody resolves this name.
    using stage = opened(application.url('application.invalid'), { ...local, roots: [authority.ca] });
    const connected = await application.connection();
    assert.equal(connected.headers.host, `application.invalid:${application.port}`);
    assert.equal((await stage.event(0)).now, 'open');
  });

  for (const [what, host, roots] of [
    ['its CA is unknown', 'application.invalid', []],
    ['its certificate is for another name', 'other.invalid', [authority.ca]],
  ] as const)
    test(`is not where ${what}`, async () => {
      await using application = await StreamApplication.open(
        await authority.issueCertificate(['application.invalid']),
      );
      using stage = opened(application.url(host), { ...local, roots });
      const event = await stage.event(0);
      assert.ok(event.now === 'failed' && event.fault === 'handshake-failed', JSON.stringify(event));
      assert.match(event.why, /certificate/);
      assert.equal(application.handshakes, 0);
    });
});

describe('a websocket that cannot be opened', () => {
  for (const [status, fault] of [
    [400, 'bad-request'],
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'handshake-failed'],
    [429, 'throttled'],
    [500, 'handshake-failed'],
    [504, 'timed-out'],
    [302, 'handshake-failed'],
  ] as const)
    test(`because the application answers ${status} has failed as ${fault}`, async () => {
      await using application = await StreamApplication.open();
      application.answering = status;
      using stage = opened(application.url());
      const event = await stage.event(0);
      assert.ok(event.now === 'failed' && event.fault === fault, JSON.stringify(event));
      assert.match(event.why, new RegExp(`127.0.0.1:${application.port} .* ${status}`));
      assert.doesNotMatch(event.why, /call=1/, 'a query may hold secrets');
      assert.equal(application.handshakes, 1);
      await until(
        () => application.openSockets === 0,
        () => 'the connection stays',
      );
    });

  test('because nobody answers the handshake has failed in time', async () => {
    await using application = await StreamApplication.open();
    application.answering = 'never';
    using stage = opened(application.url(), local, { handshakeMs: 50 });
    const event = await stage.event(0);
    assert.ok(event.now === 'failed' && event.fault === 'timed-out', JSON.stringify(event));
    assert.match(event.why, /within 0.05 s/);
  });

  test('because somebody speaks another language has failed, whatever they say', async () => {
    const said = [
      'SSH-2.0-OpenSSH\r\n',
      'HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    ];
    for (const text of said) {
      const sockets: Socket[] = [];
      const server = createServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => {});
        socket.end(text);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      using stage = opened(`ws://127.0.0.1:${port}/`);
      const event = await stage.event(0);
      assert.ok(event.now === 'failed' && event.fault === 'handshake-failed', JSON.stringify(event));
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  test('because nobody is there has failed, and says where', async () => {
    const application = await StreamApplication.open();
    const url = application.url();
    await application[Symbol.asyncDispose]();
    using stage = opened(url);
    const event = await stage.event(0);
    assert.ok(event.now === 'failed' && event.fault === 'handshake-failed', JSON.stringify(event));
    assert.match(event.why, /ECONNREFUSED/);
  });

  test('because its address is forbidden is not connected to', async () => {
    await using application = await StreamApplication.open();
    using stage = opened(application.url(), { fault: 'forbidden', why: 'production does not open loopback' });
    const event = await stage.event(0);
    assert.deepEqual(event, {
      connectionId: 'connection',
      stream: 'audio',
      now: 'failed',
      fault: 'forbidden',
      why: 'production does not open loopback',
    });
    assert.equal(application.openSockets, 0);
  });
});

describe('a websocket that is lost', () => {
  test('is connected again, by a new token, and hears from the start what it will hear', async () => {
    await using application = await StreamApplication.open();
    using stage = opened(application.url());
    const first = await application.connection();
    first.socket.close(1012, 'restarting');
    const second = await application.connection(1);
    await stage.playUntil(
      () => second.audio.length > 0,
      () => 'no audio comes',
    );
    assert.equal(second.kinds[0], 'AudioMetadata');
    assert.deepEqual(stage.told, ['open', 'interrupted', 'restored']);
    assert.equal(stage.asked.filter(({ about }) => about === 'where').length, 2);
    const event = await stage.event(1);
    assert.match(event.now === 'interrupted' ? event.why : '', /1012 \(restarting\)/);
  });

  test('is given up after three attempts, and the call has no stream any more', async () => {
    await using application = await StreamApplication.open();
    using stage = opened(application.url());
    const connected = await application.connection();
    application.answering = 503;
    connected.socket.terminate();
    const event = await stage.event(2);
    assert.deepEqual(stage.told, ['open', 'interrupted', 'failed lost']);
    assert.match(event.now === 'failed' ? event.why : '', /503/);
    assert.equal(application.handshakes, 4);
    stage.rooms.leave('call', 'alice', true);
    assert.equal(stage.rooms.size, 0);
  });

  test('is given up when time is over, though attempts are left', async () => {
    await using application = await StreamApplication.open();
    using stage = opened(application.url(), local, { handshakeMs: 1000, lostMs: 60 });
    const connected = await application.connection();
    application.answering = 'never';
    connected.socket.terminate();
    await stage.event(2);
    assert.deepEqual(stage.told, ['open', 'interrupted', 'failed lost']);
    assert.equal(application.handshakes, 2);
  });

  test('again and again is given up: who takes every connection and drops it gets no more than three', async () => {
    await using application = await StreamApplication.open();
    application.onConnection = ({ socket }) => socket.close(1011);
    using stage = opened(application.url());
    await until(
      () => stage.told.includes('failed lost'),
      () => stage.told.join(),
    );
    assert.equal(application.connections.length, 4);
  });

  test('after it had been steady has all attempts before it', async () => {
    await using application = await StreamApplication.open();
    application.onConnection = ({ socket }) => {
      if (application.connections.length < 6) socket.close(1011);
    };
    using stage = opened(application.url(), local, { steadyMs: 0 });
    await application.connection(5);
    await until(
      () => stage.told.at(-1) === 'restored',
      () => stage.told.join(),
    );
  });
});

describe('a websocket that is not read', () => {
  test('is lost; audio that came too late for it is dropped, and counted', async () => {
    await using application = await StreamApplication.open();
    using stage = opened(application.url(), local, { unreadMs: 400, staleMs: 10 });
    const connected = await application.connection();
    await stage.event(0);
    connected.socket.pause();
    await until(
      () => {
        // More than the system's buffers hold.
        stage.frames(2000);
        return stage.told.includes('interrupted');
      },
      () => 'it is not lost',
    );
    assert.match(JSON.stringify(stage.events[1]), /nothing was read of it for 0.4 s/);
    assert.match(
      stage.notes.join(),
      /^audio stream of connection: \d+ frames of audio were not read in time/,
    );
  });

  test('for a moment only stays, and the newest audio comes', async () => {
    await using application = await StreamApplication.open();
    using stage = opened(application.url(), local, { staleMs: 10 });
    const connected = await application.connection();
    await stage.event(0);
    connected.socket.pause();
    stage.frames(30_000);
    connected.socket.resume();
    await stage.playUntil(
      () => Date.now() - Date.parse(String(connected.audio.at(-1)?.timestamp)) < 100,
      () => `the newest of ${connected.audio.length} is of ${connected.audio.at(-1)?.timestamp}`,
    );
    assert.deepEqual(stage.told, ['open']);
  });
});

describe('a stream that is ended', () => {
  test('says goodbye, and nothing of it is left', async () => {
    await using application = await StreamApplication.open();
    using stage = opened(application.url());
    const connected = await application.connection();
    await stage.event(0);
    stage.close('audio');
    assert.equal((await connected.closed).code, 1000);
    await stage.event(1);
    assert.deepEqual(stage.told, ['open', 'closed']);
    stage.rooms.leave('call', 'alice', true);
    assert.equal(stage.rooms.size, 0);
    await until(
      () => application.openSockets === 0,
      () => 'a socket is open',
    );
  });

  test('does not wait for an application that does not say goodbye', async () => {
    await using application = await StreamApplication.open();
    using stage = opened(application.url(), local, { closingMs: 50 });
    const connected = await application.connection();
    await stage.event(0);
    connected.socket.pause();
    stage.close('audio');
    assert.equal((await stage.event(1)).now, 'closed');
  });

  test('before it was open tells nothing, and is not connected afterwards', async () => {
    await using application = await StreamApplication.open();
    application.answering = 'never';
    using stage = opened(application.url());
    await until(
      () => application.handshakes === 1,
      () => 'no handshake',
    );
    stage.close('audio');
    await until(
      () => application.openSockets === 0,
      () => 'it is still being connected',
    );
    assert.deepEqual(stage.told, []);
    stage.rooms.leave('call', 'alice', true);
    assert.equal(stage.rooms.size, 0);
  });

  test('while it is lost is not connected again', async () => {
    await using application = await StreamApplication.open();
    using stage = opened(application.url(), local, { redialMs: [50] });
    const connected = await application.connection();
    connected.socket.terminate();
    await stage.event(1);
    stage.close('audio');
    assert.deepEqual(stage.told, ['open', 'interrupted', 'closed']);
    assert.equal(application.handshakes, 1);
  });

  test('with its engine is cut at once', async () => {
    await using application = await StreamApplication.open();
    const stage = opened(application.url());
    const connected = await application.connection();
    await stage.event(0);
    stage.rooms.close();
    assert.equal((await connected.closed).code, 1006);
    assert.deepEqual(stage.told, ['open']);
  });
});
