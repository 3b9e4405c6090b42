import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { phoneNumber } from '../../domain/ids/identifier.ts';
import type { TransferCall } from './commands.ts';
import { Office } from './office.fixture.ts';

let office: Office;
let connectionId: string;

beforeEach(async () => {
  office = new Office();
  const answer = await office.service.create({
    resourceId: 'res',
    targets: [phoneNumber('+15005552000')],
    callbackUri: 'https://app.example/events',
    apiVersion: '2026-03-12',
    sourceCallerId: '+18005550101',
  });
  assert.ok('ok' in answer);
  connectionId = answer.ok.connection.id;
  office.service.trunk({ kind: 'answered', legId: office.legs[0]!, refers: false });
  await stored();
});

/** Effects leave once the store has their facts. */
async function stored(): Promise<void> {
  await office.store.flush();
  await new Promise((resolve) => setImmediate(resolve));
}
const transfer = (more: Partial<TransferCall> = {}) =>
  office.service.transfer({
    resourceId: 'res',
    connectionId,
    target: phoneNumber('+15005552009'),
    headers: [],
    voipHeaders: [],
    ...more,
  });
const addresses = (): readonly unknown[] =>
  office.owed
    .filter(({ event }) => String((event as { type?: string }).type).startsWith('CallTransfer'))
    .map(({ to }) => (to as { url?: string }).url);

describe('a transfer', () => {
  test('shows the number of the call, or the one that the request names, and brings its headers', async () => {
    const headers = [{ name: 'X-Order', value: '7' }];
    assert.ok('ok' in (await transfer({ headers })));
    const { from, to, headers: sent } = office.invited.at(-1)!;
    assert.deepEqual([from, to, sent], ['+18005550101', '+15005552009', headers]);
    office.service.trunk({ kind: 'ended', legId: office.legs.at(-1)!, end: { how: 'no-reply' } });
    await stored();
    assert.ok('ok' in (await transfer({ sourceCallerId: '+18005550100' })));
    assert.equal(office.invited.at(-1)?.from, '+18005550100');
  });

  test('from a number that is not of the resource is accepted, and fails with the routing row', async () => {
    assert.ok('ok' in (await transfer({ sourceCallerId: '+18005559999' })));
    assert.equal(office.types().at(-1), 'CallTransferFailed');
    assert.equal(office.invited.length, 1);
  });

  test('tells its own callback address of what became of it, and that of the call where it has none', async () => {
    await transfer({ callbackUri: 'https://app.example/transfers' });
    office.service.trunk({ kind: 'answered', legId: office.legs.at(-1)! });
    await stored();
    assert.deepEqual(addresses(), ['https://app.example/transfers']);
    const last = office.owed.at(-1)!;
    assert.equal((last.to as { url?: string }).url, 'https://app.example/events');
    assert.equal((last.event as { type?: string }).type, 'CallDisconnected');
  });

  test('of a call of another resource, or of none, is not found', async () => {
    for (const wrong of [{ resourceId: 'other' }, { connectionId: 'nothing' }]) {
      const answer = await transfer(wrong);
      assert.equal('refused' in answer && answer.refused.row, 'automation/404/8522');
    }
  });
});

describe('a REFER of a phone', () => {
  const refer = async (to: string): Promise<void> => {
    office.service.trunk({ kind: 'referred', legId: office.legs[0]!, to, headers: [] });
    await stored();
  };

  test('is routed as a call of ours that shows the number of that call', async () => {
    await refer('+15005552009');
    assert.deepEqual(
      [office.invited.at(-1)?.to, office.invited.at(-1)?.from],
      ['+15005552009', '+18005550101'],
    );
    office.service.trunk({ kind: 'answered', legId: office.legs.at(-1)! });
    await stored();
    assert.deepEqual(office.referred, [[office.legs[0], 200]]);
  });

  test('to where no route leads, or to a number of nobody, is told so', async () => {
    await refer('+4930123456');
    await refer('lobby');
    assert.deepEqual(
      office.referred.map(([, status]) => status),
      [403, 403],
    );
  });

  test('of a leg that no call has is declined', async () => {
    office.service.trunk({ kind: 'referred', legId: 'stranger', to: '+15005552009', headers: [] });
    assert.deepEqual(office.referred, [['stranger', 603]]);
  });
});

describe('an INVITE with Replaces', () => {
  const replace = async (replaces: string): Promise<void> => {
    const arrived = { kind: 'arrived', legId: 'new', trunk: 'carrier', from: '+15551239999' } as const;
    office.service.trunk({ ...arrived, to: '+18005550101', headers: [], replaces });
    await stored();
  };

  test('is answered in the call of the leg that it replaces', async () => {
    await replace(office.legs[0]!);
    assert.equal(office.did.at(-1), 'accept');
    office.service.trunk({ kind: 'answered', legId: 'new' });
    await stored();
    assert.equal(office.did.at(-1), 'hang-up');
  });

  test('of a leg that is over gets 481', async () => {
    office.service.trunk({ kind: 'ended', legId: office.legs[0]!, end: { how: 'hung-up' } });
    await stored();
    await replace(office.legs[0]!);
    assert.equal(office.did.at(-1), 'refuse');
  });
});
