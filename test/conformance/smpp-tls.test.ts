import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type LocalAuthority, openAuthority } from '../../src/edge/tls/authority.ts';
import type { Certified } from '../../src/edge/tls/issue.ts';
import { SmsDesk } from '../peers/sms-desk.ts';
import { TestSmsc, type TestSmscOptions } from '../peers/smsc.ts';

describe('SMPP over TLS', () => {
  let directory: string;
  let authority: LocalAuthority;
  let leaf: Certified;
  let ours: Certified;
  let caFile: string;
  let certFile: string;
  let keyFile: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'smpp-tls-'));
    authority = await openAuthority();
    leaf = await authority.issueCertificate(['smsc.example.org']);
    ours = await authority.issueCertificate(['ringback.example.org']);
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(join(directory, name), text);
      return join(directory, name);
    };
    caFile = await file('ca.pem', authority.ca);
    certFile = await file('cert.pem', ours.cert);
    keyFile = await file('key.pem', ours.key);
  });
  after(() => rm(directory, { recursive: true }));

  const open = (more: TestSmscOptions = {}): Promise<TestSmsc> => TestSmsc.open({ ...leaf, ...more });

  it('carries orders and receipts to a carrier whose certificate is for the name that was configured', async () => {
    await using smsc = await open();
    await using desk = await SmsDesk.open([
      smsc.settings({ tls: { caFile, serverName: 'smsc.example.org' }, bind: 'pair' }),
    ]);
    desk.send();
    assert.equal((await desk.told()).kind, 'accepted');
    await smsc.receipt('m1', 'DELIVRD');
    assert.equal((await desk.arrived()).kind, 'receipt');
    assert.equal(desk.carriers.status()[0]?.target, `smpps://127.0.0.1:${smsc.port}`);
  });

  it('is refused where the certificate is for another name, or of an authority that is not trusted', async () => {
    await using smsc = await open();
    await using other = await SmsDesk.open([
      smsc.settings({ tls: { caFile, serverName: 'evil.example.org' } }),
    ]);
    await other.unbound(/^its certificate is not for evil\.example\.org$/);
    await using unknown = await SmsDesk.open([smsc.settings({ tls: { serverName: 'smsc.example.org' } })]);
    await unknown.unbound(/^its certificate is of an authority that is not trusted$/);
    assert.deepEqual(smsc.heard, []);
  });

  it('shows our certificate to a carrier that asks for one', async () => {
    await using smsc = await open({ ca: authority.ca, requestCert: true, rejectUnauthorized: true });
    const tls = { caFile, serverName: 'smsc.example.org' };
    await using desk = await SmsDesk.open([smsc.settings({ tls: { ...tls, certFile, keyFile } })]);
    desk.send();
    assert.equal((await desk.told()).kind, 'accepted');
    await using bare = await SmsDesk.open([smsc.settings({ tls })]);
    await bare.unbound(/^it asks for a certificate and has none of ours$/);
  });

  it('says that a carrier does not speak TLS', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings({ tls: { caFile } })], { connectWithin: 200 });
    await desk.unbound(/^it does not speak TLS$|^no connection within 200 ms$|closed the connection/);
  });

  it('does not start where a file cannot be read, and names the key and the file', async () => {
    await using smsc = await open();
    const missing = join(directory, 'nothing.pem');
    await assert.rejects(SmsDesk.open([smsc.settings({ tls: { caFile: missing } })]), (error: Error) =>
      error.message.startsWith(`tls.caFile of the SMS carrier acme: ${missing} cannot be read`),
    );
  });
});
