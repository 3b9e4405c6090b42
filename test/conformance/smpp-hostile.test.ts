import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import smpp, { PDU, type Session } from 'smpp';
import { until } from '../../scenarios/stage/wait.ts';
import { one, seeded } from '../fuzz/random.ts';
import { SmsDesk } from '../peers/sms-desk.ts';
import { handsetToUs, TestSmsc } from '../peers/smsc.ts';

/** The next answer with this sequence number. */
function answerTo(session: Session, sequence: number): Promise<PDU> {
  return new Promise((resolve) => {
    const look = (pdu: PDU): void => {
      if (pdu.sequence_number !== sequence) return;
      session.off('pdu', look);
      resolve(pdu);
    };
    session.on('pdu', look);
  });
}

const header = (length: number, id: number, status: number, sequence: number): Buffer => {
  const octets = Buffer.alloc(16);
  for (const [index, value] of [length, id, status, sequence].entries())
    octets.writeUInt32BE(value, index * 4);
  return octets;
};

const deliver = (): Buffer =>
  new PDU('deliver_sm', {
    ...handsetToUs,
    short_message: Buffer.from('hello'),
    sequence_number: 9,
  }).toBuffer();

/** As long as its octets. */
const relength = (octets: Buffer): Buffer => {
  octets.writeUInt32BE(octets.length, 0);
  return octets;
};

describe('a carrier that sends what it should not', () => {
  it('is told that a PDU is broken, once for each, and the bind lives on', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const session = await smsc.session();
    const whole = deliver();
    const cutText = Buffer.from(whole);
    cutText[whole.length - 6] = 200;
    const broken = [
      relength(whole.subarray(0, 30)),
      cutText,
      relength(Buffer.concat([deliver(), Buffer.of(0x04, 0x27, 0, 9, 1)])),
      relength(Buffer.concat([deliver(), Buffer.of(4)])),
      header(16, 5, 0, 9),
    ];
    for (const octets of broken) {
      session.socket.write(octets);
      const answer = await answerTo(session, 9);
      assert.deepEqual([answer.command, answer.command_status], ['deliver_sm_resp', 2]);
    }
    assert.equal(desk.notes.filter(({ note }) => note === 'misdeed').length, 1);
    assert.deepEqual(desk.deliveries, []);
    session.socket.write(deliver());
    assert.equal((await answerTo(session, 9)).command_status, 0);
    assert.equal(smsc.bound.length, 1);
  });

  it('may send any command with an octet too many, or none but its header', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()], { rebind: { first: 1, longest: 1 } });
    for (const [command, { id }] of Object.entries(smpp.commands)) {
      await desk.takes();
      const { session } = smsc.bound.at(-1)!;
      session.socket.write(relength(Buffer.concat([new PDU(command).toBuffer(), Buffer.of(1)])));
      session.socket.write(header(16, id, 0, 77));
      session.send(new PDU('enquire_link', { sequence_number: 78 }));
      // An unbind without a fault ends the bind; everything else leaves it as it is.
      if (command === 'unbind') await once(session, 'close');
      else await answerTo(session, 78);
    }
    assert.deepEqual(desk.troubles, []);
    assert.equal(smsc.bound.length, 2);
  });

  it('may schedule a delivery for a date that is none: the text arrives', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const session = await smsc.session();
    const octets = deliver();
    // In front of the zero that ends schedule_delivery_time.
    const at = octets.length - 12;
    session.socket.write(
      relength(Buffer.concat([octets.subarray(0, at), Buffer.from('R'), octets.subarray(at)])),
    );
    assert.equal((await answerTo(session, 9)).command_status, 0);
    const event = await desk.arrived();
    assert.equal(event.kind === 'arrived' && event.text, 'hello');
  });

  it('is told that a command is unknown, or not for it to give', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const session = await smsc.session();
    session.socket.write(header(16, 0x00000777, 0, 5));
    const nack = await answerTo(session, 5);
    assert.deepEqual([nack.command, nack.command_status], ['generic_nack', 3]);
    session.send(new PDU('query_sm', { message_id: 'x', sequence_number: 6 }));
    const refused = await answerTo(session, 6);
    assert.deepEqual([refused.command, refused.command_status], ['query_sm_resp', 4]);
    session.send(new PDU('alert_notification', { source_addr: '1', sequence_number: 7 }));
    session.send(new PDU('enquire_link', { sequence_number: 8 }));
    await answerTo(session, 8);
    assert.equal(smsc.heard.filter((pdu) => pdu.sequence_number === 7).length, 0);
    assert.deepEqual(
      desk.notes.flatMap((note) => (note.note === 'misdeed' ? [note.what] : [])),
      ['unknown-command', 'unexpected-command'],
    );
  });

  for (const length of [0, 4, 15, 16_385, 0xffffffff]) {
    it(`loses its bind over a PDU of ${length} octets, and is bound to again`, async () => {
      await using smsc = await TestSmsc.open();
      await using desk = await SmsDesk.open([smsc.settings()]);
      const session = await smsc.session();
      const closed = once(session, 'close');
      session.socket.write(header(length, 5, 0, 1));
      await closed;
      const nack = smsc.commands('generic_nack')[0];
      assert.equal(nack?.command_status, 2);
      await smsc.session(2);
      await desk.takes();
      assert.deepEqual(await desk.noted('broken-length'), {
        note: 'misdeed',
        what: 'broken-length',
        detail: `a PDU of ${length} octets`,
      });
    });
  }

  it('may answer what was not asked, and with the wrong command: the order is told as lost', async () => {
    await using smsc = await TestSmsc.open();
    smsc.script((submit, session) => {
      session.socket.write(header(16, 0x80000015, 0, submit.sequence_number));
      session.socket.write(header(16, 0x80000004, 0, 12_345));
    });
    await using desk = await SmsDesk.open([smsc.settings({ answerWithin: 50 })]);
    desk.send();
    assert.equal((await desk.told()).kind, 'lost');
    assert.equal(smsc.bound.length, 1);
  });

  it('may refuse an order by a generic_nack, which is a refusal whatever its status', async () => {
    await using smsc = await TestSmsc.open();
    smsc.script((submit, session) => {
      session.socket.write(header(16, 0x80000000, 0, submit.sequence_number));
    });
    await using desk = await SmsDesk.open([smsc.settings()]);
    desk.send();
    assert.deepEqual(await desk.told(), { kind: 'refused', orderId: 'o1', status: 0xff });
  });

  it('that asks without end and reads no answer is closed before its answers fill the memory', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    const session = await smsc.session();
    session.socket.pause();
    session.socket.removeAllListeners('readable');
    const flood = Buffer.concat(Array(4000).fill(header(16, 0x15, 0, 1)));
    // 4,000 questions a piece; a kernel takes a few megabytes of answers before ours wait in the process.
    for (let n = 0; n < 2000 && desk.notes.length < 2 && !session.socket.destroyed; n++) {
      if (!session.socket.write(flood))
        await Promise.race([once(session.socket, 'drain'), desk.noted('not-reading')]);
    }
    assert.equal((await desk.noted('not-reading')).note, 'misdeed');
    await smsc.session(2);
  });

  it('never makes anything throw, whatever bits are turned', async () => {
    const next = seeded(20_261_123);
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()], { rebind: { first: 1, longest: 1 } });
    const seeds = [
      deliver(),
      new PDU('data_sm', { ...handsetToUs, message_payload: Buffer.from('x') }).toBuffer(),
      new PDU('deliver_sm', {
        ...handsetToUs,
        esm_class: 4,
        receipted_message_id: 'abc',
        message_state: 2,
      }).toBuffer(),
      new PDU('submit_sm_resp', { message_id: 'zzz', sequence_number: 2 }).toBuffer(),
      ...Object.keys(smpp.commands).map((command) => new PDU(command).toBuffer()),
    ];
    for (let round = 0; round < 40; round++) {
      await desk.takes();
      const session = smsc.bound.at(-1)!.session;
      for (let n = 0; n < 50 && !session.socket.destroyed; n++) {
        const octets = Buffer.from(one(next, seeds));
        for (let flips = next(6); flips > 0; flips--) octets[4 + next(octets.length - 4)] = next(256);
        // One in fifty has a wrong length too.
        if (next(50) === 0) octets[next(4)] = next(256);
        session.socket.write(octets);
      }
      session.socket.end();
      await until('the end of the bind', async () =>
        session.socket.destroyed ? { is: true } : { notYet: 'it is open' },
      );
    }
    assert.deepEqual(desk.troubles, []);
    await desk.takes();
    desk.send();
    assert.equal((await desk.told()).kind, 'accepted');
  });
});
