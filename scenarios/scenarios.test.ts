import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Address } from '../src/edge/sip/api.ts';
import { memoryNetwork } from '../src/edge/sip/network-memory.ts';
import { type CapturedMessage, writeCapture } from '../src/wire/pcap/capture.ts';
import { complaints, tsharkMissing } from '../test/peers/tshark.ts';
import { reproduce, rowsWithScenario } from './run.ts';

/** What the carrier answers there is malformed on purpose. */
const malformed: ReadonlySet<string> = new Set(['automation/400/8546']);

/** Every datagram of every scenario. */
const carried: CapturedMessage[] = [];

function note(payload: Uint8Array, from: Address, to: Address): readonly number[] {
  const name = ({ host, port }: Address): string => `${host}:${port}`;
  carried.push({ at: 0, transport: 'UDP', from: name(from), to: name(to), payload: payload.slice() });
  return [0];
}

describe('every live row is brought about by its scenario, on a virtual clock', { concurrency: 4 }, () => {
  for (const row of rowsWithScenario) {
    test(row, async () => {
      const network = memoryNetwork(malformed.has(row) ? {} : { fate: note });
      const { observed, expected } = await reproduce(row, { network });
      const { code, subCode, where } = observed;
      assert.deepEqual(
        { code, subCode },
        { subCode: undefined, ...expected },
        `${where}: ${observed.message ?? ''}`,
      );
    });
  }
});

test('nothing that went over the wire meanwhile is malformed for tshark', {
  skip: tsharkMissing(),
}, async () => {
  const methods = new Set(carried.map(({ payload }) => Buffer.from(payload).toString('latin1', 0, 11)));
  for (const start of ['INVITE sip:', 'ACK sip:', 'BYE sip:', 'CANCEL sip:', 'OPTIONS sip', 'SIP/2.0 487'])
    assert.ok(
      [...methods].some((method) => method.startsWith(start.slice(0, 11))),
      `no ${start} among ${[...methods].join(', ')}`,
    );
  assert.deepEqual(await complaints(writeCapture(carried)), []);
});
