import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { createPoster, type PosterOptions, type PostRequest } from '../../src/edge/callbacks/poster.ts';
import { type LocalAuthority, openAuthority } from '../../src/edge/tls/authority.ts';
import { type Answer, Receiver } from './webhook-receiver.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

let authority: LocalAuthority;
let directory: string;
before(async () => {
  authority = await openAuthority();
  directory = await mkdtemp(join(tmpdir(), 'ringback-poster-'));
});
after(() => rm(directory, { recursive: true }));

async function receive(answer: Answer = { status: 200, body: 'thanks' }, name?: string): Promise<Receiver> {
  const receiver = await Receiver.open(
    () => answer,
    name ? await authority.issueCertificate([name]) : undefined,
  );
  cleanups.push(() => receiver.close());
  return receiver;
}

function poster(options: Partial<PosterOptions> = {}) {
  const made = createPoster({ profile: 'development', allowHttpCallbacks: true, ...options });
  cleanups.push(() => made.close());
  return (url: string, more: Partial<PostRequest> = {}) =>
    made.post({ url, method: 'POST', headers: {}, body: '{}', timeoutMs: 3000, ...more });
}

/** Names of the test resolve to what it says. */
const names = (table: Record<string, readonly string[]>): PosterOptions['resolve'] => {
  return async (hostname) =>
    (table[hostname] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

test('a redirect is reported and not followed', async () => {
  const target = await receive();
  const receiver = await receive({ status: 307, headers: { location: target.url() } });
  const answer = await poster()(receiver.url());
  assert.equal('status' in answer && answer.status, 307);
  assert.equal(target.received.length, 0);
});

test('link-local and metadata addresses are never opened, listed or not, by number or by name', async () => {
  const resolve = names({
    'rebound.test': ['127.0.0.1', '169.254.169.254'],
    'azure.test': ['168.63.129.16'],
  });
  const post = poster({ resolve: resolve!, allow: ['169.254.0.0/16'] });
  for (const host of [
    '169.254.169.254',
    '[fe80::1]',
    '[::ffff:169.254.169.254]',
    '[64:ff9b::a9fe:a9fe]',
    '0xa9fea9fe',
    '100.100.100.200',
    'rebound.test',
    'azure.test',
  ]) {
    const answer = await post(`https://${host}/`);
    assert.ok('failed' in answer && answer.how === 'forbidden', host);
    assert.match(answer.failed, /metadata service/);
  }
});

test('production opens private networks and loopback only where they are listed', async () => {
  const receiver = await receive({ status: 200 }, 'localhost');
  const { port } = receiver;
  const ca = [authority.ca];
  const strict = poster({ profile: 'production', ca });
  for (const host of ['10.1.2.3', '192.168.0.9', '172.20.0.1', '[fd12::1]', 'localhost', '127.0.0.1']) {
    const answer = await strict(`https://${host}:${port}/`);
    assert.ok('failed' in answer && answer.how === 'forbidden', host);
    assert.match(answer.failed, /outbound\.allow/);
  }
  assert.equal(receiver.connections, 0);
  const listed = poster({ profile: 'production', ca, allow: ['127.0.0.0/8', '::1/128'] });
  assert.deepEqual(await listed(receiver.url()).then((answer) => 'status' in answer && answer.status), 200);
});

test('plain http needs the switch, and loopback', async () => {
  const receiver = await receive();
  const off = await poster({ allowHttpCallbacks: false })(receiver.url());
  assert.match('failed' in off ? off.failed : '', /--allow-http-callbacks/);
  const resolve = names({ 'inside.test': ['10.0.0.1'], 'here.test': ['127.0.0.1'] });
  const on = poster({ resolve: resolve! });
  const away = await on('http://inside.test/');
  assert.match('failed' in away ? away.failed : '', /loopback only/);
  const here = await on(`http://here.test:${receiver.port}/`);
  assert.equal('status' in here && here.body, 'thanks');
});

test('the connection goes to the address that was checked, without a second look-up', async () => {
  const receiver = await receive();
  let lookups = 0;
  const resolve = async () => {
    lookups += 1;
    return [{ address: lookups === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
  };
  const answer = await poster({ resolve })(`http://rebinding.test:${receiver.port}/`);
  assert.equal('status' in answer && answer.status, 200);
  assert.equal(lookups, 1);
});

test('TLS trusts the local CA and the CA file, and says what is wrong otherwise', async () => {
  const receiver = await receive({ status: 200 }, 'localhost');
  const caFile = join(directory, 'ca.pem');
  await writeFile(caFile, authority.ca);
  for (const trust of [{ ca: [authority.ca] }, { caFile }]) {
    const answer = await poster(trust)(receiver.url());
    assert.equal('status' in answer && answer.status, 200);
  }
  const unknown = await poster()(receiver.url());
  assert.ok('failed' in unknown && unknown.how === 'unreachable');
  assert.match(unknown.failed, /CA that is not trusted here.*outbound\.caFile/);

  const misnamed = await receive({ status: 200 }, 'elsewhere.test');
  const mismatch = await poster({ ca: [authority.ca] })(misnamed.url());
  assert.match('failed' in mismatch ? mismatch.failed : '', /for another name.*elsewhere\.test/);

  const plain = await receive();
  const noTls = await poster()(`https://localhost:${plain.port}/`);
  assert.match('failed' in noTls ? noTls.failed : '', /TLS/);
  await assert.rejects(async () => poster({ caFile: join(directory, 'missing.pem') }), /outbound\.caFile/);
});

test('what does not answer is named: nobody there, too slow, gone in between, no such name', async () => {
  const gone = await Receiver.open();
  const { port } = gone;
  await gone.close();
  const post = poster({ resolve: names({ localhost: ['127.0.0.1'] })! });
  const refused = await post(`http://localhost:${port}/`);
  assert.match('failed' in refused ? refused.failed : '', /refused the connection/);

  const slow = await receive('silence');
  const late = await post(slow.url(), { timeoutMs: 50 });
  assert.ok('failed' in late && late.how === 'silent');
  assert.match(late.failed, /did not answer within 0\.05 s/);

  const rude = await receive('hang-up');
  const cut = await post(rude.url());
  assert.match('failed' in cut ? cut.failed : '', /closed the connection before it answered/);
  assert.equal(rude.received.length, 1);

  const nowhere = await post('https://nowhere.test/');
  assert.match('failed' in nowhere ? nowhere.failed : '', /does not resolve/);
  const nonsense = await post('not a url');
  assert.ok('failed' in nonsense && nonsense.how === 'forbidden');
});

test('of a long answer the first 64 kB are read', async () => {
  const receiver = await receive({ status: 200, body: 'x'.repeat(300_000) });
  const answer = await poster()(receiver.url());
  assert.equal('status' in answer && answer.body.length, 65_536);
});

test('a kept connection that the receiver closed meanwhile costs nothing', async () => {
  const receiver = await receive();
  const post = poster();
  await post(receiver.url());
  // A turn for undici to take the connection back.
  await new Promise(setImmediate);
  let dropped = 0;
  receiver.answer = () => {
    dropped += 1;
    return dropped === 1 ? 'hang-up' : { status: 200 };
  };
  const answer = await post(receiver.url());
  assert.equal('status' in answer && answer.status, 200);
  assert.deepEqual([receiver.received.length, receiver.connections], [3, 2]);
});
