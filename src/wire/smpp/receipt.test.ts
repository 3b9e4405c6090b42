import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { one, seeded } from '../../../test/fuzz/random.ts';
import { formatReceipt, messageState, type Receipt, readReceipt, receiptStates } from './receipt.ts';

const read = (raw: string): Omit<Receipt, 'raw'> => {
  const { raw: as, ...rest } = readReceipt(raw);
  assert.equal(as, raw);
  return rest;
};

describe('a receipt', () => {
  it('comes back as it was written, in every state', () => {
    const doneAt = Date.UTC(2026, 10, 23, 18, 5);
    for (const state of receiptStates) {
      const text = formatReceipt({
        messageId: 'a-1',
        state,
        error: '027',
        submittedAt: doneAt - 60_000,
        doneAt,
        text: 'hi',
      });
      assert.deepEqual(read(text), { messageId: 'a-1', state, error: '027', doneAt });
    }
  });

  it('is written as appendix B has it, with the first 20 characters of the text', () => {
    const at = Date.UTC(2026, 0, 2, 3, 4, 5);
    assert.equal(
      formatReceipt({
        messageId: '7',
        state: 'DELIVRD',
        error: '000',
        submittedAt: at,
        doneAt: at,
        text: 'x'.repeat(30),
      }),
      `id:7 sub:001 dlvrd:001 submit date:2601020304 done date:2601020304 stat:DELIVRD err:000 text:${'x'.repeat(20)}`,
    );
  });

  it('is read in the forms that carriers give it', () => {
    const doneAt = Date.UTC(2026, 10, 23, 18, 5);
    const cases: readonly [raw: string, read: Omit<Receipt, 'raw'>][] = [
      ['id:1 stat:DELIVRD', { messageId: '1', state: 'DELIVRD' }],
      ['ID:1 STAT:delivered ERR:0', { messageId: '1', state: 'DELIVRD', error: '000' }],
      ['id: 1 stat: UNDELIVERABLE err: 00B', { messageId: '1', state: 'UNDELIV', error: '00B' }],
      ['stat:REJECTD,err:12,id:1', { messageId: '1', state: 'REJECTD', error: '012' }],
      ['id:1 done date:2611231805 stat:EXPIRED', { messageId: '1', state: 'EXPIRED', doneAt }],
      ['id:1 done_date:261123180500 stat:EXPIRED', { messageId: '1', state: 'EXPIRED', doneAt }],
      ['id:1 done date:202611231805', { messageId: '1', doneAt }],
      ['id:1 donedate:20261123180500', { messageId: '1', doneAt }],
      ['id:1 done date:2613991805 stat:LATER', { messageId: '1' }],
      ['id:1 text:stat:DELIVRD err:001', { messageId: '1' }],
      ['text:id:2', {}],
      ['hello', {}],
      ['', {}],
    ];
    for (const [raw, expected] of cases) assert.deepEqual(read(raw), expected, raw);
  });

  it('is read from TLVs where there are some, and from the text where they say nothing that is known', () => {
    const tlvs = { messageId: 'x', state: messageState('UNDELIV'), networkError: Uint8Array.of(3, 1, 44) };
    assert.deepEqual(readReceipt('id:1 stat:DELIVRD err:000', tlvs), {
      raw: 'id:1 stat:DELIVRD err:000',
      messageId: 'x',
      state: 'UNDELIV',
      error: '300',
    });
    const strange = { state: 77, networkError: Uint8Array.of(3) };
    assert.deepEqual(readReceipt('id:1 stat:DELIVRD err:5', strange).state, 'DELIVRD');
    assert.deepEqual(readReceipt('id:1 stat:DELIVRD err:5', strange).error, '005');
  });

  it('never fails on any text', () => {
    const next = seeded(7);
    const pieces = [
      'id:',
      'stat:',
      'err:',
      'done date:',
      'DELIVRD',
      '9'.repeat(14),
      ' ',
      ':',
      'text:',
      '\u0000',
      'é',
      '\n',
    ];
    for (let n = 0; n < 5000; n++) {
      const raw = Array.from({ length: next(12) }, () => one(next, pieces)).join('');
      const { doneAt = 0, error = '000' } = readReceipt(raw);
      assert.ok(Number.isFinite(doneAt) && error.length > 0);
    }
  });
});
