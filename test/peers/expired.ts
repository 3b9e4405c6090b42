/** Certificates whose time is over. */
import { X509Certificate } from 'node:crypto';
import { type Certified, makeAuthority, makeLeaf } from '../../src/edge/tls/issue.ts';

/** A leaf that expired, of an authority that is in force: a leaf cannot be older than what signed it. */
export async function expiredLeaf(
  names: readonly string[],
): Promise<{ readonly leaf: Certified; readonly ca: string }> {
  const longAgo = Date.UTC(2020, 0, 1);
  const ca = await makeAuthority(longAgo);
  const subject = new X509Certificate(ca.cert).subject.split('\n').join(', ');
  return { leaf: await makeLeaf(ca, subject, names, longAgo), ca: ca.cert };
}

/** PEM of an authority that expired. */
export const expiredAuthority = async (): Promise<string> => (await makeAuthority(Date.UTC(2005, 0, 1))).cert;
