import type { LiveRow } from '../../src/codes/catalogue.ts';
import type { Scenario } from '../scenario.ts';
import { askTransfer, endingCall } from './transfer-request.ts';

/** A trunk whose phones are transferred by REFER, and a phone that does not take it. */
export function referRefused(row: LiveRow, phone: string, story: string): Scenario {
  return {
    row,
    story,
    observer: 'event',
    needs: ['settings'],
    settings: 'carrier: { transfer: refer }',
    async play(stage) {
      const call = await stage.app.call(phone);
      await call.event('CallConnected');
      await askTransfer(stage, call, '+15005552010');
      return endingCall(call, await call.event('CallTransferFailed'));
    },
  };
}
