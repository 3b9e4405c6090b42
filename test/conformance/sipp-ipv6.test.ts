/** Calls between an application and SIPp over IPv6, in both directions. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, resultOf } from '../peers/application.ts';
import { fetchCapture } from '../peers/capture.ts';
import { freePort } from '../peers/free-port.ts';
import { sippMissing, startSipp } from '../peers/sipp.ts';
import { complaints, tsharkMissing } from '../peers/tshark.ts';

const skip = sippMissing();
const unread = tsharkMissing() !== false;
const host = '::1';

for (const protocol of ['udp', 'tcp'] as const) {
  describe(`SIPp over ${protocol.toUpperCase()} and IPv6`, { skip, timeout: 60_000 }, () => {
    let server: Ringback;
    let app: Application;
    let port: number;
    before(async () => {
      port = await freePort();
      server = await startRingback({
        config: `
carrier: { simulated: false }
trunks: [{ name: sipp, kind: carrier, host: '${host}', port: ${port}, protocol: ${protocol} }]
routes: [{ pattern: '\\+1555\\d{7}', trunk: sipp }]
destinations: { allow: ['+1555'] }
media: { address: '${host}' }
sip: { t1: 50ms, t4: 500ms, healthInterval: 1h }
drainTimeout: 100ms
`,
      });
      app = await openApplication({ server: server.server.ready });
      await app.listen();
      // The first OPTIONS finds nobody; SIPp must not be asked again in the middle of a call.
      await server.clock.advance('3200ms');
    });
    after(async () => {
      await server.stop();
      await app[Symbol.asyncDispose]();
    });

    test('a carrier answers and the application hangs up: 200/7000', async () => {
      const sipp = await startSipp({ scenario: 'callee-answers', protocol, host, port });
      const to = invite('+15557654321');
      const { callConnectionProperties } = await app.client.createCall(to, app.callbackUrl);
      const id = callConnectionProperties.callConnectionId ?? '';
      await app.next('CallConnected', id);
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
      const { code, errors } = await sipp.done;
      assert.equal(code, 0, errors);
      if (unread) return;
      assert.deepEqual(await complaints(await fetchCapture(server.server.ready, id), port), []);
    });

    test('a caller is answered and hangs up: 200/540000', async () => {
      const remote = `[${host}]:${server.sip.udp}`;
      const sipp = await startSipp({
        ...{ scenario: 'caller-hangs-up', protocol, host, port, remote },
        ...{ service: '+18005550101', values: { hold: '50' } },
      });
      const { incomingCallContext } = await app.incoming();
      await app.client.answerCall(incomingCallContext, app.callbackUrl);
      const { callConnectionId } = await app.next('CallConnected');
      assert.deepEqual(resultOf(await app.next('CallDisconnected', callConnectionId)), [200, 540000]);
      const { code, errors } = await sipp.done;
      assert.equal(code, 0, errors);
    });
  });
}
