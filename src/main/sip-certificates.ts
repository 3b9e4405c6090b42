/** The PEM files of `sip.tls`: read and checked at the start, so that no call finds out what is wrong with them. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SipConfig } from '../config/config.ts';
import type { TlsSettings } from '../edge/sip/api.ts';

/** Rejects with an error that names the key, the file, what is wrong with it and what to do. `now`: wall time. */
export async function sipCertificates({ tls }: SipConfig, now: number): Promise<TlsSettings | undefined> {
  if (!tls) return undefined;
  const cert = await read('cert', tls.cert);
  const key = await read('key', tls.key);
  const ca = tls.caFile === undefined ? undefined : await read('caFile', tls.caFile);
  const chain = certificates('cert', tls.cert, cert);
  if (!chain[0]?.checkPrivateKey(privateKey(tls.key, key))) {
    const fix = 'Name the key that the certificate was made for.';
    throw wrong('key', tls.key, 'is not the key of sip.tls.cert', fix);
  }
  const bad = chain.map((each) => outOfForce(each, now)).find((fault) => fault !== undefined);
  if (bad) throw wrong('cert', tls.cert, ...bad);
  if (ca !== undefined && tls.caFile !== undefined) {
    // A bundle may hold old ones beside those that count.
    const faults = certificates('caFile', tls.caFile, ca).map((each) => outOfForce(each, now));
    const [first] = faults;
    if (first && !faults.includes(undefined)) throw wrong('caFile', tls.caFile, ...first);
  }
  return {
    port: tls.port,
    cert,
    key,
    ...(ca === undefined ? {} : { ca: [ca] }),
    ...(tls.clientCertificates === 'required' ? { clientCertificates: 'required' as const } : {}),
  };
}

type Part = 'cert' | 'key' | 'caFile';

function wrong(part: Part, file: string, what: string, fix: string, cause?: unknown): Error {
  return new Error(`sip.tls.${part}: ${file} ${what}.\n  ${fix}`, { cause });
}

async function read(part: Part, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const what = missing ? 'is not there' : `cannot be read (${(error as Error).message})`;
    throw wrong(part, file, what, 'Paths are relative to the configuration file.', error);
  }
}

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Those of a PEM file; at least one. */
function certificates(part: Part, file: string, text: string): readonly X509Certificate[] {
  const blocks = text.match(block) ?? [];
  if (blocks.length === 0)
    throw wrong(part, file, 'holds no certificate', 'It takes PEM: "-----BEGIN CERTIFICATE-----" and so on.');
  return blocks.map((pem) => {
    try {
      return new X509Certificate(pem);
    } catch (error) {
      throw wrong(part, file, 'holds a broken certificate', 'Copy it anew from whoever issued it.', error);
    }
  });
}

/** What keeps a certificate from being good now, and what to do; undefined: nothing. */
function outOfForce(
  { subject, validFromDate, validToDate }: X509Certificate,
  now: number,
): readonly [what: string, fix: string] | undefined {
  const name = subject?.replaceAll('\n', ', ');
  if (validToDate.getTime() < now)
    return [`expired on ${day(validToDate)} (${name})`, 'Put a renewed one in its place.'];
  if (validFromDate.getTime() <= now) return undefined;
  const fix = `Wait until then, or set the clock of this computer, which says ${day(new Date(now))}.`;
  return [`is valid only from ${day(validFromDate)} (${name})`, fix];
}

const day = (at: Date): string => at.toISOString().slice(0, 10);

function privateKey(file: string, text: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(text);
  } catch (error) {
    const fix = 'It takes PEM without a passphrase: "-----BEGIN PRIVATE KEY-----" and so on.';
    throw wrong('key', file, 'holds no private key that can be read', fix, error);
  }
}
