/** Keep-alives on connections of our own (RFC 5626 3.5.1). */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { quietNetwork, until } from '../../../test/peers/raw-sip.ts';
import type { SipEndpoint } from './api.ts';
import { wallClock } from './clock.ts';
import { createSipEndpoint } from './endpoint.ts';
import type { Connection } from './network.ts';

const target = { host: '127.0.0.1', port: 5070, protocol: 'tcp' } as const;
let endpoint: SipEndpoint;
afterEach(() => endpoint.stop(0));

/** A peer on a stream that answers OPTIONS, and pings as long as it is told to. */
async function connected(pongs: () => boolean, keepAliveMs = 5) {
  const net = quietNetwork();
  const seen = { pings: 0, closed: 0, opened: 0 };
  await net.network.listen(target, (connection: Connection) => {
    seen.opened += 1;
    return {
      connected() {},
      received(bytes) {
        const text = bytes.toString('latin1');
        if (text === '\r\n\r\n') {
          seen.pings += 1;
          if (pongs()) connection.write(Buffer.from('\r\n'));
          return;
        }
        const headers = text.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
        connection.write(
          Buffer.from(['SIP/2.0 200 OK', ...headers, 'Content-Length: 0', '', ''].join('\r\n')),
        );
      },
      closed() {
        seen.closed += 1;
      },
    };
  });
  endpoint = createSipEndpoint({
    ...{ hosts: ['127.0.0.1'], port: 5060, clock: wallClock, network: net.network },
    bounds: { keepAliveMs },
  });
  await endpoint.start();
  const ping = (): Promise<string> =>
    new Promise((resolve) => endpoint.options(target, ({ kind }) => resolve(kind)));
  assert.equal(await ping(), 'response');
  return { seen, ping };
}

describe('a connection of our own', () => {
  it('is pinged, and stays while the peer answers', async () => {
    const { seen } = await connected(() => true, 60);
    await until(() => (seen.pings >= 4 ? undefined : `${seen.pings} pings`));
    assert.deepEqual([seen.opened, seen.closed, endpoint.stats().connections], [1, 0, 1]);
  });

  it('is given up when the peer stops to answer, and opened again when something is to be sent', async () => {
    let alive = true;
    const { seen, ping } = await connected(() => alive);
    await until(() => (seen.pings >= 2 ? undefined : `${seen.pings} pings`));
    alive = false;
    await until(() => (seen.closed === 1 ? undefined : 'open'));
    assert.equal(endpoint.stats().connections, 0);
    assert.equal(await ping(), 'response');
    assert.equal(seen.opened, 2);
  });

  it('stays with a peer that never answered any: not everybody does', async () => {
    const { seen } = await connected(() => false);
    await until(() => (seen.pings >= 4 ? undefined : `${seen.pings} pings`));
    assert.equal(seen.closed, 0);
  });
});
