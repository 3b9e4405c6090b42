/** Whether a chain of certificates, as the `x5c` header of a token carries it (RFC 7515 4.1.6), leads to an authority. */
import { X509Certificate } from 'node:crypto';

/** Longer chains are nobody's. */
const mostCertificates = 8;

/** The leaf first; undefined: not certificates. */
export function readChain(x5c: unknown): readonly [X509Certificate, ...X509Certificate[]] | undefined {
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > mostCertificates) return undefined;
  try {
    const [leaf, ...rest] = x5c.map((der) => new X509Certificate(Buffer.from(String(der), 'base64')));
    return leaf && [leaf, ...rest];
  } catch {
    // What node cannot read is no certificate; there is no other error it could have.
    return undefined;
  }
}

export function readAuthorities(pem: string): readonly X509Certificate[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return found.map((text) => new X509Certificate(text));
}

/** Whom the certificate is for. */
export const commonName = (certificate: X509Certificate): string | undefined =>
  /^CN=(.+)$/m.exec(certificate.subject)?.[1];

/** Why the chain is not trusted at `now`; undefined: it is. */
export function chainFault(
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  now: number,
): string | undefined {
  for (const [i, certificate] of chain.entries()) {
    const name = certificate.subject.replaceAll('\n', ', ');
    if (now < certificate.validFromDate.getTime() || now >= certificate.validToDate.getTime())
      return `the certificate of ${name} is valid from ${certificate.validFrom} to ${certificate.validTo}`;
    // RFC 5280 4.2.1.9: only an authority may issue.
    if (i > 0 && !certificate.ca) return `${name} may not issue certificates`;
    const issuedBy = (other: X509Certificate): boolean =>
      certificate.checkIssued(other) && certificate.verify(other.publicKey);
    if (authorities.some((one) => one.fingerprint256 === certificate.fingerprint256 || issuedBy(one)))
      return undefined;
    const next = chain[i + 1];
    if (!next || !issuedBy(next))
      return `the certificate of ${name} was issued by ${certificate.issuer.replaceAll('\n', ', ')}, which is none of the trusted authorities`;
  }
  return 'the chain is empty';
}
