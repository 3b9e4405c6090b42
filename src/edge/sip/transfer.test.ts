/** Three endpoints of ours: a call is handed over by REFER with Replaces, over a network that loses messages. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sdp, until } from '../../../test/peers/raw-sip.ts';
import type { InboundCall, InboundHandlers, OutboundCall, OutboundHandlers, SipEndpoint } from './api.ts';
import { wallClock } from './clock.ts';
import { createSipEndpoint } from './endpoint.ts';
import { memoryNetwork } from './network-memory.ts';

describe('an attended transfer', () => {
  const told: string[] = [];
  const endpoints = new Map<string, SipEndpoint>();
  const taken = new Map<string, InboundCall>();
  const ports = { ada: 5061, bob: 5062, cyd: 5063 };
  type Name = keyof typeof ports;
  let sent = 0;
  // Every fifth datagram is lost.
  const network = memoryNetwork({ fate: () => (++sent % 5 === 0 ? [] : [0]) });

  const place = (
    from: Name,
    to: Name,
    handlers: Partial<OutboundHandlers>,
    replaces?: string,
  ): OutboundCall => {
    const uri = `sip:${to}@127.0.0.1:${ports[to]}`;
    const endpoint = endpoints.get(from) ?? assert.fail(from);
    return endpoint.invite(
      {
        target: { host: '127.0.0.1', port: ports[to], protocol: 'udp' },
        ...{ requestUri: uri, from: `sip:${from}@127.0.0.1`, to: uri, sdp },
        headers: replaces === undefined ? [] : [{ name: 'Replaces', value: replaces }],
      },
      { ended: ({ kind, by }) => told.push(`${from}>${to} ${kind} ${by}`), ...handlers },
    );
  };

  const serve = (name: Name, call: InboundCall): InboundHandlers => {
    if (call.replaces) told.push(`${name} replaces`);
    else taken.set(name, call);
    call.ring({ reliable: true });
    call.answer(sdp);
    return {
      acknowledged: () => {
        if (call.replaces) taken.get(name)?.bye();
      },
      refer: (referral) => {
        const { replaces } = referral;
        assert.ok(replaces);
        const value = `${replaces.callId};to-tag=${replaces.localTag};from-tag=${replaces.remoteTag}`;
        assert.equal(referral.to, `sip:cyd@127.0.0.1:${ports.cyd}`);
        place('bob', 'cyd', { answered: () => referral.notify(200) }, value);
        return 202;
      },
      ended: ({ kind, by }) => told.push(`${name} ${kind} ${by}`),
    };
  };

  before(async () => {
    for (const name of ['ada', 'bob', 'cyd'] as const) {
      const endpoint = createSipEndpoint({
        ...{ hosts: ['127.0.0.1'], port: ports[name], clock: wallClock, network },
        timing: { t1: 20, t2: 80, t4: 100 },
        onInvite: (call) => serve(name, call),
      });
      endpoints.set(name, endpoint);
      await endpoint.start();
    }
  });
  after(async () => {
    for (const endpoint of endpoints.values()) await endpoint.stop();
  });

  it('connects the two others, and ends both calls of the one who transfers', async () => {
    const answered = (from: Name, to: Name): Promise<OutboundCall> =>
      new Promise((resolve) => {
        const call: OutboundCall = place(from, to, { answered: () => resolve(call) });
      });
    const [toBob, toCyd] = [await answered('ada', 'bob'), await answered('ada', 'cyd')];
    const replaces = toCyd.dialog ?? assert.fail('no dialog');
    const progress: number[] = [];
    const result = await toBob.refer({
      to: `sip:cyd@127.0.0.1:${ports.cyd}`,
      replaces,
      progress: (status) => progress.push(status),
    });
    assert.deepEqual(result, { kind: 'done', status: 200, reason: 'OK' });
    toBob.bye();
    await until(() => (told.length < 5 ? told.join() : undefined));
    assert.deepEqual(told.toSorted(), [
      ...['ada>bob bye local', 'ada>cyd bye remote', 'bob bye remote', 'cyd bye local', 'cyd replaces'],
    ]);
  });
});
