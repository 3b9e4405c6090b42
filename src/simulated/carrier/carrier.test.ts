import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../edge/clock/manual-clock.ts';
import { QuietWatch } from '../../edge/clock/quiet-watch.ts';
import type { CallEnd, InboundCall, OutboundCall, SipEndpoint, Target } from '../../edge/sip/api.ts';
import { createSipEndpoint } from '../../edge/sip/endpoint.ts';
import { memoryNetwork } from '../../edge/sip/network-memory.ts';
import { createSimulatedCarrier, numberBlocks, type SimulatedCarrier } from './carrier.ts';
import { FarPhone } from './far-phone.ts';
import { RtpLines } from './rtp-lines.ts';

/** The server's end of a call, with an RTP line of its own to hear what the carrier sends. */
interface ServerCall {
  readonly call: OutboundCall;
  readonly phone: FarPhone;
  readonly statuses: readonly number[];
  readonly end: CallEnd | undefined;
  readonly answered: boolean;
}

interface Stage extends AsyncDisposable {
  readonly carrier: SimulatedCarrier;
  readonly clock: ManualClock;
  readonly quiet: QuietWatch;
  /** What the carrier has dialled. */
  readonly arrived: readonly {
    readonly call: InboundCall;
    readonly phone: FarPhone;
    readonly ends: CallEnd[];
  }[];
  call(number: string): Promise<ServerCall>;
}

const host = '127.0.0.1';

const openStage = async (): Promise<Stage> => {
  const quiet = new QuietWatch();
  const clock = new ManualClock(1_000_000, quiet);
  const network = memoryNetwork({ hold: (what) => quiet.hold(what) });
  const lines = new RtpLines(host, 10);
  const arrived: { readonly call: InboundCall; readonly phone: FarPhone; readonly ends: CallEnd[] }[] = [];
  const timing = { t1: 50 };
  let at: Target = { host, port: 0, protocol: 'udp' };
  const sipClock = {
    after: (ms: number, name: string, fire: () => void) => clock.at(clock.now() + ms, name, fire),
  };
  const openPhone = async (): Promise<FarPhone> => new FarPhone((await lines.open())!, host, 1);
  const phones = [await openPhone(), await openPhone()];
  const server: SipEndpoint = createSipEndpoint({
    hosts: [host],
    port: 0,
    clock: sipClock,
    network,
    timing,
    onInvite: (call) => {
      const ends: CallEnd[] = [];
      arrived.push({ call, phone: phones.pop()!, ends });
      return { ended: (end) => ends.push(end) };
    },
  });
  const pace = { ring: 5, keys: 5 };
  const carrier = createSimulatedCarrier({ clock, quiet, server: () => at, network, timing, pace });
  const address = await carrier.start();
  const [own] = await server.start();
  at = { ...own!, protocol: 'udp' };
  return {
    carrier,
    clock,
    quiet,
    arrived,
    call: async (number) => {
      const statuses: number[] = [];
      const phone = await openPhone();
      const seen = { phone, statuses, answered: false, end: undefined as CallEnd | undefined };
      const call = server.invite(
        {
          target: { ...address, protocol: 'udp' },
          requestUri: `sip:${number}@${host}:${address.port}`,
          from: `sip:+18005550100@${host}`,
          to: `sip:${number}@${host}`,
          sdp: phone.offer(),
        },
        {
          progress: ({ status }) => statuses.push(status),
          answered: ({ status, sdp }) => {
            statuses.push(status);
            assert.ok(phone.accept(sdp ?? ''), 'the answer has no audio');
            phone.speak('silence');
            seen.answered = true;
          },
          ended: (end) => {
            statuses.push(end.status);
            seen.end = end;
          },
        },
      );
      return Object.assign(seen, { call });
    },
    [Symbol.asyncDispose]: async () => {
      await carrier.stop();
      await server.stop(50);
      lines.close();
    },
  };
};

/** Waits at most ten seconds; `whyNot` says why it is not so yet. */
const until = async (isSo: () => boolean, whyNot: () => string): Promise<void> => {
  const giveUpAt = performance.now() + 10_000;
  while (!isSo()) {
    if (performance.now() > giveUpAt) throw new Error(whyNot());
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

const untilAnswered = (call: ServerCall): Promise<void> =>
  until(
    () => call.answered,
    () => `not answered: ${call.statuses.join()}`,
  );

const untilEnded = (call: ServerCall): Promise<void> =>
  until(
    () => call.end !== undefined,
    () => `not ended: ${call.statuses.join()}`,
  );

const untilHeard = async (call: ServerCall, packets = 3): Promise<void> => {
  const had = call.phone.line.packets;
  await until(
    () => call.phone.line.packets >= had + packets,
    () => `heard ${call.phone.line.packets - had} of ${packets} packets`,
  );
};

for (const { block, behaviour } of numberBlocks) {
  if (behaviour.does !== 'refuses') continue;
  test(`a number of block ${block} rings and then answers ${behaviour.status}`, async () => {
    await using stage = await openStage();
    const call = await stage.call(`+1500555${block}3`);
    await untilEnded(call);
    assert.deepEqual(call.statuses, [180, behaviour.status]);
    assert.deepEqual([call.end?.kind, call.end?.by], ['final', 'remote']);
    assert.deepEqual(stage.carrier.calls(), []);
  });
}

test('a failure that no block lists can be asked for all the same', async () => {
  await using stage = await openStage();
  const call = await stage.call('+15005554881');
  await untilEnded(call);
  assert.deepEqual(call.statuses, [180, 488]);
});

test('a number the carrier does not know is not found, without ringing', async () => {
  await using stage = await openStage();
  for (const number of ['+15005551500', '+15005553020', '+4930123456', 'nobody']) {
    const call = await stage.call(number);
    await untilEnded(call);
    assert.deepEqual(call.statuses, [404], number);
  }
});

test('200N answers, sends silence and stays until hung up', async () => {
  await using stage = await openStage();
  const call = await stage.call('+15005552001');
  await untilAnswered(call);
  await untilHeard(call);
  assert.deepEqual(await stage.clock.advance(3_600_000).then(({ busy }) => busy), undefined);
  assert.equal(call.end, undefined);
  const [far] = stage.carrier.calls();
  assert.deepEqual(
    [far?.direction, far?.from, far?.to, far?.state],
    ['received', '+18005550100', '+15005552001', 'answered'],
  );
  call.call.bye();
  await untilEnded(call);
  assert.deepEqual(call.statuses, [180, 200, 200]);
});

test('201N hangs up by itself after two seconds of clock, and not before', async () => {
  await using stage = await openStage();
  const call = await stage.call('+15005552010');
  await untilAnswered(call);
  await stage.clock.advance(1999);
  assert.deepEqual(call.statuses, [180, 200]);
  const { fired } = await stage.clock.advance(1);
  assert.match(fired.map(({ what }) => what).join(), /simulated \+15005552010 hangs up/);
  await untilEnded(call);
  assert.deepEqual([call.end?.kind, call.end?.by], ['bye', 'remote']);
});

test('202N echoes, keys too', async () => {
  await using stage = await openStage();
  const call = await stage.call('+15005552020');
  await untilAnswered(call);
  await untilHeard(call);
  await call.phone.line.press('42');
  await until(
    () => call.phone.line.tones === '42',
    () => `came back: ${call.phone.line.tones}`,
  );
});

test('203N plays a tone, 200N does not', async () => {
  await using stage = await openStage();
  const tone = await stage.call('+15005552030');
  const silent = await stage.call('+15005552000');
  await untilAnswered(tone);
  await untilAnswered(silent);
  await untilHeard(tone);
  await untilHeard(silent);
  assert.deepEqual([tone.phone.line.hearsSound, silent.phone.line.hearsSound], [true, false]);
});

test('204N presses 1 and 207N presses 1234#, once, and the clock waits for it', async () => {
  await using stage = await openStage();
  for (const [number, keys] of [
    ['+15005552040', '1'],
    ['+15005552070', '1234#'],
  ] as const) {
    const call = await stage.call(number);
    await untilAnswered(call);
    assert.deepEqual(await stage.quiet.settled(5000), []);
    await until(
      () => call.phone.line.tones.length >= keys.length,
      () => `heard ${call.phone.line.tones} of ${keys}`,
    );
    assert.equal(call.phone.line.tones, keys);
    call.call.bye();
    await untilEnded(call);
  }
});

test('205N and 206N answer', async () => {
  await using stage = await openStage();
  for (const number of ['+15005552050', '+15005552060']) {
    const call = await stage.call(number);
    await untilAnswered(call);
    await untilHeard(call);
  }
});

test('410N answers and never sends a packet', async () => {
  await using stage = await openStage();
  const mute = await stage.call('+15005554100');
  const talking = await stage.call('+15005552000');
  await untilAnswered(mute);
  await untilAnswered(talking);
  // The other call's packets are the measure of time.
  await untilHeard(talking, 10);
  assert.equal(mute.phone.line.packets, 0);
});

test('180N rings for ever and stops when it is cancelled', async () => {
  await using stage = await openStage();
  const call = await stage.call('+15005551800');
  await until(
    () => call.statuses.includes(180),
    () => 'it does not ring',
  );
  assert.equal((await stage.clock.advance(600_000)).busy, undefined);
  assert.deepEqual(call.statuses, [180]);
  call.call.cancel();
  await untilEnded(call);
  assert.equal(call.end?.kind, 'cancel-confirmed');
  await until(
    () => stage.carrier.calls().length === 0,
    () => 'the carrier still has the call',
  );
});

test('000N gives no reply at all', async () => {
  await using stage = await openStage();
  const call = await stage.call('+15005550000');
  assert.equal((await stage.clock.advance(64 * 50)).busy, undefined);
  await untilEnded(call);
  assert.deepEqual([call.end?.kind, call.end?.by], ['timeout', 'local']);
  assert.deepEqual(call.statuses, [408]);
});

test('a test can be the far party: answer, reject, cut the sound and bring it back, hang up', async () => {
  await using stage = await openStage();
  const answered = await stage.call('+15005551800');
  await until(
    () => stage.carrier.calls().length === 1,
    () => 'no call came',
  );
  const far = stage.carrier.calls()[0]!;
  far.answer();
  await untilAnswered(answered);
  await untilHeard(answered);
  await until(
    () => far.packetsHeard > 0,
    () => 'the far end hears nothing',
  );
  far.stopMedia();
  const other = await stage.call('+15005552000');
  await untilAnswered(other);
  const had = answered.phone.line.packets;
  await untilHeard(other, 5);
  assert.ok(answered.phone.line.packets - had <= 1, 'sound still comes');
  far.resumeMedia();
  await untilHeard(answered);
  far.hangUp();
  await untilEnded(answered);
  assert.deepEqual([answered.end?.kind, answered.end?.by], ['bye', 'remote']);

  const refused = await stage.call('+15005551801');
  await until(
    () => stage.carrier.calls().some(({ to }) => to === '+15005551801'),
    () => 'no call came',
  );
  stage.carrier
    .calls()
    .find(({ to }) => to === '+15005551801')
    ?.reject(486);
  await untilEnded(refused);
  assert.equal(refused.end?.status, 486);
});

test('a dialled call rings, is answered, talks and is hung up by the server', async () => {
  await using stage = await openStage();
  const call = await stage.carrier.dial({ from: '+15005552000', to: '+18005550100', displayName: 'Ann' });
  await until(
    () => stage.arrived.length === 1,
    () => 'no INVITE came',
  );
  const { call: inbound, phone } = stage.arrived[0]!;
  assert.match(inbound.invite.from.uri, /^sip:\+15005552000@/);
  assert.equal(inbound.invite.from.displayName, 'Ann');
  assert.equal(inbound.invite.callId, call.sipCallId);
  inbound.ring();
  const answer = phone.answer(inbound.invite.sdp ?? '');
  phone.speak('silence');
  inbound.answer(answer ?? '');
  await until(
    () => phone.line.packets > 2 && call.packetsHeard > 2,
    () => `${phone.line.packets} packets in, ${call.packetsHeard} out`,
  );
  inbound.bye();
  assert.deepEqual(await call.ended, { kind: 'hung-up', by: 'server' });
  assert.deepEqual(
    call.events.map(({ kind }) => kind),
    ['ringing', 'answered', 'hung-up'],
  );
  assert.deepEqual(stage.carrier.calls(), []);
});

test('a dialled call that is refused tells the status', async () => {
  await using stage = await openStage();
  const call = await stage.carrier.dial({ from: '+15005552000', to: '+18005550190' });
  await until(
    () => stage.arrived.length === 1,
    () => 'no INVITE came',
  );
  stage.arrived[0]?.call.reject(404);
  assert.deepEqual(await call.ended, { kind: 'refused', status: 404, reason: 'Not Found' });
});

test('a dialled call that is not answered is given up after the time it was dialled for', async () => {
  await using stage = await openStage();
  const call = await stage.carrier.dial({ from: '+15005552000', to: '+18005550100', forMs: 5000 });
  await until(
    () => stage.arrived.length === 1,
    () => 'no INVITE came',
  );
  stage.arrived[0]?.call.ring();
  await stage.clock.advance(4999);
  assert.equal(call.state, 'ringing');
  await stage.clock.advance(1);
  assert.equal((await call.ended).kind, 'cancelled');
  assert.equal(stage.arrived[0]?.ends[0]?.kind, 'cancelled');
});

test('a mute caller sends nothing', async () => {
  await using stage = await openStage();
  const call = await stage.carrier.dial({ from: '+15005552000', to: '+18005550100', media: 'mute' });
  await until(
    () => stage.arrived.length === 1,
    () => 'no INVITE came',
  );
  const { call: inbound, phone } = stage.arrived[0]!;
  inbound.answer(phone.answer(inbound.invite.sdp ?? '') ?? '');
  phone.speak('silence');
  await until(
    () => call.packetsHeard > 5,
    () => 'the caller hears nothing',
  );
  assert.equal(phone.line.packets, 0);
  call.hangUp();
  assert.deepEqual(await call.ended, { kind: 'hung-up', by: 'caller' });
});

test('a stopped carrier holds nothing busy and keeps no call', async () => {
  const stage = await openStage();
  const dialled = await stage.carrier.dial({ from: '+15005552000', to: '+18005550100' });
  await stage.call('+15005554860');
  await stage.call('+15005551800');
  await stage[Symbol.asyncDispose]();
  assert.deepEqual(stage.carrier.calls(), []);
  assert.equal(dialled.state, 'ended');
  assert.deepEqual(await stage.quiet.settled(1000), []);
});
