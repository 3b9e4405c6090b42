import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evolve, exists, faultOf, type Identity, ownedBy, tokenFor } from './identity.ts';

const at = Date.parse('2026-03-01T10:00:00.400Z');
const second = 1000;
const alice: Identity = {
  id: '8:acs:res_alice',
  resourceId: 'res',
  createdAt: at,
  series: 'first',
  customId: 'alice@contoso.example',
};
const accessKeys = new Map([
  ['res', new Set(['primary', 'secondary'])],
  ['other', new Set(['theirs'])],
]);
const asked = { scopes: ['chat', 'voip', 'chat'], minutes: 60, accessKey: 'primary' } as const;
const token = tokenFor(alice, asked, at);

test('a token has each scope once and tells time in whole seconds', () => {
  assert.deepEqual(token, {
    user: alice.id,
    resourceId: 'res',
    scopes: ['chat', 'voip'],
    issuedAt: at - 400,
    expiresAt: at - 400 + 60 * 60 * second,
    series: 'first',
    accessKey: 'primary',
  });
});

describe('a genuine token', () => {
  const fault = (identity: Identity | undefined, now = at, keys = accessKeys) =>
    faultOf(token, identity, keys, now);

  test('holds from its issue to its end', () => {
    assert.equal(fault(alice), undefined);
    assert.equal(fault(alice, token.expiresAt - 1), undefined);
    assert.equal(fault(alice, token.expiresAt), 'expired');
  });

  test('does not hold once its series is over, whatever the instant', () => {
    const revoked = evolve(alice, { event: 'tokens-revoked', series: 'second' });
    assert.equal(fault(revoked), 'revoked');
    assert.equal(fault(revoked, token.expiresAt), 'revoked');
    assert.equal(faultOf(tokenFor(revoked, asked, at), revoked, accessKeys, at), undefined);
    assert.equal(fault(evolve(alice, { event: 'token-issued', at })), undefined);
  });

  test('does not hold for a user who is deleted or unknown, nor after a reset', () => {
    assert.equal(fault(evolve(alice, { event: 'deleted', at, series: 'none' })), 'revoked');
    assert.equal(fault(undefined), 'revoked');
    assert.equal(fault({ ...alice, series: 'another beginning' }), 'revoked');
  });

  test('goes with the access key that it was asked for with', () => {
    const rotated = new Map([['res', new Set(['secondary'])]]);
    assert.equal(fault(alice, at, rotated), 'revoked');
    const { accessKey: _none, ...keyless } = token;
    assert.equal(faultOf(keyless, alice, rotated, at), undefined);
  });

  test('is foreign where its resource is not served, or the user is of another', () => {
    assert.equal(fault(alice, at, new Map()), 'foreign');
    assert.equal(faultOf({ ...token, resourceId: 'other' }, alice, accessKeys, at), 'foreign');
  });
});

test('a deleted identity stays known and keeps nothing of its user', () => {
  const issued = evolve(alice, { event: 'token-issued', at });
  assert.equal(issued.lastTokenIssuedAt, at);
  const deleted = evolve(issued, { event: 'deleted', at, series: 'none' });
  assert.deepEqual(deleted, {
    id: alice.id,
    resourceId: 'res',
    createdAt: at,
    series: 'none',
    deletedAt: at,
  });
  assert.deepEqual([exists(alice), exists(deleted), exists(undefined)], [true, false, false]);
  assert.deepEqual(
    [ownedBy(alice, 'res'), ownedBy(alice, 'other'), ownedBy(deleted, 'res')],
    [true, false, false],
  );
});
