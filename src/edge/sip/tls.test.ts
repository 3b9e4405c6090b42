/** TLS over real sockets, with certificates of a local authority. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { afterEach, before, describe, it } from 'node:test';
import tls from 'node:tls';
import { sdp, until } from '../../../test/peers/raw-sip.ts';
import { type LocalAuthority, openAuthority } from '../tls/authority.ts';
import { type Certified, makeAuthority, makeLeaf } from '../tls/issue.ts';
import type { Approach, PingResult, SipEndpoint, SipEndpointOptions, Target } from './api.ts';
import { wallClock } from './clock.ts';
import { createSipEndpoint } from './endpoint.ts';
import { realNetwork } from './network-real.ts';

const opened: SipEndpoint[] = [];
afterEach(() => Promise.all(opened.splice(0).map((one) => one.stop())));

let authority: LocalAuthority;
let expired: Certified;
let expiredCa: string;
let stranger: LocalAuthority;

before(async () => {
  authority = await openAuthority({ hostNames: ['sip.example.org'] });
  stranger = await openAuthority();
  // An authority of its own, because a leaf cannot be older than what signed it.
  const longAgo = Date.UTC(2020, 0, 1);
  const old = await makeAuthority(longAgo);
  const subject = new X509Certificate(old.cert).subject.split('\n').join(', ');
  expired = await makeLeaf(old, subject, ['127.0.0.1'], longAgo);
  expiredCa = old.cert;
});

async function open(options: Partial<SipEndpointOptions> = {}): Promise<SipEndpoint> {
  const endpoint = createSipEndpoint({
    ...{ hosts: ['127.0.0.1'], port: 0, clock: wallClock, timing: { t1: 50, t2: 400, t4: 500 } },
    ...options,
  });
  opened.push(endpoint);
  await endpoint.start();
  return endpoint;
}

function server(more: Partial<SipEndpointOptions> = {}): Promise<SipEndpoint> {
  return open({ tls: { port: 0, ...authority.server }, ...more });
}

function target(endpoint: SipEndpoint, more: Partial<Target> = {}): Target {
  return { host: '127.0.0.1', port: endpoint.tlsPort ?? 0, protocol: 'tls', ...more };
}

function ping(endpoint: SipEndpoint, at: Target): Promise<PingResult> {
  return new Promise((resolve) => endpoint.options(at, resolve));
}

async function why(endpoint: SipEndpoint, at: Target): Promise<string> {
  const result = await ping(endpoint, at);
  assert.equal(result.kind, 'transport', JSON.stringify(result));
  return result.kind === 'transport' ? result.why : '';
}

const good = { kind: 'response', status: 200, reason: 'OK' };

describe('TLS', () => {
  it('carries a call both ways over one connection, named in Via and Contact', async () => {
    const heard: string[] = [];
    const callee = await server({
      observe: ({ protocol, direction, text }) => {
        if (direction === 'in') heard.push(`${protocol} ${text}`);
      },
      onInvite(call) {
        call.answer(sdp);
        return { acknowledged: () => call.bye(), ended: () => {} };
      },
    });
    const caller = await open({ tls: { ca: [authority.ca] } });
    const uri = `sip:+1555@127.0.0.1:${callee.tlsPort};transport=tls`;
    const end = await new Promise((resolve) => {
      const options = { target: target(callee), requestUri: uri, to: uri, from: 'sip:a@b', sdp };
      caller.invite(options, { ended: ({ kind, by }) => resolve(`${kind} ${by}`) });
    });
    assert.equal(end, 'bye remote');
    assert.match(heard[0]!, /^tls INVITE .*\r\nVia: SIP\/2\.0\/TLS 127/);
    assert.match(heard[0]!, /\r\nContact: <sip:127\.0\.0\.1:\d+;transport=tls>/);
    assert.deepEqual([caller.stats().connections, callee.stats().connections], [1, 1]);
  });

  it('serves sips: with a sips: Contact, and refuses to send it any other way', async () => {
    const contacts: (string | undefined)[] = [];
    const callee = await server({
      onInvite(call) {
        contacts.push(call.invite.headers.find(({ name }) => name === 'contact')?.value);
        call.reject(486);
        return { ended: () => {} };
      },
    });
    const caller = await open({ tls: { ca: [authority.ca] } });
    const ends: string[] = [];
    for (const protocol of ['tls', 'tcp'] as const) {
      await new Promise<void>((resolve) => {
        const to = target(callee, { protocol });
        caller.invite(
          { target: to, requestUri: 'sips:bob@127.0.0.1', to: 'sips:bob@127.0.0.1', from: 'sips:a@b', sdp },
          {
            ended({ status, reason }) {
              ends.push(`${status} ${reason}`);
              resolve();
            },
          },
        );
      });
    }
    assert.deepEqual(ends, ['486 Busy Here', '503 a sips: URI needs TLS']);
    assert.match(contacts[0] ?? '', /^<sips:127\.0\.0\.1:\d+>$/);
  });

  it('asks for the name and accepts a certificate for it, and for no other', async () => {
    const callee = await server();
    const network = { ...realNetwork(), resolve: async () => ['127.0.0.1'] };
    const caller = await open({ network, tls: { ca: [authority.ca] } });
    assert.deepEqual(await ping(caller, target(callee, { host: 'sip.example.org' })), good);
    assert.deepEqual(
      await ping(caller, target(callee, { host: 'edge.example.org', serverName: 'sip.example.org' })),
      good,
    );
    assert.equal(
      await why(caller, target(callee, { host: 'evil.example.org' })),
      'its certificate is not for evil.example.org',
    );
    // The connection that was checked for another name is not used for this one.
    assert.equal(caller.stats().connections, 1);
  });

  it('refuses certificates that have expired, or of an authority nobody named', async () => {
    const old = await open({ tls: { port: 0, ...expired } });
    const unknown = await open({ tls: { port: 0, ...stranger.server } });
    const caller = await open({ tls: { ca: [authority.ca, expiredCa] } });
    assert.equal(await why(caller, target(old)), 'its certificate has expired');
    assert.equal(
      await why(caller, target(unknown)),
      'its certificate is of an authority that is not trusted',
    );
    const trusting = await open();
    assert.equal(
      await why(trusting, target(unknown)),
      'its certificate is of an authority that is not trusted',
    );
  });

  it('says that a peer does not speak TLS', async () => {
    const caller = await open({ tls: { ca: [authority.ca] } });
    const plain = await freeListener();
    plain.on('connection', (socket) => socket.end('SIP/2.0 400 Bad Request\r\n\r\n'));
    const { port } = plain.address() as net.AddressInfo;
    assert.equal(await why(caller, { host: '127.0.0.1', port, protocol: 'tls' }), 'it does not speak TLS');
    plain.close();
  });

  it('says that a peer broke off the handshake, as one without any certificate does', async () => {
    const caller = await open({ tls: { ca: [authority.ca] } });
    const bare = tls.createServer({}).listen(0, '127.0.0.1');
    await once(bare, 'listening');
    const { port } = bare.address() as net.AddressInfo;
    const reason = await why(caller, { host: '127.0.0.1', port, protocol: 'tls' });
    bare.close();
    assert.equal(reason, 'it refuses the handshake: no version, cipher or certificate suits both');
  });

  it('says nothing to a peer before its certificate has been checked', async () => {
    const heard: Buffer[] = [];
    const wrong = tls.createServer({ ...stranger.server }, (socket) => {
      socket.on('data', (bytes) => heard.push(bytes));
      socket.on('error', () => {});
    });
    wrong.on('tlsClientError', () => {});
    wrong.listen(0, '127.0.0.1');
    await once(wrong, 'listening');
    const { port } = wrong.address() as net.AddressInfo;
    const caller = await open({ tls: { ca: [authority.ca] } });
    await why(caller, { host: '127.0.0.1', port, protocol: 'tls' });
    await new Promise((done) => wrong.close(done));
    assert.deepEqual(heard, []);
  });

  it('gives up a server that takes the connection and never shakes hands', async () => {
    const silent = await freeListener();
    const sockets: net.Socket[] = [];
    silent.on('connection', (socket) => sockets.push(socket.on('error', () => {})));
    const { port } = silent.address() as net.AddressInfo;
    const caller = await open({ tls: { ca: [authority.ca], handshakeMs: 50 } });
    const reason = await why(caller, { host: '127.0.0.1', port, protocol: 'tls' });
    assert.equal(reason, 'its TLS handshake took too long');
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('closes clients that do not finish their handshake', async () => {
    const refused: string[] = [];
    const callee = await open({
      tls: { port: 0, ...authority.server, handshakeMs: 50 },
      tlsRefused: (_client, reason) => refused.push(reason),
    });
    const socket = net.connect(callee.tlsPort ?? 0, '127.0.0.1').on('error', () => {});
    await once(socket, 'close');
    assert.deepEqual(refused, ['its TLS handshake took too long']);
    assert.equal(callee.stats().refused, 1);
  });
});

describe('mutual TLS', () => {
  let refused: string[];
  let approaches: Approach[];

  function demanding(): Promise<SipEndpoint> {
    refused = [];
    approaches = [];
    return open({
      tls: {
        ...{ port: 0, ...authority.server, ca: [authority.ca, expiredCa] },
        clientCertificates: 'required',
      },
      tlsRefused: (_client, reason) => refused.push(reason),
      admit(approach) {
        approaches.push(approach);
        return true;
      },
    });
  }

  it('lets a client in with its certificate, and tells its names', async () => {
    const callee = await demanding();
    const client = await authority.issueCertificate(['carrier.example.org', '127.0.0.1']);
    const caller = await open({ tls: { ca: [authority.ca], ...client } });
    assert.deepEqual(await ping(caller, target(callee)), good);
    assert.deepEqual(approaches[0]?.certificateNames, ['carrier.example.org', '127.0.0.1']);
    assert.deepEqual(refused, []);
  });

  it('refuses clients without one, with one of a stranger, and with one that has expired', async () => {
    const callee = await demanding();
    const without = await open({ tls: { ca: [authority.ca] } });
    assert.equal(await why(without, target(callee)), 'it asks for a certificate and has none of ours');
    const other = await open({ tls: { ca: [authority.ca], ...stranger.server } });
    await why(other, target(callee));
    const late = await open({ tls: { ca: [authority.ca], ...expired } });
    await why(late, target(callee));
    await until(() => (refused.length === 3 ? undefined : `${refused.length} refused`));
    assert.deepEqual(refused, [
      'it showed no certificate',
      'its certificate is of an authority that is not trusted',
      'its certificate has expired',
    ]);
    assert.deepEqual(approaches, []);
  });

  it('does not start without an authority, or TLS without a certificate', async () => {
    const base = { hosts: ['127.0.0.1'], port: 0, clock: wallClock };
    const nobody = createSipEndpoint({
      ...base,
      tls: { port: 0, ...authority.server, clientCertificates: 'required' },
    });
    await assert.rejects(nobody.start(), /without an authority that vouches for them/);
    await nobody.stop();
    const bare = createSipEndpoint({ ...base, tls: { port: 0 } });
    await assert.rejects(bare.start(), /needs a certificate and its key/);
    await bare.stop();
  });
});

async function freeListener(): Promise<net.Server> {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return listener;
}
