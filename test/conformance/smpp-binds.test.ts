import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, it } from 'node:test';
import { PDU } from 'smpp';
import { SmsDesk } from '../peers/sms-desk.ts';
import { drops, silent, TestSmsc } from '../peers/smsc.ts';

describe('the bind to a carrier', () => {
  it('is made anew when the carrier drops it; what had no answer is told as lost', async () => {
    await using smsc = await TestSmsc.open();
    smsc.script(silent, drops);
    await using desk = await SmsDesk.open([smsc.settings()]);
    desk.send({ orderId: 'a' });
    desk.send({ orderId: 'b' });
    await desk.told(2);
    for (const event of desk.submits) {
      assert.equal(event.kind, 'lost');
      assert.match(event.kind === 'lost' ? event.why : '', /^the bind was lost before the answer: /);
    }
    assert.equal(desk.carriers.room('acme'), 0);
    await smsc.session(2);
    await desk.takes();
    desk.send({ orderId: 'c' });
    assert.equal((await desk.told(3)).kind, 'accepted');
    assert.deepEqual(desk.rooms, ['acme', 'acme']);
    assert.deepEqual(
      desk.notes.map(({ note }) => note),
      ['bound', 'unbound', 'bound'],
    );
  });

  it('of a pair is made anew as a whole when one half is dropped', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings({ bind: 'pair' })]);
    const [transmitter, receiver] = smsc.bound;
    const closed = once(transmitter!.session, 'close');
    receiver!.session.destroy();
    await closed;
    await smsc.session(4);
    await desk.takes();
    assert.deepEqual(
      smsc.bound.map(({ bind }) => bind.command),
      ['bind_transmitter', 'bind_receiver', 'bind_transmitter', 'bind_receiver'],
    );
  });

  it('that is refused says why and is tried again, and the same reason is told once', async () => {
    let refusals = 0;
    await using smsc = await TestSmsc.open({
      onBind: () => {
        refusals += 1;
        return refusals > 3 ? 0 : 0x0e;
      },
    });
    await using desk = await SmsDesk.open([smsc.settings()]);
    await desk.unbound(/^it refuses bind_transceiver: ESME_RINVPASWD \(0x0E\)$/);
    assert.equal(desk.carriers.status()[0]?.bound, false);
    await desk.takes();
    assert.deepEqual(
      desk.notes.map(({ note }) => note),
      ['unbound', 'bound'],
    );
  });

  it('that the carrier unbinds is made anew', async () => {
    await using smsc = await TestSmsc.open();
    await using desk = await SmsDesk.open([smsc.settings()]);
    (await smsc.session()).send(new PDU('unbind'));
    await smsc.session(2);
    await desk.takes();
    const lost = desk.notes.find(({ note }) => note === 'unbound');
    assert.equal(lost?.note === 'unbound' && lost.why, 'it unbound');
    assert.equal(smsc.commands('unbind_resp').length, 1);
  });

  it('to nobody says that nothing listens there, and is made once somebody does', async () => {
    const gone = await TestSmsc.open();
    const settings = gone.settings();
    await gone[Symbol.asyncDispose]();
    await using desk = await SmsDesk.open([settings]);
    await desk.unbound(/^nothing listens there \(ECONNREFUSED\)$/);
    await using smsc = await TestSmsc.open({ port: settings.port });
    await smsc.session();
    await desk.takes();
  });

  it('that is never answered is given up', async () => {
    await using smsc = await TestSmsc.open({ onBind: () => undefined });
    await using desk = await SmsDesk.open([smsc.settings({ answerWithin: 30 })]);
    await desk.unbound(/^it did not answer bind_transceiver within 30 ms$/);
  });

  it('to a listener that never speaks ends with a stop all the same', async () => {
    const mute = net.createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    await using smsc = await TestSmsc.open();
    const { port } = mute.address() as net.AddressInfo;
    const desk = await SmsDesk.open([smsc.settings({ port, answerWithin: 20 })]);
    await desk.carriers.stop(100);
    mute.close();
    await once(mute, 'close');
  });

  it('is kept alive by enquire_link, and given up when that is not answered', async () => {
    await using smsc = await TestSmsc.open();
    await using dead = await TestSmsc.open({ answersEnquiries: false });
    const asking = { enquireLink: 20, answerWithin: 40 };
    await using desk = await SmsDesk.open([smsc.settings(asking)]);
    await using other = await SmsDesk.open([dead.settings(asking)]);
    await other.unbound(/^it did not answer enquire_link within 40 ms$/);
    await dead.session(2);
    assert.ok(smsc.commands('enquire_link').length > 1);
    assert.equal(smsc.bound.length, 1);
    assert.equal(desk.carriers.status()[0]?.bound, true);
  });

  it('answers the enquire_link of the carrier', async () => {
    await using smsc = await TestSmsc.open();
    await using _desk = await SmsDesk.open([smsc.settings()]);
    const session = await smsc.session();
    const answer = await new Promise<PDU>((resolve) => session.send(new PDU('enquire_link'), resolve));
    assert.deepEqual([answer.command, answer.command_status], ['enquire_link_resp', 0]);
  });
});
