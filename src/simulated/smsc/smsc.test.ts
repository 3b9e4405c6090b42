import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { connect, PDU } from 'smpp';
import { until } from '../../../scenarios/stage/wait.ts';
import { order } from '../../../test/peers/sms-desk.ts';
import type {
  ArrivedText,
  CarriersListener,
  ReceiptEvent,
  SubmitEvent,
  SubmitOrder,
} from '../../app/ports/sms-carriers.ts';
import { ManualClock } from '../../edge/clock/manual-clock.ts';
import { QuietWatch } from '../../edge/clock/quiet-watch.ts';
import { type OpenedSmsCarriers, openSmsCarriers } from '../../main/sms-carriers.ts';
import { smscBlocks } from './smsc.ts';

/** The simulated SMSC and the carriers that are bound to it, as the server has them, on a manual clock. */
class Stage implements CarriersListener, AsyncDisposable {
  readonly quiet = new QuietWatch();
  readonly clock = new ManualClock(Date.UTC(2026, 10, 23, 12), this.quiet);
  /** What came, in order: of submits, and of receipts. */
  readonly heard: (SubmitEvent | ReceiptEvent | ArrivedText)[] = [];
  readonly troubles: unknown[] = [];
  keep: () => Promise<void> = async () => {};
  readonly sms: OpenedSmsCarriers = openSmsCarriers({
    carriers: [],
    simulated: 'simulated',
    clock: this.clock,
    quiet: this.quiet,
    listener: this,
    log: { line: () => {} },
    trouble: (error) => this.troubles.push(error),
    timing: { rebind: { first: 20, longest: 20 }, throttled: { first: 1, longest: 1 } },
  });

  static async open(): Promise<Stage> {
    const stage = new Stage();
    await stage.sms.start();
    return stage;
  }

  submitted(event: SubmitEvent): void {
    this.heard.push(event);
  }

  async delivered(event: ReceiptEvent | ArrivedText): Promise<void> {
    this.heard.push(event);
    await this.keep();
  }

  room(): void {}

  /** What came of an order, in short, once everything is quiet. */
  async send(to: string, more: Partial<SubmitOrder> = {}): Promise<readonly string[]> {
    await until('room', async () =>
      this.sms.carriers.room('simulated') > 0
        ? { is: true }
        : { notYet: JSON.stringify(this.sms.carriers.status()) },
    );
    const before = this.heard.length;
    this.sms.carriers.submit(order({ carrier: 'simulated', to, ...more }));
    await this.advance(0);
    return this.since(before);
  }

  since(before: number): readonly string[] {
    return this.heard.slice(before).map(brief);
  }

  async advance(ms: number): Promise<readonly string[]> {
    const before = this.heard.length;
    const { busy } = await this.clock.advance(ms);
    assert.equal(busy, undefined);
    return this.since(before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sms.stop(1000);
    assert.deepEqual(this.troubles, []);
    assert.deepEqual(await this.quiet.settled(2000), []);
  }
}

function brief(event: SubmitEvent | ReceiptEvent | ArrivedText): string {
  switch (event.kind) {
    case 'refused':
      return `refused ${event.status}`;
    case 'receipt':
      return `${event.receipt.state} ${event.receipt.error}`;
    default:
      return event.kind;
  }
}

describe('the simulated SMSC', () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    '+1500562000N': ['accepted', 'DELIVRD 000'],
    '+1500564001N': ['refused 10'],
    '+1500564002N': ['refused 11'],
    '+1500564004N': ['accepted', 'UNDELIV 001'],
    '+1500564005N': ['accepted', 'REJECTD 000'],
    '+1500564006N': ['accepted', 'UNDELIV 027'],
    '+1500564007N': ['accepted', 'UNDELIV 070'],
    '+1500564020N': ['refused 88'],
    '+1500565000N': ['accepted', 'UNDELIV 099'],
    '+1500565001N': ['refused 8'],
    '+1500565002N': ['accepted'],
    '+1500569999N': ['accepted', 'UNKNOWN 000'],
    '+1500568001N': ['accepted'],
    '+1500568002N': ['accepted'],
    '+1500568003N': ['accepted', 'DELIVRD 000', 'DELIVRD 000'],
    '+1500568004N': ['accepted', 'DELIVRD 000', 'ENROUTE 000'],
    '+1500568005N': ['accepted', 'ENROUTE 000'],
    '+1500568006N': ['DELIVRD 000', 'accepted'],
    '+1500568007N': ['accepted', 'DELIVRD 000'],
    '+1500568010N': ['refused 88'],
    '+1500568011N': ['refused 20'],
    '+1500568012N': ['refused 8'],
    '+1500568013N': ['lost'],
    '+1500568014N': [],
    '+1500568015N': [],
  };

  it('does what its catalogue says, for any last digit, and delivers to every other number', async () => {
    assert.deepEqual(smscBlocks.map(({ numbers }) => numbers).sort(), Object.keys(expected).sort());
    await using stage = await Stage.open();
    for (const [numbers, events] of Object.entries(expected)) {
      // Its order stays open until the end of the server.
      if (numbers === '+1500568014N') continue;
      assert.deepEqual(await stage.send(numbers.replace('N', '7')), events, numbers);
    }
    assert.deepEqual(await stage.send('+15551230001'), ['accepted', 'DELIVRD 000']);
    assert.deepEqual(await stage.send('+442079460100'), ['accepted', 'DELIVRD 000']);
  });

  it('is documented as it is', () => {
    const page = readFileSync(new URL('../../../docs/surfaces/smpp.md', import.meta.url), 'utf8');
    const documented = [...page.matchAll(/^\| `(\+150056\d{4}N)`.* \| (.+) \|$/gm)].map(([, ...row]) => row);
    assert.deepEqual(
      documented,
      smscBlocks.map(({ numbers, meaning }) => [numbers, meaning]),
    );
  });

  it('sends what takes its time when the clock says so', async () => {
    await using stage = await Stage.open();
    for (const numbers of ['+15005680010', '+15005680020', '+15005680050', '+15005680150'])
      await stage.send(numbers);
    assert.deepEqual(await stage.advance(4999), []);
    assert.deepEqual((await stage.advance(1)).toSorted(), ['DELIVRD 000', 'DELIVRD 000', 'accepted']);
    assert.deepEqual(await stage.advance(24_999), []);
    assert.deepEqual(await stage.advance(1), ['DELIVRD 000']);
    assert.deepEqual(await stage.advance(29_999), []);
    assert.deepEqual(await stage.advance(1), ['EXPIRED 000']);
  });

  it('delivers what it refused so often, and begins again with the next message', async () => {
    await using stage = await Stage.open();
    const throttled = ['refused 88'];
    const delivered = ['accepted', 'DELIVRD 000'];
    for (const events of [throttled, throttled, delivered, throttled]) {
      assert.deepEqual(await stage.send('+15005680103'), events);
    }
    assert.deepEqual(await stage.send('+15005680104'), throttled);
    assert.deepEqual(await stage.send('+15005680130'), ['lost']);
    assert.deepEqual(await stage.send('+15005680130'), delivered);
  });

  it('sends the receipts that were asked for, and no others', async () => {
    await using stage = await Stage.open();
    assert.deepEqual(await stage.send('+15005620000', { receipt: false }), ['accepted']);
  });

  it('sends a receipt again that the server could not keep', async () => {
    await using stage = await Stage.open();
    stage.keep = async () => {
      throw new Error('the store is gone');
    };
    assert.deepEqual(await stage.send('+15005620000'), ['accepted', 'DELIVRD 000']);
    stage.keep = async () => {};
    assert.deepEqual(await stage.advance(1000), ['DELIVRD 000']);
    assert.deepEqual(await stage.advance(60_000), []);
  });

  it('shows on its handsets what was delivered, put together from its segments', async () => {
    await using stage = await Stage.open();
    const segment = { reference: 3, of: 2 };
    await stage.send('+15005620000', { text: 'world', segment: { ...segment, number: 2 } });
    assert.deepEqual(stage.sms.smsc?.shown(), []);
    await stage.send('+15005620000', { text: 'hello ', segment: { ...segment, number: 1 } });
    await stage.send('+15005640040', { text: 'never arrives' });
    assert.deepEqual(stage.sms.smsc?.shown(), [
      { from: '+18005550100', to: '+15005620000', text: 'hello world', segments: 2 },
    ]);
  });

  it('brings the text of a handset, in segments where it is long', async () => {
    await using stage = await Stage.open();
    const text = `${'€'.repeat(76)}{${'x'.repeat(200)}`;
    await stage.sms.smsc!.text({ from: '+15005620000', to: '+18005550100', text });
    const parts = stage.heard.flatMap((event) => (event.kind === 'arrived' ? [event] : []));
    assert.deepEqual(
      parts.map(({ segment }) => segment),
      [1, 2, 3].map((number) => ({ reference: 1, number, of: 3 })),
    );
    assert.equal(parts.map((part) => part.text).join(''), text);
    await stage.sms.smsc!.text({ from: '+15005620000', to: '12345', text: 'СТОП 😀' });
    const last = stage.heard.at(-1);
    assert.deepEqual(last?.kind === 'arrived' && [last.from, last.to, last.text], [
      '+15005620000',
      '12345',
      'СТОП 😀',
    ]);
  });

  it('says why the text of a handset was not taken', async () => {
    await using stage = await Stage.open();
    const text = { from: '+15005620000', to: '+18005550100', text: 'hi' };
    stage.keep = async () => {
      throw new Error('the store is gone');
    };
    await assert.rejects(stage.sms.smsc!.text(text), {
      message: 'the server refused the text: ESME_RX_T_APPN (0x64)',
    });
    const unbound = await Stage.open();
    await unbound.sms.stop(0);
    await assert.rejects(unbound.sms.smsc!.text(text), /nobody is bound to the simulated SMSC/);
  });

  it('lets nobody else bind', async () => {
    await using stage = await Stage.open();
    const port = Number(stage.sms.carriers.status()[0]?.target.split(':').at(-1));
    const session = connect({ host: '127.0.0.1', port });
    const answer = (pdu: PDU) =>
      new Promise<number>((resolve) => session.send(pdu, ({ command_status }) => resolve(command_status)));
    assert.equal(await answer(new PDU('submit_sm', {})), 0x04);
    assert.equal(await answer(new PDU('bind_transceiver', { system_id: 'other', password: 'x' })), 0x0f);
    assert.equal(await answer(new PDU('bind_transceiver', { system_id: 'ringback', password: 'x' })), 0x0e);
    session.destroy();
  });

  it('never answers an order to the number that never does', async () => {
    await using stage = await Stage.open();
    stage.sms.carriers.submit(order({ carrier: 'simulated', to: '+15005680140' }));
    await stage.sms.stop(100);
    assert.deepEqual(stage.since(0), ['lost']);
  });
});
