import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openAuthority } from './authority.ts';
import { nameFault } from './names.ts';

const DAY = 86_400_000;

/** The name on which a client that trusts only `ca` reads an answer. */
function greet(port: number, servername: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      servername,
      ca,
      agent: false,
      headers: { host: servername },
    } as const;
    const request = get(options, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    });
    request.on('error', reject);
  });
}

describe('the local certificate authority', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ringback-tls-'));
  });
  after(() => rm(directory, { recursive: true }));

  test('certifies every name of its own to a client that trusts the CA alone', async (t) => {
    const { ca, server } = await openAuthority({ hostNames: ['calls.example'] });
    const https = createServer(server, (_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
    t.after(() => https.close().closeAllConnections());
    const { port } = https.address() as AddressInfo;
    for (const name of ['localhost', 'ringback.asm.skype.com', 'calls.example']) {
      assert.equal(await greet(port, name, ca), 'hello', name);
    }
    await assert.rejects(greet(port, 'elsewhere.example', ca), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    const certificate = new X509Certificate(server.cert);
    assert.ok(
      certificate.checkIP('127.0.0.1') && certificate.checkIP('::1'),
      'both loopback addresses are covered',
    );
    // Node and browsers accept no wildcard directly below a top-level name; others do.
    assert.match(certificate.subjectAltName ?? '', /DNS:\*\.localhost/);
  });

  test('keeps its keys to its owner and everything for the next start', async () => {
    const first = await openAuthority({ directory });
    for (const file of ['ca-key.pem', 'server-key.pem']) {
      assert.equal((await stat(join(directory, file))).mode & 0o777, 0o600, file);
    }
    const second = await openAuthority({ directory });
    assert.deepEqual([second.ca, second.server], [first.ca, first.server]);
    assert.equal(second.caFile, join(directory, 'ca.pem'));
  });

  test('renews the server certificate, under the same CA, when names change or it is about to expire', async () => {
    const first = await openAuthority({ directory });
    const renamed = await openAuthority({ directory, hostNames: ['other.example'] });
    assert.equal(renamed.ca, first.ca);
    assert.notEqual(renamed.server.cert, first.server.cert);
    const later = await openAuthority({
      directory,
      hostNames: ['other.example'],
      now: () => Date.now() + 380 * DAY,
    });
    assert.equal(later.ca, first.ca);
    assert.notEqual(later.server.cert, renamed.server.cert);
  });

  test('makes a leaf for a webhook that its CA vouches for', async () => {
    const authority = await openAuthority({ directory });
    const leaf = await authority.issueCertificate(['hook.example', '192.0.2.7', '2001:db8::7']);
    const certificate = new X509Certificate(leaf.cert);
    assert.ok(certificate.verify(new X509Certificate(authority.ca).publicKey), 'signed by the CA');
    assert.ok(certificate.checkIssued(new X509Certificate(authority.ca)), 'names the CA as its issuer');
    assert.equal(certificate.checkHost('hook.example'), 'hook.example');
    assert.ok(certificate.checkIP('192.0.2.7') && certificate.checkIP('2001:db8::7'));
    assert.equal(certificate.ca, false);
    assert.match(certificate.publicKey.asymmetricKeyDetails?.namedCurve ?? '', /prime256v1/);
  });

  test('in memory writes the CA alone, and only where it is asked to', async () => {
    const caFile = join(directory, 'in-memory-ca.pem');
    const authority = await openAuthority({ caFile });
    assert.equal(await readFile(caFile, 'utf8'), authority.ca);
    assert.equal((await openAuthority()).caFile, undefined);
  });

  test('stops at a damaged pair and says what to do', async () => {
    const damaged = await mkdtemp(join(directory, 'damaged-'));
    await openAuthority({ directory: damaged });
    await writeFile(join(damaged, 'ca-key.pem'), 'not a key');
    await assert.rejects(
      openAuthority({ directory: damaged }),
      /ca\.pem and .*ca-key\.pem.*Restore both, or remove both/,
    );
  });

  test('refuses what is no name', () => {
    assert.equal(nameFault('*.localhost'), undefined);
    assert.match(nameFault('no name') ?? '', /neither a host name nor an address/);
    assert.match(nameFault('a, DNS:evil.example') ?? '', /neither/);
  });
});
