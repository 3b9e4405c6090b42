import type { LiveRow } from '../../src/codes/catalogue.ts';
import type { Scenario } from '../scenario.ts';
import { askTransfer, connected, endingCall } from './transfer-request.ts';

/** An application transfers a call to a phone whose network answers with this final response (`+1500555 SSS N`). */
export function transferFails(row: LiveRow, status: number, story: string): Scenario {
  return {
    row,
    story,
    observer: 'event',
    async play(stage) {
      const call = await connected(stage);
      await askTransfer(stage, call, `+1500555${status}0`);
      return endingCall(call, await call.event('CallTransferFailed'));
    },
  };
}
