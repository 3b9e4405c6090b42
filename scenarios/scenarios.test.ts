import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memoryNetwork } from '../src/edge/sip/network-memory.ts';
import { reproduce, rowsWithScenario } from './run.ts';

describe('every live row is brought about by its scenario, on a virtual clock', { concurrency: 4 }, () => {
  for (const row of rowsWithScenario) {
    test(row, async () => {
      const { observed, expected } = await reproduce(row, { network: memoryNetwork() });
      const { code, subCode, where } = observed;
      assert.deepEqual(
        { code, subCode },
        { subCode: undefined, ...expected },
        `${where}: ${observed.message ?? ''}`,
      );
    });
  }
});
