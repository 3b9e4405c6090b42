import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PDU } from 'smpp';
import { until } from '../../scenarios/stage/wait.ts';
import { SmsDesk } from '../peers/sms-desk.ts';
import { accepts, answers, contentOf, type OnSubmit, silent, TestSmsc } from '../peers/smsc.ts';

describe('orders to a carrier over SMPP', () => {
  it('go out over a transceiver that bound with the configured names, and come back with the id', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const { bind } = smsc.bound[0]!;
    assert.deepEqual(
      [bind.command, bind.system_id, bind.password, bind.system_type, bind.interface_version],
      ['bind_transceiver', 'ringback', 'secret', 'test', 0x34],
    );
    desk.send();
    assert.deepEqual(await desk.told(), { kind: 'accepted', orderId: 'o1', carrierMessageId: 'm1' });
    const submit = await smsc.submit();
    assert.deepEqual(
      [submit.source_addr_ton, submit.source_addr_npi, submit.source_addr],
      [1, 1, '18005550100'],
    );
    assert.deepEqual(
      [submit.dest_addr_ton, submit.dest_addr_npi, submit.destination_addr],
      [1, 1, '15551230001'],
    );
    assert.deepEqual([submit.registered_delivery, submit.data_coding, submit.esm_class], [1, 0, 0]);
    assert.equal(contentOf(submit).message, 'hello');
    assert.deepEqual(desk.carriers.status(), [
      { name: 'acme', target: `smpp://127.0.0.1:${smsc.port}`, bound: true, pending: 0 },
    ]);
  });

  it('name their sender by its kind', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    desk.send({ from: { kind: 'short-code', address: '12345' } });
    desk.send({ from: { kind: 'alphanumeric', address: 'Contoso' }, receipt: false });
    await desk.told(2);
    const seen = smsc
      .commands('submit_sm')
      .map((pdu) => [pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr, pdu.registered_delivery]);
    assert.deepEqual(seen, [
      [3, 0, '12345', 1],
      [5, 0, 'Contoso', 0],
    ]);
  });

  it('carry their text in the alphabet that was chosen, behind a header where it is a segment', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const last = 'é€[]'.repeat(5);
    desk.send({ text: last });
    desk.send({ alphabet: 'ucs2', text: 'добрый 😀', segment: { reference: 200, number: 2, of: 3 } });
    await desk.told(2);
    const [first, second] = smsc.commands('submit_sm');
    assert.equal(contentOf(first!).message, last);
    assert.deepEqual([second!.data_coding, second!.esm_class], [8, 0x40]);
    assert.deepEqual(contentOf(second!), {
      udh: [Buffer.from([0, 3, 200, 3, 2])],
      message: 'добрый 😀',
    });
  });

  it('go over the transmitter of a pair, and deliveries come over the receiver', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings({ bind: 'pair' })]);
    assert.deepEqual(
      smsc.bound.map(({ bind }) => bind.command),
      ['bind_transmitter', 'bind_receiver'],
    );
    desk.send();
    await desk.told();
    assert.equal((await smsc.receipt('m1', 'DELIVRD')).command_status, 0);
    assert.equal((await desk.arrived()).kind, 'receipt');
  });

  it('are told as refused, with the status', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    smsc.script(answers(0x0b), answers(0x401));
    desk.send({ orderId: 'a' });
    desk.send({ orderId: 'b' });
    await desk.told(2);
    assert.deepEqual(desk.submits, [
      { kind: 'refused', orderId: 'a', status: 0x0b },
      { kind: 'refused', orderId: 'b', status: 0x401 },
    ]);
    assert.equal(desk.carriers.room('acme'), 10);
  });

  it('are no more at a time than the window; who found none is told when there is room', async () => {
    await using smsc = await TestSmsc.open();
    const held: (() => void)[] = [];
    const holds: OnSubmit = (...given) => held.push(() => accepts(...given));
    smsc.onSubmit = holds;
    await using desk = await SmsDesk.open([smsc.settings({ window: 2 })]);
    assert.deepEqual(desk.rooms, ['acme']);
    assert.equal(desk.carriers.room('acme'), 2);
    desk.send({ orderId: 'a' });
    desk.send({ orderId: 'b' });
    assert.equal(desk.carriers.room('acme'), 0);
    assert.equal(desk.carriers.status()[0]?.pending, 2);
    assert.throws(() => desk.send({ orderId: 'c' }), /takes no order now/);
    await smsc.submit(2);
    assert.deepEqual(desk.rooms, ['acme']);
    held[0]?.();
    await desk.told();
    assert.deepEqual(desk.rooms, ['acme', 'acme']);
    desk.send({ orderId: 'd' });
    await smsc.submit(3);
    for (const answer of held.slice(1)) answer();
    await desk.told(3);
  });

  it('wait while the carrier is throttled, and go on afterwards', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    smsc.script(answers(0x58), answers(0x14));
    for (const count of [1, 2, 3]) {
      desk.send({ orderId: `o${count}` });
      await desk.told(count);
      if (count === 3) break;
      assert.equal(desk.carriers.room('acme'), 0);
      assert.ok(desk.quiet.busy().includes('a back-off of SMS carrier acme'));
      await desk.takes();
    }
    assert.deepEqual(
      desk.submits.map((event) => (event.kind === 'refused' ? event.status : event.kind)),
      [0x58, 0x14, 'accepted'],
    );
    assert.equal(desk.rooms.length, 3);
  });

  it('are no more at a time than the agreed pace allows; who found none is told when the next may go', async () => {
    await using smsc = await TestSmsc.open();
    // No answer tells of room either.
    smsc.onSubmit = silent;
    await using desk = await SmsDesk.open([
      smsc.settings({ window: 1000, submitsPerSecond: 60, answerWithin: 60_000 }),
    ]);
    const told = desk.rooms.length;
    let sent = 0;
    for (; desk.carriers.room('acme') > 0; sent++) desk.send();
    assert.ok(sent >= 3 && sent < 60, `${sent} at once`);
    await until('room again', async () =>
      desk.rooms.length > told ? { is: true } : { notYet: `told ${told} times` },
    );
    assert.ok(desk.carriers.room('acme') > 0);
  });

  it('are told as lost when no answer comes in time; one that comes later changes nothing', async () => {
    await using smsc = await TestSmsc.open();
    let late = (): void => {};
    smsc.script((...given) => {
      late = () => accepts(...given);
    });
    await using desk = await SmsDesk.open([smsc.settings({ answerWithin: 30, window: 1 })]);
    desk.send();
    assert.deepEqual(await desk.told(), { kind: 'lost', orderId: 'o1', why: 'no answer within 30 ms' });
    assert.equal(desk.carriers.room('acme'), 1);
    late();
    await desk.noted('unexpected-answer');
    desk.send({ orderId: 'o2' });
    await desk.told(2);
    assert.deepEqual(desk.submits[1], { kind: 'accepted', orderId: 'o2', carrierMessageId: 'm2' });
  });

  it('keep a manual clock waiting until they are answered', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    desk.send();
    assert.deepEqual(desk.quiet.busy(), ['a submit to SMS carrier acme']);
    await desk.told();
    assert.deepEqual(await desk.quiet.settled(2000), []);
  });

  it('go to the carrier that they name, and to none that is not there', async () => {
    await using one = await TestSmsc.open();
    await using other = await TestSmsc.open();
    await using desk = await SmsDesk.open([one.settings(), other.settings({ name: 'other' })]);
    desk.send({ carrier: 'other' });
    await desk.told();
    assert.deepEqual([one.commands('submit_sm').length, other.commands('submit_sm').length], [0, 1]);
    assert.equal(desk.carriers.room('nobody'), 0);
    assert.throws(() => desk.send({ carrier: 'nobody' }), /there is no SMS carrier nobody/);
  });

  it('are answered before a stop unbinds; what is not is told as lost', async () => {
    await using smsc = await TestSmsc.open();
    const held: (() => void)[] = [];
    const holds: OnSubmit = (...given) => held.push(() => accepts(...given));
    smsc.script(holds, silent);
    await using desk = await SmsDesk.open([smsc.settings()]);
    desk.send({ orderId: 'slow' });
    desk.send({ orderId: 'never' });
    await smsc.submit(2);
    const stopped = desk.carriers.stop(200);
    assert.equal(desk.carriers.room('acme'), 0);
    const session = await smsc.session();
    await new Promise((resolve) => session.send(new PDU('enquire_link'), resolve));
    assert.equal(smsc.commands('unbind').length, 0);
    held[0]?.();
    await stopped;
    assert.deepEqual(desk.submits, [
      { kind: 'accepted', orderId: 'slow', carrierMessageId: 'm1' },
      { kind: 'lost', orderId: 'never', why: 'the bind was lost before the answer: we unbound' },
    ]);
    assert.equal(smsc.commands('unbind').length, 1);
    assert.equal(desk.carriers.status()[0]?.why, 'the server stops');
  });

  it('are dropped by a stop that may take no time, and nobody is told', async () => {
    await using smsc = await TestSmsc.open();
    smsc.onSubmit = silent;
    await using desk = await SmsDesk.open([smsc.settings()]);
    desk.send();
    await smsc.submit();
    await desk.carriers.stop(0);
    assert.deepEqual(desk.submits, []);
    assert.equal(smsc.commands('unbind').length, 0);
  });
});
