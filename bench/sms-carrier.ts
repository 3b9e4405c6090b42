/** A carrier of texts in a process of its own, that can be away: counts what it is given, and whether it is in order. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PDU } from 'smpp';
import { contentOf, type OnSubmit, TestSmsc } from '../test/peers/smsc.ts';
import { ask, endWithTheBench } from './child.ts';

export interface Tally {
  readonly port: number;
  readonly taken: number;
  /** Texts begin with their number; of one handset they must come in its order. */
  readonly outOfOrder: number;
}

type Order = 'tally' | 'leave' | 'return';

export interface BenchCarrier {
  tell(order: Order): Promise<Tally>;
  stop(): void;
}

export async function startCarrier(): Promise<BenchCarrier & { readonly port: number }> {
  const child = fork(fileURLToPath(import.meta.url), ['carrier']);
  const { port } = await ask<Tally>(child);
  return {
    port,
    tell: (order) => ask<Tally>(child, { order }),
    stop: () => void child.kill(),
  };
}

async function serve(): Promise<void> {
  endWithTheBench();
  const last = new Map<string, number>();
  let taken = 0;
  let outOfOrder = 0;
  const onSubmit: OnSubmit = (submit, session, smsc) => {
    const id = smsc.nextId();
    const to = submit.destination_addr ?? '';
    const number = Number.parseInt(contentOf(submit).message, 10);
    if (number <= (last.get(to) ?? -1)) outOfOrder += 1;
    last.set(to, number);
    taken += 1;
    session.send(submit.response({ message_id: id }));
    const text = `id:${id} sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:DELIVRD err:000 text:Your`;
    const from = { source_addr: to, destination_addr: submit.source_addr ?? '' };
    session.send(new PDU('deliver_sm', { ...from, esm_class: 4, short_message: Buffer.from(text) }));
  };
  const open = async (port?: number): Promise<TestSmsc> => {
    const smsc = await TestSmsc.open({ forgets: true, ...(port === undefined ? {} : { port }) });
    smsc.onSubmit = onSubmit;
    return smsc;
  };
  let smsc = await open();
  const { port } = smsc;
  const tell = (): void => void process.send?.({ port, taken, outOfOrder } satisfies Tally);
  const obey: Readonly<Record<Order, () => Promise<void>>> = {
    tally: async () => {},
    leave: () => smsc[Symbol.asyncDispose](),
    async return() {
      smsc = await open(port);
    },
  };
  process.on('message', ({ order }: { readonly order: Order }) => void obey[order]().then(tell));
  tell();
}

if (process.argv[2] === 'carrier') await serve();
