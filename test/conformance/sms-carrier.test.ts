/** A carrier of one's own, written with the server half of the smpp package: what it does wrong, and what comes of it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import type { CarrierStatus } from '../../src/app/ports/sms-carriers.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { startRingback } from '../../src/testing.ts';
import { type ServerProcess, startServerProcess } from '../peers/server-process.ts';
import { accepts, answers, contentOf, drops, handsetToUs, silent, TestSmsc } from '../peers/smsc.ts';
import { TextingService } from '../peers/texting.ts';

const settingsOf = (smsc: TestSmsc, more = ''): string => `
sms:
  simulated: false
  rates: none
  firstRetry: 10ms
  carriers:
    - { name: acme, host: 127.0.0.1, port: ${smsc.port}, systemId: ringback, password: secret, answerWithin: 500ms }
  routes: [{ pattern: '\\+1\\d+', carrier: acme, optOutError: "333" }]
${more}`;

const to = '+15551230001';

async function opened(more?: string) {
  const smsc = await TestSmsc.open();
  const server = await startRingback({ config: settingsOf(smsc, more), clock: 'real' });
  const service = await TextingService.open(server.server.ready);
  return {
    smsc,
    server,
    service,
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await server.stop();
      await smsc[Symbol.asyncDispose]();
    },
  };
}

const textsOf = (smsc: TestSmsc): readonly string[] =>
  smsc.commands('submit_sm').map((submit) => contentOf(submit).message);

test('a carrier that throttles, drops the bind, answers nothing and then takes the text delivers it', async () => {
  await using world = await opened();
  const { smsc, service } = world;
  smsc.script(answers(0x58), drops, silent);
  const { messageId } = await service.send(to);
  const last = await smsc.submit(4);
  assert.equal(last.destination_addr, to.slice(1));
  await smsc.receipt('m1', 'DELIVRD');
  await smsc.receipt('m1', 'DELIVRD');
  const { data } = await service.report(messageId);
  assert.equal(data.deliveryStatusDetails, '2000: No Error');
  const { entries, end } = await service.story(messageId);
  assert.equal(end?.row, 'sms/2000');
  const story = entries.map(({ text }) => text).join('\n');
  for (const part of [
    /0x58/,
    /did not answer submit_sm/,
    /tried again/,
    /ignored: the part was delivered already/,
  ])
    assert.match(story, part);
});

test('receipts of all kinds end texts as they are documented, those for nobody end none', async () => {
  await using world = await opened();
  const { smsc, service } = world;
  const rows = {
    'UNDELIV 333': '4007',
    'UNDELIV 027': '4006',
    'EXPIRED 000': '4006',
    'NONSENSE 000': '9999',
  };
  await smsc.session();
  assert.equal((await smsc.receipt('nobody', 'DELIVRD')).command_status, 0, 'it is acknowledged');
  let count = 0;
  for (const [said, code] of Object.entries(rows)) {
    count += 1;
    const { messageId } = await service.send(to);
    await smsc.submit(count);
    const [state = '', error = ''] = said.split(' ');
    assert.equal((await smsc.receipt(`m${count}`, state, error)).command_status, 0);
    const { data } = await service.report(messageId);
    assert.match(String(data.deliveryStatusDetails), new RegExp(`^${code}`), said);
  }
});

test('a handset’s text is acknowledged once, told once, and refused by nobody', async () => {
  await using world = await opened();
  const { smsc, service } = world;
  await smsc.session();
  const answer = await smsc.deliver({ ...handsetToUs, short_message: Buffer.from('hello') });
  assert.equal(answer.command_status, 0);
  const event = await until('SMSReceived', async () => {
    const found = service.events.find(({ type }) => type === 'SMSReceived');
    return found ? { is: found } : { notYet: 'it is not there' };
  });
  assert.deepEqual([event.data.from, event.data.to, event.data.message], [to, '+18005550100', 'hello']);
  const nobody = { ...handsetToUs, destination_addr: '18005559999', short_message: Buffer.from('hello') };
  assert.equal((await smsc.deliver(nobody)).command_status, 0);
});

test('the next carrier is taken where the first one does not answer', async () => {
  const backup = await TestSmsc.open();
  const second = `
    - { name: backup, host: 127.0.0.1, port: ${backup.port}, systemId: ringback, password: secret }`;
  const smsc = await TestSmsc.open();
  const config = settingsOf(smsc)
    .replace('answerWithin: 500ms }', `answerWithin: 500ms }${second}`)
    .replace('routes: [', `routes: [{ pattern: '\\+1\\d+', carrier: backup, priority: 200 }, `)
    .replace('firstRetry: 10ms', 'firstRetry: 10ms\n  tries: 2');
  const server = await startRingback({ config, clock: 'real' });
  const service = await TextingService.open(server.server.ready);
  await Promise.all([smsc.session(), backup.session()]);
  smsc.onSubmit = answers(0x08);
  const { messageId } = await service.send(to);
  await backup.submit();
  assert.equal(smsc.commands('submit_sm').length, 2);
  await backup.receipt('m1', 'DELIVRD');
  assert.equal((await service.report(messageId)).data.deliveryStatus, 'Delivered');
  await service[Symbol.asyncDispose]();
  await server.stop();
  await Promise.all([smsc[Symbol.asyncDispose](), backup[Symbol.asyncDispose]()]);
});

test('texts that were accepted are sent after kill -9, in order for each handset', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-sms-'));
  await using smsc = await TestSmsc.open();
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(directory, 'ringback.yaml'), settingsOf(smsc, 'allowHttpCallbacks: true\n'));
  // Not one of them is answered before the end.
  smsc.onSubmit = silent;
  const start = (): Promise<ServerProcess> => startServerProcess({ data: directory });
  const first = await start();
  const service = await TextingService.open(first.ready);
  const sent: string[] = [];
  for (let i = 0; i < 30; i += 1) {
    const handset = `+1555123000${i % 3}`;
    const { messageId = '' } = await service.send(handset, { message: `${i}` });
    sent.push(messageId);
  }
  await smsc.submit(3);
  first.signal('SIGKILL');
  await first.exited;
  const before = textsOf(smsc).length;
  smsc.onSubmit = (submit, session, one) => {
    accepts(submit, session, one);
    const id = `m${smsc.commands('submit_sm').length - before}`;
    setImmediate(() => void smsc.receipt(id, 'DELIVRD'));
  };
  await using second = await start();
  const again = service.at(second.ready);
  for (const messageId of sent) await again.report(messageId);
  const texts = textsOf(smsc).slice(before).map(Number);
  for (const lane of [0, 1, 2])
    assert.deepEqual(
      texts.filter((text) => text % 3 === lane),
      Array.from({ length: 10 }, (_, i) => i * 3 + lane),
    );
  await service[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

test('a carrier that is gone stands as not bound in the list, with the reason, and as bound once it is back', async () => {
  await using world = await opened();
  const { smsc, server } = world;
  const listed = async () => {
    const { value } = (await signedRequest(server.server.ready, 'GET', 'carriers', undefined)) as {
      readonly value: readonly CarrierStatus[];
    };
    return value[0];
  };
  const is = (bound: boolean) =>
    until(`acme to be ${bound ? '' : 'un'}bound`, async () => {
      const carrier = await listed();
      return carrier?.bound === bound ? { is: carrier } : { notYet: JSON.stringify(carrier) };
    });
  assert.equal((await is(true)).target, `smpp://127.0.0.1:${smsc.port}`);
  (await smsc.session()).destroy();
  const gone = await is(false);
  assert.equal(gone.name, 'acme');
  assert.ok(gone.why);
  await is(true);
});
