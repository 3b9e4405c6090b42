/** Registration (RFC 3261 10): over the in-memory network, on a clock that stands still. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  field,
  type ManualClock,
  manualClock,
  type QuietNetwork,
  quietNetwork,
  RawPeer,
} from '../../../test/peers/raw-sip.ts';
import { parseDigests } from '../../wire/sip/digest.ts';
import type { Address, RegisterOptions, Registration, RegistrationState, SipEndpoint } from './api.ts';
import { createSipEndpoint } from './endpoint.ts';

const t1 = 1000;
const options: RegisterOptions = {
  registrar: { host: '127.0.0.1', port: 5070, protocol: 'udp' },
  aor: 'sip:ringback@carrier.example',
  expires: 600,
  credentials: { user: 'ringback', password: 's3cret' },
};

let clock: ManualClock;
let net: QuietNetwork;
let endpoint: SipEndpoint;
let at: Address;
let registrar: RawPeer;
let told: RegistrationState[];

beforeEach(async () => {
  clock = manualClock();
  net = quietNetwork();
  told = [];
  endpoint = createSipEndpoint({
    ...{ hosts: ['127.0.0.1'], port: 5060, clock, network: net.network },
    // So that nothing is repeated on wall time.
    timing: { t1, t2: 4 * t1, t4: 5 * t1 },
    failed: (error) => {
      throw error;
    },
  });
  [at] = (await endpoint.start()) as [Address];
  registrar = await RawPeer.open(net.network, () => at, { host: '127.0.0.1', port: 5070 });
});
afterEach(() => endpoint.stop(0));

async function register(more: Partial<RegisterOptions> = {}): Promise<Registration> {
  const registration = endpoint.register({ ...options, ...more }, (state) => told.push(state));
  await net.quiet();
  return registration;
}

function stateOf({ state }: Registration): RegistrationState {
  return state;
}

async function answer(line: string, ...headers: readonly string[]): Promise<void> {
  registrar.answer(registrar.last('REGISTER'), line, { tag: 'r', headers });
  await net.quiet();
}

async function advance(ms: number): Promise<void> {
  clock.advance(ms);
  await net.quiet();
}

function count(): number {
  return registrar.lines.filter((line) => line === 'REGISTER').length;
}

describe('a registration', () => {
  it('names the domain, the address of record and the contact, and is told when it holds', async () => {
    const registration = await register();
    assert.deepEqual(registration.state, { kind: 'registering' });
    const request = registrar.last('REGISTER');
    assert.match(request, /^REGISTER sip:carrier\.example SIP/);
    assert.equal(field(request, 'To'), '<sip:ringback@carrier.example>');
    assert.equal(field(request, 'Contact'), '<sip:127.0.0.1:5060>');
    assert.equal(field(request, 'Expires'), '600');
    await answer('200 OK', 'Contact: <sip:other@h>;expires=60, <sip:127.0.0.1:5060>;expires=300');
    assert.deepEqual(told, [{ kind: 'registering' }, { kind: 'registered', expires: 300 }]);
    assert.deepEqual(registration.state, { kind: 'registered', expires: 300 });
  });

  it('answers a challenge, with one Call-ID and growing numbers, and is refreshed before it runs out', async () => {
    await register();
    await answer('401 Unauthorized', 'WWW-Authenticate: Digest realm="c", nonce="n", qop="auth"');
    await answer('200 OK', 'Expires: 600');
    await advance(299_999);
    assert.equal(count(), 2);
    await advance(1);
    const requests = registrar.heard.filter((text) => text.startsWith('REGISTER'));
    assert.deepEqual(
      requests.map((text) => field(text, 'CSeq')),
      ['1 REGISTER', '2 REGISTER', '3 REGISTER'],
    );
    assert.equal(new Set(requests.map((text) => field(text, 'Call-ID'))).size, 1);
    assert.equal(parseDigests(field(requests[2]!, 'Authorization'))[0]?.get('nc'), '00000002');
    await answer('200 OK', 'Expires: 600');
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['registering', 'registered', 'registered'],
    );
  });

  it('asks for more when the registrar finds it too brief', async () => {
    await register({ expires: 60 });
    await answer('423 Interval Too Brief', 'Min-Expires: 900');
    assert.equal(field(registrar.last('REGISTER'), 'Expires'), '900');
    await answer('200 OK');
    assert.deepEqual(told.at(-1), { kind: 'registered', expires: 900 });
  });

  it('does not loop with a registrar that finds everything too brief', async () => {
    await register({ expires: 900 });
    await answer('423 Interval Too Brief', 'Min-Expires: 900');
    assert.equal(count(), 1);
    assert.equal(told.at(-1)?.kind, 'failed');
  });

  it('says why it failed and tries again, later each time, and not before it is asked to', async () => {
    await register();
    await answer('403 Forbidden');
    const first = told.at(-1);
    assert.ok(first?.kind === 'failed');
    assert.deepEqual([first.why, first.status], ['403 Forbidden', 403]);
    assert.ok(first.retryInMs >= 15_000 && first.retryInMs <= 30_000, `${first.retryInMs}`);
    await advance(first.retryInMs - 1);
    assert.equal(count(), 1);
    await advance(1);
    assert.equal(count(), 2);
    await answer('503 Service Unavailable', 'Retry-After: 120 (maintenance)');
    const second = told.at(-1);
    assert.ok(second?.kind === 'failed');
    assert.equal(second.retryInMs, 120_000);
  });

  it('says that nobody answered', async () => {
    await register();
    await advance(64 * t1);
    const last = told.at(-1);
    assert.ok(last?.kind === 'failed');
    assert.deepEqual([last.why, last.status], ['no reply to REGISTER', undefined]);
  });

  it('is taken back when it is stopped, and when the endpoint stops', async () => {
    const registration = await register();
    await answer('200 OK');
    const stopped = registration.stop();
    await net.quiet();
    assert.equal(field(registrar.last('REGISTER'), 'Expires'), '0');
    await answer('200 OK');
    await stopped;
    assert.deepEqual(registration.state, { kind: 'unregistered' });

    await register();
    await answer('200 OK');
    const before = count();
    const end = endpoint.stop(1000);
    await net.quiet();
    assert.equal(count(), before + 1);
    assert.equal(field(registrar.last('REGISTER'), 'Expires'), '0');
    await answer('200 OK');
    await end;
    assert.equal(endpoint.stats().timers, 0);
  });

  it('takes back what comes only after it was stopped, and nothing that never was', async () => {
    const registration = await register();
    registration.stop();
    await answer('200 OK');
    assert.equal(field(registrar.last('REGISTER'), 'Expires'), '0');
    await answer('200 OK');
    assert.equal(told.at(-1)?.kind, 'unregistered');

    const refused = await register();
    await answer('403 Forbidden');
    const before = count();
    await refused.stop();
    assert.equal(count(), before);
  });

  it('comes again when the connection it was made over is lost', async () => {
    let drop = (): void => {};
    let heard = 0;
    const registrarAt = { host: '127.0.0.1', port: 5090 };
    await net.network.listen(registrarAt, (connection) => {
      drop = () => connection.close();
      return {
        connected() {},
        received(bytes) {
          heard += 1;
          const lines = bytes.toString('latin1').split('\r\n');
          const headers = lines.filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
          const text = ['SIP/2.0 200 OK', ...headers, 'Content-Length: 0', '', ''].join('\r\n');
          connection.write(Buffer.from(text));
        },
        closed() {},
      };
    });
    const registration = await register({ registrar: { ...registrarAt, protocol: 'tcp' } });
    assert.equal(registration.state.kind, 'registered');
    drop();
    await net.quiet();
    const lost = stateOf(registration);
    assert.ok(lost.kind === 'failed');
    assert.equal(lost.why, 'connection closed by the peer');
    await advance(lost.retryInMs);
    assert.deepEqual([registration.state.kind, heard], ['registered', 2]);
  });

  it('refuses an address of record that is none', () => {
    assert.throws(() => endpoint.register({ ...options, aor: 'tel:+1555' }), /no address of record/);
  });
});
