/** The SIP stack against SIPp as carrier and as caller, over real sockets on loopback, with T1 = 50 ms on both ends. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type {
  CallEnd,
  InboundCall,
  InboundHandlers,
  OutboundCall,
  OutboundHandlers,
  Protocol,
  SipEndpoint,
} from '../../src/edge/sip/api.ts';
import { wallClock } from '../../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../../src/edge/sip/endpoint.ts';
import { type SippOptions, sippMissing, startSipp } from '../peers/sipp.ts';

const sdp = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
  ...['m=audio 40000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000', ''],
].join('\r\n');

let endpoint: SipEndpoint;
let port: number;
let onInvite: (call: InboundCall) => InboundHandlers = () => ({ ended: () => {} });

const skip = sippMissing();

describe('the SIP stack against SIPp', { skip, timeout: 120_000 }, () => {
  before(async () => {
    endpoint = createSipEndpoint({
      hosts: ['127.0.0.1'],
      port: 0,
      clock: wallClock,
      timing: { t1: 50, t4: 500 },
      onInvite: (call) => onInvite(call),
    });
    const [address] = await endpoint.start();
    port = address!.port;
  });
  after(() => endpoint.stop());

  for (const protocol of ['udp', 'tcp'] as const) {
    describe(`over ${protocol.toUpperCase()}`, () => {
      it('reports the busy of a carrier with its Q.850 cause', async () => {
        const heard = await place(protocol, {
          scenario: 'callee-final',
          values: { code: '486', reason: 'Busy Here' },
        });
        assert.deepEqual(heard.progress, [180]);
        assert.equal(heard.sipp, '');
        assert.deepEqual(brief(heard.end), ['final', 'remote', 486, 'Busy Here', 17]);
      });

      it('reports a decline with the words of the carrier', async () => {
        const heard = await place(protocol, {
          scenario: 'callee-final',
          values: { code: '603', reason: 'No Thanks' },
        });
        assert.equal(heard.sipp, '');
        assert.deepEqual(brief(heard.end), ['final', 'remote', 603, 'No Thanks', 17]);
      });

      it('reports silence as its own time-out, not as the carrier’s word', async () => {
        const heard = await place(protocol, { scenario: 'callee-silent', values: { hold: '3800' } });
        assert.deepEqual(brief(heard.end), ['timeout', 'local', 408, 'no response', undefined]);
      });

      it('cancels a call that rings and reports that the carrier confirmed it', async () => {
        const heard = await place(
          protocol,
          { scenario: 'callee-cancelled' },
          { progress: (call) => call.cancel() },
        );
        assert.equal(heard.sipp, '');
        assert.deepEqual(brief(heard.end), [
          'cancel-confirmed',
          'remote',
          487,
          'Request Terminated',
          undefined,
        ]);
      });

      it('is answered and hangs up', async () => {
        const heard = await place(
          protocol,
          { scenario: 'callee-answers', values: { ring: '50' } },
          { answered: (call) => call.bye() },
        );
        assert.equal(heard.sipp, '');
        assert.equal(heard.answered, 1);
        assert.deepEqual(brief(heard.end), ['bye', 'local', 200, 'BYE', undefined]);
      });

      it('is answered and hung up by the carrier with a cause', async () => {
        const heard = await place(protocol, { scenario: 'callee-hangs-up', values: { hold: '50' } });
        assert.equal(heard.sipp, '');
        assert.deepEqual(brief(heard.end), ['bye', 'remote', 200, 'BYE', 16]);
      });

      it('answers a re-INVITE that puts the call on hold', async () => {
        const heard = await place(protocol, { scenario: 'callee-holds' });
        assert.equal(heard.sipp, '');
        assert.equal(heard.offers.length, 1);
        assert.match(heard.offers[0]!, /a=sendonly/);
        assert.deepEqual(brief(heard.end), ['bye', 'remote', 200, 'BYE', 16]);
      });

      for (const status of [403, 486, 603]) {
        it(`refuses a caller with ${status}`, async () => {
          const heard = await serve(
            protocol,
            { scenario: 'caller-refused', values: { code: String(status) } },
            (call) => {
              call.ring();
              call.reject(status);
            },
          );
          assert.equal(heard.sipp, '');
          assert.deepEqual(brief(heard.end).slice(0, 3), ['final', 'local', status]);
        });
      }

      it('is told when a caller gives up', async () => {
        const heard = await serve(protocol, { scenario: 'caller-cancels', values: { ring: '50' } }, (call) =>
          call.ring(),
        );
        assert.equal(heard.sipp, '');
        assert.deepEqual(brief(heard.end).slice(0, 3), ['cancelled', 'remote', 487]);
      });

      it('answers a caller, who hangs up', async () => {
        const heard = await serve(
          protocol,
          { scenario: 'caller-hangs-up', values: { hold: '50' } },
          (call) => {
            call.ring();
            call.answer(sdp);
          },
        );
        assert.equal(heard.sipp, '');
        assert.equal(heard.acknowledged, 1);
        assert.deepEqual(brief(heard.end).slice(0, 3), ['bye', 'remote', 200]);
      });

      it('answers a caller and hangs up, waiting for the ACK', async () => {
        const heard = await serve(protocol, { scenario: 'caller-is-hung-up' }, (call) => {
          call.answer(sdp);
          call.bye();
        });
        assert.equal(heard.sipp, '');
        assert.deepEqual(brief(heard.end).slice(0, 3), ['bye', 'local', 200]);
      });

      it('answers OPTIONS', async () => {
        const sipp = await startSipp({ scenario: 'caller-options', protocol, remote: `127.0.0.1:${port}` });
        const { code, errors } = await sipp.done;
        assert.equal(code, 0, errors);
      });
    });
  }

  it('ends each of 100 calls of which one message in eight is lost', async () => {
    const ends: string[] = [];
    const allEnded = new Promise<void>((resolve) => {
      onInvite = (call) => {
        call.ring();
        call.answer(sdp);
        return {
          ended: ({ kind, by }) => {
            if (ends.push(`${kind} ${by}`) === 100) resolve();
          },
        };
      };
    });
    const sipp = await startSipp({
      scenario: 'caller-hangs-up',
      remote: `127.0.0.1:${port}`,
      calls: 100,
      callsPerSecond: 100,
      values: { hold: '20' },
      seconds: 40,
      extra: ['-lost', '12'],
    });
    const { code, errors } = await sipp.done;
    assert.equal(code, 0, errors);
    await allEnded;
    const hungUp = ends.filter((end) => end === 'bye remote').length;
    // SIPp gives up a call of which it lost both ACK and BYE; ours ends by itself then.
    assert.ok(hungUp > 80, `${hungUp} hung up`);
    assert.deepEqual(
      new Set(ends.filter((end) => end !== 'bye remote')),
      new Set(hungUp < 100 ? ['ack-timeout local'] : []),
    );
  });

  it('goes to TCP with a request that is too large for a datagram, and falls back where nobody takes it', async () => {
    const headers = [{ name: 'X-Large', value: 'x'.repeat(2000) }];
    const overTcp = await place('tcp', { scenario: 'callee-final' }, {}, { as: 'udp', headers });
    assert.deepEqual(brief(overTcp.end).slice(0, 3), ['final', 'remote', 486]);
    assert.equal(overTcp.sipp, '');
    const overUdp = await place('udp', { scenario: 'callee-final' }, {}, { as: 'udp', headers });
    assert.deepEqual(brief(overUdp.end).slice(0, 3), ['final', 'remote', 486]);
  });
});

interface Doing {
  readonly progress?: (call: OutboundCall) => void;
  readonly answered?: (call: OutboundCall) => void;
}

async function place(
  protocol: 'udp' | 'tcp',
  options: SippOptions,
  doing: Doing = {},
  more: {
    readonly as?: Protocol;
    readonly headers?: readonly { readonly name: string; readonly value: string }[];
  } = {},
) {
  const sipp = await startSipp({ ...options, protocol });
  const heard = { progress: [] as number[], answered: 0, offers: [] as string[] };
  const end = await new Promise<CallEnd>((resolve) => {
    const handlers: OutboundHandlers = {
      progress: ({ status }) => {
        heard.progress.push(status);
        doing.progress?.(call);
      },
      answered: () => {
        heard.answered += 1;
        doing.answered?.(call);
      },
      offer: (offer) => {
        heard.offers.push(offer ?? '');
        return sdp.replace('m=audio 40000', 'a=recvonly\r\nm=audio 40000');
      },
      ended: resolve,
    };
    const call = endpoint.invite(
      {
        target: { host: sipp.host, port: sipp.port, protocol: more.as ?? protocol },
        requestUri: `sip:+15557654321@${sipp.host}:${sipp.port}`,
        from: `sip:+15550000000@127.0.0.1:${port}`,
        to: `sip:+15557654321@${sipp.host}:${sipp.port}`,
        sdp,
        headers: more.headers ?? [],
      },
      handlers,
    );
  });
  if (options.scenario === 'callee-silent') sipp.stop();
  const result = await sipp.done;
  return { ...heard, end, sipp: result.code === 0 ? '' : `${result.code} ${result.errors}` };
}

async function serve(protocol: 'udp' | 'tcp', options: SippOptions, act: (call: InboundCall) => void) {
  let acknowledged = 0;
  const ended = new Promise<CallEnd>((resolve) => {
    onInvite = (call) => {
      act(call);
      return { acknowledged: () => acknowledged++, ended: resolve };
    };
  });
  const sipp = await startSipp({ ...options, protocol, remote: `127.0.0.1:${port}` });
  const result = await sipp.done;
  assert.equal(result.code, 0, result.errors);
  return { end: await ended, acknowledged, sipp: '' };
}

function brief(end: CallEnd): readonly unknown[] {
  return [end.kind, end.by, end.status, end.reason, end.q850?.code];
}
