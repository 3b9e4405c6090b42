import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import { SmsDesk } from '../peers/sms-desk.ts';
import { handsetToUs, TestSmsc } from '../peers/smsc.ts';

const statusOf = async (answer: Promise<{ readonly command_status: number }>): Promise<number> =>
  (await answer).command_status;

const tryAgain = 0x64;

describe('receipts of a carrier over SMPP', () => {
  it('are read from their text', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    assert.equal(await statusOf(smsc.receipt('m7', 'UNDELIV', '27')), 0);
    assert.deepEqual(await desk.arrived(), {
      kind: 'receipt',
      carrier: 'acme',
      carrierMessageId: 'm7',
      receipt: {
        state: 'UNDELIV',
        error: '027',
        doneAt: Date.UTC(2026, 10, 23, 12, 1),
        raw: 'id:m7 sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:UNDELIV err:27 text:hi',
      },
    });
  });

  it('are read from their TLVs, which win over the text', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const tlvs = {
      receipted_message_id: 'm8',
      message_state: 5,
      network_error_code: Buffer.of(3, 0, 1),
    };
    await smsc.deliver({ ...handsetToUs, esm_class: 4, ...tlvs });
    await smsc.deliver({
      ...handsetToUs,
      esm_class: 4,
      short_message: Buffer.from('id:other stat:DELIVRD err:099'),
      ...tlvs,
    });
    for (const count of [1, 2]) {
      const event = await desk.arrived(count);
      assert.equal(event.kind === 'receipt' && event.carrierMessageId, 'm8');
      assert.equal(event.kind === 'receipt' && event.receipt.state, 'UNDELIV');
      assert.equal(event.kind === 'receipt' && event.receipt.error, '001');
    }
  });

  it('are passed on as they come: twice, in the wrong order, for messages that nobody knows', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const sent = [
      ['m1', 'DELIVRD'],
      ['m1', 'DELIVRD'],
      ['m1', 'ENROUTE'],
      ['never-heard-of', 'REJECTD'],
    ] as const;
    for (const [id, state] of sent) assert.equal(await statusOf(smsc.receipt(id, state)), 0);
    assert.deepEqual(
      desk.deliveries.map(
        (event) => event.kind === 'receipt' && [event.carrierMessageId, event.receipt.state],
      ),
      sent.map((pair) => [...pair]),
    );
  });

  it('without a state that can be read say so by having none', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    await smsc.deliver({ ...handsetToUs, esm_class: 4, short_message: Buffer.from('id:m1 stat:WHATEVER') });
    const event = await desk.arrived();
    assert.deepEqual(event.kind === 'receipt' && event.receipt, { raw: 'id:m1 stat:WHATEVER' });
  });

  it('that name no message are acknowledged, and told of once', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const nameless = { ...handsetToUs, esm_class: 4, short_message: Buffer.from('stat:DELIVRD') };
    assert.equal(await statusOf(smsc.deliver(nameless)), 0);
    assert.equal(await statusOf(smsc.deliver(nameless)), 0);
    assert.deepEqual(desk.deliveries, []);
    assert.deepEqual(
      desk.notes.filter(({ note }) => note === 'misdeed'),
      [{ note: 'misdeed', what: 'unusable-delivery', detail: 'a receipt that names no message' }],
    );
  });
});

describe('texts of handsets over SMPP', () => {
  it('arrive with the numbers that they are from and to', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    assert.equal(await statusOf(smsc.deliver({ ...handsetToUs, short_message: Buffer.from('STOP') })), 0);
    assert.deepEqual(await desk.arrived(), {
      kind: 'arrived',
      carrier: 'acme',
      from: '+15551230001',
      to: '+18005550100',
      text: 'STOP',
    });
    await smsc.deliver({ ...handsetToUs, dest_addr_ton: 3, dest_addr_npi: 0, destination_addr: '12345' });
    const empty = await desk.arrived(2);
    assert.deepEqual(empty.kind === 'arrived' && [empty.to, empty.text], ['12345', '']);
  });

  it('arrive in segments, whichever way the carrier marks them', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const [header8, header16] = [
      [5, 0, 3, 77, 2, 1],
      [6, 8, 4, 1, 44, 2, 2],
    ];
    await smsc.deliver({ ...handsetToUs, esm_class: 0x40, short_message: Buffer.from([...header8!, 0x48]) });
    await smsc.deliver({ ...handsetToUs, esm_class: 0x40, short_message: Buffer.from([...header16!, 0x49]) });
    await smsc.deliver({
      ...handsetToUs,
      short_message: Buffer.from('J'),
      sar_msg_ref_num: 5,
      sar_total_segments: 3,
      sar_segment_seqnum: 3,
    });
    await desk.arrived(3);
    assert.deepEqual(
      desk.deliveries.map((event) => event.kind === 'arrived' && [event.text, event.segment]),
      [
        ['H', { reference: 77, number: 1, of: 2 }],
        ['I', { reference: 300, number: 2, of: 2 }],
        ['J', { reference: 5, number: 3, of: 3 }],
      ],
    );
  });

  it('arrive in every alphabet that is text, in message_payload and in data_sm', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const utf16 = Buffer.from('да 😀', 'utf16le').swap16();
    await smsc.deliver({ ...handsetToUs, data_coding: 8, short_message: utf16 });
    await smsc.deliver({ ...handsetToUs, data_coding: 3, short_message: Buffer.from('naïve', 'latin1') });
    await smsc.deliver({
      ...handsetToUs,
      data_coding: 8,
      message_payload: Buffer.concat(Array(100).fill(utf16)),
    });
    const dataSm = { ...handsetToUs, data_coding: 0, message_payload: Buffer.of(0, 0x1b, 0x65) };
    assert.equal((await smsc.deliver(dataSm, 'data_sm')).command, 'data_sm_resp');
    await desk.arrived(4);
    assert.deepEqual(
      desk.deliveries.map((event) => event.kind === 'arrived' && event.text),
      ['да 😀', 'naïve', 'да 😀'.repeat(100), '@€'],
    );
  });

  it('that are no text are refused for good, and so is a broken header', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    assert.equal(
      await statusOf(smsc.deliver({ ...handsetToUs, data_coding: 4, short_message: Buffer.of(1, 2) })),
      0x66,
    );
    assert.equal(
      await statusOf(smsc.deliver({ ...handsetToUs, esm_class: 0x40, short_message: Buffer.of(9, 0) })),
      0x43,
    );
    assert.deepEqual(desk.deliveries, []);
  });
});

describe('a delivery', () => {
  it('is acknowledged once it is kept, and not before', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const { promise, resolve } = Promise.withResolvers<void>();
    desk.keep = () => promise;
    let answered = false;
    const answer = smsc.receipt('m1', 'DELIVRD').then((pdu) => {
      answered = true;
      return pdu;
    });
    await desk.arrived();
    assert.deepEqual(desk.quiet.busy(), ['a delivery from SMS carrier acme']);
    assert.equal(answered, false);
    resolve();
    assert.equal((await answer).command_status, 0);
    assert.deepEqual(await desk.quiet.settled(2000), []);
  });

  it('that cannot be kept is to be tried again', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    desk.keep = async () => {
      throw new Error('the store is gone');
    };
    assert.equal(await statusOf(smsc.receipt('m1', 'DELIVRD')), tryAgain);
    assert.deepEqual(await desk.noted('delivery-put-off'), {
      note: 'misdeed',
      what: 'delivery-put-off',
      detail: 'the store is gone',
    });
    desk.keep = async () => {};
    assert.equal(await statusOf(smsc.receipt('m1', 'DELIVRD')), 0);
  });

  it('is put off when 256 of them are being written, which stay what they are', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const { promise, resolve } = Promise.withResolvers<void>();
    desk.keep = () => promise;
    const statuses: number[] = [];
    for (let n = 0; n < 300; n++)
      void statusOf(smsc.receipt(`m${n}`, 'DELIVRD')).then((s) => statuses.push(s));
    const counted = (count: number) =>
      until(`${count} answers`, async () =>
        statuses.length === count ? { is: true } : { notYet: `${statuses.length}` },
      );
    await counted(44);
    assert.deepEqual(new Set(statuses), new Set([tryAgain]));
    assert.equal(desk.deliveries.length, 256);
    resolve();
    await counted(300);
    assert.equal(statuses.filter((status) => status === 0).length, 256);
  });
});
