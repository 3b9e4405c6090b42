import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openSigning } from '../../edge/callbacks/signing.ts';
import { openStore } from '../../edge/store/open-store.ts';
import { IdentityDesk } from './identity-desk.ts';

const resourceId = '2fd14f97-5cf0-45a2-a59b-45a43541727c';
const minute = 60_000;
const chat = { scopes: ['chat'] } as const;

async function stage(store = openStore({ file: ':memory:' })) {
  const at = { now: Date.parse('2026-03-01T10:00:00Z') };
  const clock = { now: () => at.now };
  const defects: unknown[] = [];
  let made = 0;
  const open = async (): Promise<IdentityDesk> =>
    new IdentityDesk({
      store,
      clock,
      ids: { next: () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}` },
      mint: await openSigning({ store, clock }),
      accessKeys: new Map([[resourceId, new Set(['primary'])]]),
      onDefect: (error) => void defects.push(error),
    });
  const desk = await open();
  const issue = async (id: string): Promise<string> => {
    const issued = await desk.issue({ resourceId, id, ...chat });
    assert.ok('token' in issued);
    return issued.token;
  };
  return { at, defects, desk, issue, open, store };
}

describe('the identity desk', () => {
  test('judges a token by what is known of its user at that instant', async () => {
    const { at, desk, store } = await stage();
    const { identity, token } = await desk.create({ resourceId, token: { ...chat, minutes: 60 } });
    assert.ok(token);
    const judged = await desk.judge(token.token);
    assert.ok(!('refused' in judged));
    assert.deepEqual(
      [judged.userRawId, judged.resourceId, judged.scopes, judged.expiresAt],
      [identity.id, resourceId, ['chat'], at.now + 60 * minute],
    );
    at.now += 60 * minute;
    assert.deepEqual(await desk.judge(token.token), { refused: 'expired' });
    assert.deepEqual(await desk.judge('nonsense'), { refused: 'malformed' });
    await store.close();
  });

  test('refuses a token from the moment that its revocation was asked for', async () => {
    const { desk, issue, store } = await stage();
    const { identity } = await desk.create({ resourceId });
    const token = await issue(identity.id);
    assert.ok(!('refused' in (await desk.judge(token))));
    const revoking = desk.revoke({ resourceId, id: identity.id });
    assert.deepEqual(await desk.judge(token), { refused: 'revoked' });
    await revoking;
    assert.ok(!('refused' in (await desk.judge(await issue(identity.id)))));
    await store.close();
  });

  test('tells listeners of revocations and deletions, in that order, until they leave', async () => {
    const { defects, desk, store } = await stage();
    const told: string[] = [];
    desk.onRevoked(() => {
      throw new Error('a listener of somebody else');
    });
    const leave = desk.onRevoked((id) => void told.push(`revoked ${id}`));
    desk.onDeleted((id) => void told.push(`deleted ${id}`));
    const { identity } = await desk.create({ resourceId });
    const { id } = identity;
    await desk.revoke({ resourceId, id });
    await desk.delete({ resourceId, id });
    assert.deepEqual(told, [`revoked ${id}`, `revoked ${id}`, `deleted ${id}`]);
    assert.equal(defects.length, 2);
    assert.deepEqual(await desk.delete({ resourceId, id }), { refused: 'not-owned' });
    leave();
    const { identity: second } = await desk.create({ resourceId });
    await desk.revoke({ resourceId, id: second.id });
    assert.equal(told.length, 3);
    await store.close();
  });

  test('knows who was there before, and who is gone, after a restart', async () => {
    const { desk, issue, open, store } = await stage();
    const { identity } = await desk.create({ resourceId, customId: 'alice' });
    const { identity: gone } = await desk.create({ resourceId, customId: 'bob' });
    const token = await issue(identity.id);
    await desk.delete({ resourceId, id: gone.id });
    const next = await open();
    assert.ok(!('refused' in (await next.judge(token))));
    assert.equal(next.user(identity.id)?.exists, true);
    assert.equal(next.user(gone.id)?.exists, false);
    assert.equal(next.user('8:acs:nobody_nobody'), undefined);
    assert.equal((await next.create({ resourceId, customId: 'alice' })).identity.id, identity.id);
    assert.notEqual((await next.create({ resourceId, customId: 'bob' })).identity.id, gone.id);
    await store.close();
  });

  test('gives everybody who asks at once for one custom id the same identity', async () => {
    const { desk, store } = await stage();
    const created = await Promise.all(
      Array.from({ length: 5 }, () => desk.create({ resourceId, customId: 'alice', token: chat })),
    );
    assert.equal(new Set(created.map(({ identity }) => identity.id)).size, 1);
    assert.deepEqual(
      created.map(({ existed }) => existed),
      [false, true, true, true, true],
    );
    await store.close();
  });

  test('takes back what could not be stored', async () => {
    const { desk, issue, store } = await stage(openStore({ file: ':memory:', answerWithin: 60 }));
    const { identity } = await desk.create({ resourceId });
    const token = await issue(identity.id);
    const unlock = store.faults.lock();
    await assert.rejects(desk.revoke({ resourceId, id: identity.id }), { name: 'StoreSilent' });
    await assert.rejects(desk.create({ resourceId, customId: 'alice' }), { name: 'StoreSilent' });
    assert.ok(!('refused' in (await desk.judge(token))), 'the caller was told that it failed');
    unlock();
    assert.equal((await desk.create({ resourceId, customId: 'alice' })).existed, false);
    await store.close();
  });

  test('makes an identity for somebody another issuer knows, and no second one', async () => {
    const { at, desk, store } = await stage();
    const id = '8:orgid:b27b64b9-39d2-44a3-869d-67700b74e805';
    const exchange = () => desk.exchange({ resourceId, id, scopes: ['voip'], until: at.now + 5 * minute });
    const [first] = await Promise.all([exchange(), exchange()]);
    assert.ok('token' in first);
    assert.equal(first.expiresAt, at.now + 5 * minute);
    assert.ok(!('refused' in (await desk.judge(first.token))));
    await desk.delete({ resourceId, id });
    assert.deepEqual(await exchange(), { refused: 'not-owned' });
    assert.deepEqual(await desk.exchange({ resourceId: 'other', id, scopes: [], until: 0 }), {
      refused: 'not-owned',
    });
    await store.close();
  });

  test('tells everybody it knows of when everything is forgotten', async () => {
    const { desk, issue, store } = await stage();
    const told: string[] = [];
    desk.onRevoked((id) => void told.push(id));
    const { identity } = await desk.create({ resourceId });
    const token = await issue(identity.id);
    await store.reset(['keys']);
    desk.forget();
    assert.deepEqual(told, [identity.id]);
    assert.deepEqual(await desk.judge(token), { refused: 'revoked' });
    await store.close();
  });
});
