import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { orderServices, type SrvRecord, serviceName } from './srv.ts';

function record(name: string, priority: number, weight: number): SrvRecord {
  return { name, priority, weight, port: 5060 };
}

/** Numbers that chance gives, one after the other. */
function lots(...numbers: readonly number[]): () => number {
  let at = 0;
  return () => numbers[at++ % numbers.length]!;
}

const table: readonly (readonly [string, readonly SrvRecord[], readonly number[], string])[] = [
  ['nothing', [], [0], ''],
  ['by priority', [record('c', 30, 1), record('a', 10, 1), record('b', 20, 1)], [0.9], 'a b c'],
  [
    'a low priority never before a high one, whatever its weight',
    [record('b', 2, 65_535), record('a', 1, 0)],
    [0.99],
    'a b',
  ],
  ['by weight, low lot', [record('light', 1, 10), record('heavy', 1, 90)], [0.05], 'light heavy'],
  ['by weight, high lot', [record('light', 1, 10), record('heavy', 1, 90)], [0.5], 'heavy light'],
  ['weight 0 has a small chance', [record('heavy', 1, 100), record('zero', 1, 0)], [0], 'zero heavy'],
  ['weight 0 has no more than that', [record('heavy', 1, 100), record('zero', 1, 0)], [0.02], 'heavy zero'],
  ['weights of 0 only', [record('a', 1, 0), record('b', 1, 0)], [0.99], 'a b'],
  [
    'draws go on among the rest',
    [record('a', 1, 1), record('b', 1, 1), record('c', 1, 1)],
    [0.99, 0, 0],
    'c a b',
  ],
  ['the root is no server', [record('.', 1, 1)], [0], ''],
];

describe('SRV records', () => {
  for (const [what, records, chances, expected] of table) {
    it(`are tried in order: ${what}`, () => {
      const order = orderServices(records, lots(...chances));
      assert.equal(order.map(({ name }) => name).join(' '), expected);
    });
  }

  it('are drawn in proportion to their weights', () => {
    const records = [record('a', 1, 20), record('b', 1, 80)];
    let first = 0;
    for (let n = 0; n < 1000; n++) if (orderServices(records, () => n / 1000)[0]!.name === 'a') first += 1;
    assert.ok(first > 180 && first < 230, `${first} of 1000`);
  });

  it('are asked for under the name of the protocol', () => {
    assert.deepEqual(
      (['udp', 'tcp', 'tls'] as const).map((protocol) => serviceName(protocol, 'example.org')),
      ['_sip._udp.example.org', '_sip._tcp.example.org', '_sips._tcp.example.org'],
    );
  });
});
