/**
 * Submits to a carrier over SMPP and the receipts that come back: the SMPP edge without a store behind it, and the bare
 * client of the `smpp` package exchanging the same PDUs with the same SMSC, in turn. The SMSC (the package's server half,
 * in a process of its own) accepts every message and sends one receipt for it.
 *
 *     node bench/smpp.ts [messages of a turn, 10000 when absent]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect, PDU } from 'smpp';
import type { SubmitOrder } from '../src/app/ports/sms-carriers.ts';
import { QuietWatch } from '../src/edge/clock/quiet-watch.ts';
import { createSmppCarriers } from '../src/edge/sms/carriers.ts';
import { submission } from '../src/edge/sms/submission.ts';
import { type OnSubmit, TestSmsc } from '../test/peers/smsc.ts';
import { ask, endWithTheBench } from './child.ts';
import { median, rounded, times } from './figures.ts';

const messages = process.argv[2] === 'smsc' ? 0 : Number(process.argv[2] ?? 10_000);
const window = 50;
const turns = 5;

interface Turn {
  /** Messages a second of wall time: submitted, answered, and their receipts acknowledged. */
  readonly perSecond: number;
  /** Of this process alone, user and system. */
  readonly cpuUs: number;
}

const order = (n: number): SubmitOrder => ({
  orderId: `o${n}`,
  carrier: 'bench',
  from: { kind: 'e164', address: '+18005550100' },
  to: `+1555${String(1_230_000 + n).padStart(7, '0')}`,
  alphabet: 'gsm7',
  text: 'Your appointment is tomorrow at 10:30. Reply STOP to opt out.',
  receipt: true,
});

async function measured(run: () => Promise<void>): Promise<Turn> {
  const before = process.cpuUsage();
  const began = performance.now();
  await run();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { perSecond: messages / seconds, cpuUs: (user + system) / messages };
}

/** Resolves when each of the messages was answered and has its receipt. */
async function ours(port: number): Promise<Turn> {
  let sent = 0;
  let open = messages * 2;
  const done = Promise.withResolvers<void>();
  const settle = (): void => {
    open -= 1;
    if (open === 0) done.resolve();
  };
  const pump = (): void => {
    for (let room = carriers.room('bench'); room > 0 && sent < messages; room--)
      carriers.submit(order(sent++));
  };
  const carriers = createSmppCarriers({
    listener: {
      submitted(event) {
        if (event.kind !== 'accepted') done.reject(new Error(JSON.stringify(event)));
        settle();
      },
      async delivered() {
        settle();
      },
      room: pump,
    },
    quiet: new QuietWatch(),
    note: () => {},
    trouble: done.reject,
  });
  const access = { systemId: 'bench', password: 'bench', systemType: '', bind: 'transceiver' } as const;
  const limits = { window, enquireLink: 0, answerWithin: 10_000 };
  const turn = await measured(async () => {
    await carriers.start([{ name: 'bench', host: '127.0.0.1', port, ...access, ...limits }]);
    await done.promise;
  });
  await carriers.stop(1000);
  return turn;
}

async function bare(port: number): Promise<Turn> {
  const session = connect({ host: '127.0.0.1', port });
  await once(session, 'connect');
  const turn = await measured(async () => {
    await new Promise((resolve) =>
      session.send(new PDU('bind_transceiver', { system_id: 'bench', password: 'bench' }), resolve),
    );
    let sent = 0;
    let open = messages * 2;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        open -= 1;
        if (open === 0) resolve();
      };
      const submit = (): void => {
        if (sent === messages) return;
        session.send(new PDU('submit_sm', submission(order(sent++))), () => {
          settle();
          submit();
        });
      };
      session.on('deliver_sm', (pdu: PDU) => {
        session.send(pdu.response());
        settle();
      });
      for (let n = 0; n < window; n++) submit();
    });
  });
  session.destroy();
  return turn;
}

async function compare(port: number): Promise<void> {
  // Code that is still being compiled costs more.
  await ours(port);
  await bare(port);
  const figures: { readonly own: Turn; readonly yard: Turn }[] = [];
  for (let n = 0; n < turns; n++) figures.push({ own: await ours(port), yard: await bare(port) });
  const of = (pick: (turn: Turn) => number, side: 'own' | 'yard'): number =>
    median(figures.map((figure) => pick(figure[side])));
  const perSecond = ({ perSecond: value }: Turn): number => value;
  const cpu = ({ cpuUs }: Turn): number => cpuUs;
  const row = (name: string, side: 'own' | 'yard') => ({
    '': name,
    'submits and receipts/s (each)': Math.round(of(perSecond, side)),
    'µs CPU per message': rounded(of(cpu, side), 0),
    'of the bare client': times(of(cpu, side), of(cpu, 'yard')),
  });
  console.table([row('edge/sms', 'own'), row('smpp package', 'yard')]);
  console.log(
    `${messages} messages a turn, ${turns} turns each, window ${window}; none lost. Aim: 1,000 of each a second.`,
  );
}

/** Accepts, and sends the receipt at once. */
const acceptsAndReceipts: OnSubmit = (submit, session, smsc) => {
  const id = smsc.nextId();
  session.send(submit.response({ message_id: id }));
  session.send(
    new PDU('deliver_sm', {
      source_addr: submit.destination_addr ?? '',
      destination_addr: submit.source_addr ?? '',
      esm_class: 4,
      short_message: Buffer.from(
        `id:${id} sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:DELIVRD err:000 text:Your`,
      ),
    }),
  );
};

if (process.argv[2] === 'smsc') {
  endWithTheBench();
  const smsc = await TestSmsc.open({ forgets: true });
  smsc.onSubmit = acceptsAndReceipts;
  process.send?.(smsc.port);
} else {
  const child = fork(fileURLToPath(import.meta.url), ['smsc']);
  try {
    await compare(await ask<number>(child));
  } finally {
    child.kill();
  }
}
