/** The local certificate authority and the server's own certificate, made at the first start and kept. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Certified } from './issue.ts';
import { distinct, nameFault, ownNames } from './names.ts';

export interface AuthorityOptions {
  /** The data directory; absent: everything stays in memory. */
  readonly directory?: string;
  /** Host names the server is reached by, beside those it always has. */
  readonly hostNames?: readonly string[];
  /** Where to put the CA's certificate for clients, when there is no directory. */
  readonly caFile?: string;
  /** Wall time. */
  readonly now?: () => number;
}

export interface LocalAuthority {
  /** PEM, for clients to trust. */
  readonly ca: string;
  /** Absent when everything is in memory and no file was asked for. */
  readonly caFile?: string;
  /** The server's own certificate. */
  readonly server: Certified;
  /** A leaf for somebody else: `ringback cert NAME…`. Names must have no `nameFault`. */
  issueCertificate(names: readonly string[]): Promise<Certified>;
}

const RENEW_BEFORE_MS = 30 * 86_400_000;

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, and secret from its first byte where it must be. */
async function write(file: string, text: string, mode: number): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text, { mode });
  await chmod(draft, mode);
  await rename(draft, file);
}

/** Undefined when a file is missing; broken or unmatched files are an error that says what to do. */
async function load(certFile: string, keyFile: string): Promise<Certified | undefined> {
  const [cert, key] = await Promise.all([read(certFile), read(keyFile)]);
  if (cert === undefined && key === undefined) return undefined;
  try {
    if (
      cert !== undefined &&
      key !== undefined &&
      new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
    ) {
      return { cert, key };
    }
  } catch {
    // Not PEM: told below like a pair that does not match.
  }
  throw new Error(
    `${certFile} and ${keyFile} are not a certificate and its key. Restore both, or remove both to have new ones made.`,
  );
}

function covers(certificate: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return certificate.checkIP(name) !== undefined;
  return (certificate.subjectAltName ?? '').split(', ').includes(`DNS:${name}`);
}

function stillGood({ cert }: Certified, names: readonly string[], now: number, issuer: string): boolean {
  const certificate = new X509Certificate(cert);
  if (Date.parse(certificate.validTo) - now < RENEW_BEFORE_MS || Date.parse(certificate.validFrom) > now)
    return false;
  const listed = certificate.subjectAltName?.split(', ').length ?? 0;
  return (
    listed === names.length &&
    names.every((name) => covers(certificate, name)) &&
    certificate.verify(new X509Certificate(issuer).publicKey)
  );
}

const notAfter = ({ cert }: Certified): number => Date.parse(new X509Certificate(cert).validTo);
// "CN=…\nO=…" as node prints it, in the order in which it stands in the certificate.
const subjectOf = ({ cert }: Certified): string => new X509Certificate(cert).subject.split('\n').join(', ');

export async function openAuthority(options: AuthorityOptions = {}): Promise<LocalAuthority> {
  const { directory, hostNames = [], now = Date.now } = options;
  const names = distinct([...ownNames, ...hostNames]);
  for (const name of names) {
    const fault = nameFault(name);
    if (fault !== undefined) throw new Error(`No certificate can be made: ${fault}.`);
  }
  const file = (name: string): string => join(directory ?? '', name);
  const keep = async (pair: Certified, certName: string, keyName: string): Promise<void> => {
    if (directory === undefined) return;
    await mkdir(directory, { recursive: true });
    await write(file(keyName), pair.key, 0o600);
    await write(file(certName), pair.cert, 0o644);
  };

  let ca = directory === undefined ? undefined : await load(file('ca.pem'), file('ca-key.pem'));
  if (!ca || notAfter(ca) - now() < RENEW_BEFORE_MS) {
    const { makeAuthority } = await import('./issue.ts');
    ca = await makeAuthority(now());
    await keep(ca, 'ca.pem', 'ca-key.pem');
  }
  const authority = ca;
  const issueCertificate = async (wanted: readonly string[]): Promise<Certified> => {
    const { makeLeaf } = await import('./issue.ts');
    const fault =
      wanted.map(nameFault).find((found) => found !== undefined) ??
      (wanted.length === 0 ? 'no name was given' : undefined);
    if (fault !== undefined) throw new Error(`No certificate can be made: ${fault}.`);
    return makeLeaf(authority, subjectOf(authority), distinct(wanted), now());
  };

  let server = directory === undefined ? undefined : await load(file('server.pem'), file('server-key.pem'));
  if (!server || !stillGood(server, names, now(), authority.cert)) {
    server = await issueCertificate(names);
    await keep(server, 'server.pem', 'server-key.pem');
  }
  const caFile = directory === undefined ? options.caFile : file('ca.pem');
  if (directory === undefined && caFile !== undefined) await write(caFile, authority.cert, 0o644);
  return { ca: authority.cert, ...(caFile === undefined ? {} : { caFile }), server, issueCertificate };
}
