/** Makes keys and certificates. Loaded only when one is needed: a second start makes none. */
import { createPrivateKey, createPublicKey, KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  type cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;
const DAY = 86_400_000;
const CA_DAYS = 3650;
/** Browsers and Apple's TLS refuse leaves that live longer than 398 days. */
const LEAF_DAYS = 397;

// The library's types are those of a browser.
const crypto = webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0];

async function newKeys(): Promise<{
  readonly publicKey: webcrypto.CryptoKey;
  readonly privateKey: webcrypto.CryptoKey;
  readonly pem: string;
}> {
  const { publicKey, privateKey } = await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  return {
    publicKey,
    privateKey,
    pem: KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Positive, so that no reader takes it for a negative number. */
const serialNumber = (): string => {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
};

const validity = (now: number, days: number) => ({
  // An hour of tolerance for clocks that differ.
  notBefore: new Date(now - 3_600_000),
  notAfter: new Date(now + days * DAY),
});

export async function makeAuthority(now: number): Promise<Certified> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=Ringback local CA ${randomBytes(3).toString('hex')}, O=Ringback`,
      serialNumber: serialNumber(),
      ...validity(now, CA_DAYS),
      signingAlgorithm: signing,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return { cert: `${certificate.toString('pem')}\n`, key: keys.pem };
}

export async function makeLeaf(
  authority: Certified,
  subject: string,
  names: readonly string[],
  now: number,
): Promise<Certified> {
  const keys = await newKeys();
  const algorithms: ['sign'] = ['sign'];
  const caKey = await importPrivate(authority.key, algorithms);
  const caPublic = await importPublic(authority.cert);
  const certificate = await X509CertificateGenerator.create(
    {
      subject: `CN=${names[0]}, O=Ringback`,
      issuer: subject,
      serialNumber: serialNumber(),
      ...validity(now, LEAF_DAYS),
      signingAlgorithm: signing,
      publicKey: keys.publicKey,
      signingKey: caKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
        new SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
        ),
        await AuthorityKeyIdentifierExtension.create(caPublic, false, crypto),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return { cert: `${certificate.toString('pem')}\n`, key: keys.pem };
}

async function importPrivate(pem: string, usages: ['sign']): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, curve, false, usages);
}

async function importPublic(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  return webcrypto.subtle.importKey('spki', der, curve, true, ['verify']);
}
