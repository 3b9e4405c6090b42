import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { expiredAuthority, expiredLeaf } from '../../test/peers/expired.ts';
import type { SipConfig } from '../config/config.ts';
import { openAuthority } from '../edge/tls/authority.ts';
import { sipCertificates } from './sip-certificates.ts';

const longAgo = Date.UTC(2020, 0, 1);
const directory = mkdtempSync(join(tmpdir(), 'ringback-'));
const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

describe('the certificate of SIP over TLS', () => {
  let cert: string;
  let key: string;
  let ca: string;
  before(async () => {
    const authority = await openAuthority();
    const own = await authority.issueCertificate(['sip.example']);
    cert = file('own.pem', own.cert);
    key = file('own.key', own.key);
    ca = file('ca.pem', authority.ca);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  const sip = (more: Partial<NonNullable<SipConfig['tls']>>): SipConfig => ({
    ...{ t1: 500, t2: 4000, t4: 5000, healthInterval: 30_000 },
    tls: { port: 0, cert, key, caFile: ca, clientCertificates: 'none', ...more },
  });
  const refusal = async (more: Partial<NonNullable<SipConfig['tls']>>, now = Date.now()): Promise<string> =>
    sipCertificates(sip(more), now).then(
      () => assert.fail('was taken'),
      (error: Error) => error.message,
    );

  test('is taken with its key and its authority', async () => {
    const settings = await sipCertificates(sip({ clientCertificates: 'required' }), Date.now());
    assert.equal(settings?.clientCertificates, 'required');
    assert.match(settings?.ca?.[0] ?? '', /BEGIN CERTIFICATE/);
  });

  test('that has expired stops the start, with its file, its day and its name', async () => {
    const { leaf } = await expiredLeaf(['sip.example']);
    const words = await refusal({ cert: file('old.pem', leaf.cert), key: file('old.key', leaf.key) });
    assert.match(
      words,
      /^sip\.tls\.cert: \S+old\.pem expired on 202[01]-\d\d-\d\d \(CN=.*\)\.\n {2}Put a renewed one/,
    );
  });

  test('is vouched for by an authority in force; expired ones beside it do no harm', async () => {
    const old = await expiredAuthority();
    assert.match(
      await refusal({ caFile: file('old-ca.pem', old) }),
      /^sip\.tls\.caFile: .*old-ca\.pem expired on/,
    );
    const bundle = file('bundle.pem', `${old}${readFileSync(ca, 'utf8')}`);
    assert.ok(await sipCertificates(sip({ caFile: bundle }), Date.now()));
  });

  test('that is not valid yet says from when, and what day it is here', async () => {
    assert.match(await refusal({}, longAgo), /own\.pem is valid only from 20.*\n.* clock .* 2020-01-01\./);
  });

  test('is not taken with the key of another', async () => {
    const other = await (await openAuthority()).issueCertificate(['sip.example']);
    assert.match(
      await refusal({ key: file('other.key', other.key) }),
      /^sip\.tls\.key: .*other\.key is not the key/,
    );
  });

  test('and its files are there, and hold what they should', async () => {
    const words = file('words.pem', 'words');
    assert.match(
      await refusal({ cert: join(directory, 'none.pem') }),
      /^sip\.tls\.cert: .*none\.pem is not there\.\n/,
    );
    assert.match(await refusal({ cert: directory }), /^sip\.tls\.cert: .* cannot be read \(EISDIR/);
    assert.match(await refusal({ cert: words }), /words\.pem holds no certificate/);
    assert.match(await refusal({ key: words }), /^sip\.tls\.key: .*words\.pem holds no private key/);
    assert.match(await refusal({ caFile: words }), /^sip\.tls\.caFile: .*words\.pem holds no certificate/);
    const broken = file('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    assert.match(await refusal({ caFile: broken }), /broken\.pem holds a broken certificate/);
  });
});
