/** Reliable provisional responses and session timers against SIPp, over real sockets on loopback. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CallEnd, InboundCall, InboundHandlers, SipEndpoint } from '../../src/edge/sip/api.ts';
import { wallClock } from '../../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../../src/edge/sip/endpoint.ts';
import { sdp } from '../peers/raw-sip.ts';
import { type SippOptions, sippMissing, startSipp } from '../peers/sipp.ts';

const skip = sippMissing();

describe('sessions against SIPp', { skip, timeout: 60_000 }, () => {
  let endpoint: SipEndpoint;
  let port: number;
  let onInvite: (call: InboundCall) => InboundHandlers = () => ({ ended: () => {} });

  before(async () => {
    endpoint = createSipEndpoint({
      hosts: ['127.0.0.1'],
      port: 0,
      clock: wallClock,
      timing: { t1: 50, t4: 500 },
      // So brief that a test sees it refreshed.
      session: { expires: 1 },
      onInvite: (call) => onInvite(call),
    });
    const [address] = await endpoint.start();
    port = address!.port;
  });
  after(() => endpoint.stop());

  for (const protocol of ['udp', 'tcp'] as const) {
    const place = async (options: SippOptions, byeAfterMs: number) => {
      const sipp = await startSipp({ ...options, protocol });
      const progress: number[] = [];
      const end = await new Promise<CallEnd>((resolve) => {
        const uri = `sip:+15557654321@${sipp.host}:${sipp.port}`;
        const from = `sip:+15550000000@127.0.0.1:${port}`;
        const target = { host: sipp.host, port: sipp.port, protocol };
        const call = endpoint.invite(
          { target, requestUri: uri, from, to: uri, sdp },
          {
            progress: ({ status }) => progress.push(status),
            answered: () => wallClock.after(byeAfterMs, 'hang up', () => call.bye()),
            ended: resolve,
          },
        );
      });
      const { code, errors } = await sipp.done;
      assert.equal(code, 0, errors);
      return { end: `${end.kind} ${end.by}`, progress };
    };

    const serve = async (options: SippOptions, act: (call: InboundCall) => void) => {
      const ended = new Promise<CallEnd>((resolve) => {
        onInvite = (call) => {
          act(call);
          return { offer: () => sdp, ended: resolve };
        };
      });
      const sipp = await startSipp({ ...options, protocol, remote: `127.0.0.1:${port}` });
      const { code, errors } = await sipp.done;
      assert.equal(code, 0, errors);
      const { kind, by } = await ended;
      return `${kind} ${by}`;
    };

    describe(`over ${protocol.toUpperCase()}`, () => {
      it('acknowledges a reliable provisional response', async () => {
        const heard = await place({ scenario: 'callee-rings-reliably' }, 0);
        assert.deepEqual(heard, { end: 'bye local', progress: [183] });
      });

      it('rings reliably for a caller who requires it', async () => {
        const end = await serve({ scenario: 'caller-requires-reliable' }, (call) => {
          call.progress(183, sdp);
          call.answer(sdp);
        });
        assert.equal(end, 'bye remote');
      });

      const brief = { asks: '1', longer: '2', asksAgain: '2' };

      it('asks for a longer session after 422 and refreshes it by UPDATE', async () => {
        const values = {
          ...brief,
          refresh: 'UPDATE',
          update: ', UPDATE',
          body: 'Content-Length: 0\n\n',
          ack: '',
        };
        const heard = await place({ scenario: 'callee-wants-longer', values }, 1200);
        assert.equal(heard.end, 'bye local');
      });

      it('refreshes it by re-INVITE where the carrier does not take UPDATE', async () => {
        const body = `Content-Type: application/sdp\nContent-Length: [len]\n\n${sdp}`;
        const values = { ...brief, refresh: 'INVITE', update: '', body, ack: '<recv request="ACK"/>' };
        const heard = await place({ scenario: 'callee-wants-longer', values }, 1200);
        assert.equal(heard.end, 'bye local');
      });

      it('refuses too brief a session with 422 and is refreshed by the caller', async () => {
        const end = await serve({ scenario: 'caller-refreshes' }, (call) => call.answer(sdp));
        assert.equal(end, 'bye remote');
      });
    });
  }
});
