import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { makeAuthority, makeLeaf } from '../tls/issue.ts';
import { chainFault, commonName, readAuthorities, readChain } from './certificate-chain.ts';

const now = Date.parse('2026-03-01T10:00:00Z');
const days = 86_400_000;

describe('a chain of certificates', () => {
  let authority: X509Certificate;
  let leaf: X509Certificate;
  let other: X509Certificate;
  /** In the name of the authority, with a key of somebody else. */
  let forged: X509Certificate;
  before(async () => {
    const made = await makeAuthority(now);
    authority = new X509Certificate(made.cert);
    const subject = authority.subject.replaceAll('\n', ', ');
    const names = ['2c3e1e83-8fd7-4615-ad2b-b8c1229845ac'];
    leaf = new X509Certificate((await makeLeaf(made, subject, names, now)).cert);
    const strangers = await makeAuthority(now);
    other = new X509Certificate(strangers.cert);
    const impostor = { cert: made.cert, key: strangers.key };
    forged = new X509Certificate((await makeLeaf(impostor, subject, names, now)).cert);
  });

  test('is trusted when it leads to an authority, whether it brings it along or not', () => {
    assert.equal(chainFault([leaf], [other, authority], now), undefined);
    assert.equal(chainFault([leaf, authority], [authority], now), undefined);
    assert.equal(commonName(leaf), '2c3e1e83-8fd7-4615-ad2b-b8c1229845ac');
  });

  test('is not when it leads elsewhere, is cut off, forged, or out of its time', () => {
    assert.match(chainFault([leaf], [], now) ?? '', /none of the trusted authorities/);
    assert.match(chainFault([leaf, authority], [other], now) ?? '', /none of the trusted authorities/);
    assert.match(chainFault([leaf, other], [authority].slice(1), now) ?? '', /none of the trusted/);
    assert.match(chainFault([leaf, leaf], [other], now) ?? '', /none of the trusted/);
    assert.match(chainFault([forged, authority], [authority], now) ?? '', /none of the trusted/);
    assert.match(chainFault([leaf], [authority], now + 398 * days) ?? '', /is valid from/);
    assert.match(chainFault([leaf], [authority], now - days) ?? '', /is valid from/);
    assert.match(chainFault([], [authority], now) ?? '', /empty/);
  });

  test('is read from a header, or is none', () => {
    const [first] = readChain([leaf.raw.toString('base64')]) ?? [];
    assert.equal(first?.fingerprint256, leaf.fingerprint256);
    for (const wrong of [undefined, 'x', [], ['AAAA'], [{}], Array(9).fill(leaf.raw.toString('base64'))])
      assert.equal(readChain(wrong), undefined);
  });

  test('authorities are read from a file of several', () => {
    const pem = `first\n${authority.toString()}\nsecond\n${other.toString()}`;
    assert.deepEqual(
      readAuthorities(pem).map(({ fingerprint256 }) => fingerprint256),
      [authority.fingerprint256, other.fingerprint256],
    );
    assert.deepEqual(readAuthorities('nothing'), []);
  });
});
