/** Calls that are handed over to and by baresip, a foreign phone with audio: by REFER, both ways. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, openApplication, phone, resultOf } from '../peers/application.ts';
import { Baresip, baresipMissing, phonePort } from '../peers/baresip.ts';
import { fetchCapture } from '../peers/capture.ts';
import { reached } from '../peers/timeline.ts';
import { complaints, tsharkMissing } from '../peers/tshark.ts';

const skip = baresipMissing();
const unread = tsharkMissing() !== false;
const number = '+15557654321';
/** Another line of the same phone. */
const beside = '+15557650000';
/** One of the simulated carrier, which answers and plays a tone. */
const elsewhere = '+15005552030';

const settings = (protocol: 'udp' | 'tcp', port: number): string => `
carrier: { simulated: true }
trunks:
  - { name: sbc, kind: direct-routing, host: 127.0.0.1, port: ${port}, protocol: ${protocol} }
routes:
  - { pattern: '\\+1555\\d{7}', trunk: sbc }
destinations: { allow: ['+1555'] }
sip: { t1: 100ms, t4: 1s, healthInterval: 1h }
drainTimeout: 100ms
`;

for (const transport of ['udp', 'tcp'] as const) {
  describe(`baresip over ${transport.toUpperCase()}`, { skip, timeout: 120_000 }, () => {
    let server: Ringback;
    let app: Application;
    let far: Baresip;
    let port: number;
    let id: string;

    beforeEach(async () => {
      port = await phonePort();
      server = await startRingback({ config: settings(transport, port) });
      app = await openApplication({ server: server.server.ready });
      await app.listen();
      far = await Baresip.start({ transport, port, user: number, lines: [beside], answers: 'auto' });
      const to = { targetParticipant: phone(number), sourceCallIdNumber: phone('+18005550100') };
      const { callConnectionProperties } = await app.client.createCall(to, app.callbackUrl);
      id = callConnectionProperties.callConnectionId ?? '';
      await app.next('CallConnected', id);
      await far.next('CALL_ESTABLISHED');
      await until(/first packet/);
    });
    afterEach(async () => {
      await far[Symbol.asyncDispose]();
      await server.stop();
      await app[Symbol.asyncDispose]();
    });
    const until = (line: RegExp): Promise<readonly string[]> => reached(server.server.ready, id, line);
    const wellFormed = async (): Promise<void> => {
      if (unread) return;
      assert.deepEqual(await complaints(await fetchCapture(server.server.ready, id), port), []);
    };

    test('a phone that is transferred calls the target itself, and the application is out', async () => {
      await app.client.getCallConnection(id).transferCallToParticipant(phone(beside));
      assert.deepEqual(resultOf(await app.next('CallTransferAccepted', id)), [200, 0]);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7015]);
      await far.next('CALL_CLOSED');
      await until(/^REFER /);
      await wellFormed();
    });

    test('a phone that transfers is gone at once, and the application talks with who it chose', async () => {
      const suffix = transport === 'tcp' ? ';transport=tcp' : '';
      await far.do('transfer', `sip:${elsewhere}@127.0.0.1:${server.sip.udp}${suffix}`);
      await until(/the transfer succeeded/);
      await far.next('CALL_CLOSED');
      const { values = [] } = await app.client.getCallConnection(id).listParticipants();
      const phones = values.flatMap(({ identifier }) =>
        identifier && 'phoneNumber' in identifier ? [identifier.phoneNumber] : [],
      );
      assert.deepEqual(phones, [elsewhere]);
      await until(/first packet of \+15005552030/);
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
      await wellFormed();
    });

    test('a phone that transfers to somebody busy is told 486; this one then hangs up, and so its call ends', async () => {
      await far.do('transfer', `sip:+15005554860@127.0.0.1:${server.sip.udp}`);
      const { param } = await far.next('TRANSFER_FAILED');
      assert.match(param ?? '', /486/);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 560000]);
    });
  });
}
