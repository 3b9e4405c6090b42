/** Calls as Wireshark reads them: `ringback call ID --pcap`, taken apart by tshark, which finds nothing wrong with them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CannotReproduce, reproduceOn, rowsWithScenario } from '../../scenarios/run.ts';
import { developmentKey } from '../../src/config/development.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { writeCapture } from '../../src/wire/pcap/capture.ts';
import { type ReadPacket, readCapture } from '../../src/wire/pcap/reader.fixture.ts';
import { type Application, invite, openApplication, phone } from '../peers/application.ts';
import { fetchCapture } from '../peers/capture.ts';
import { openPhoneLine, type PhoneLine } from '../peers/phone-line.ts';
import { complaints, tsharkMissing } from '../peers/tshark.ts';

const skip = tsharkMissing();
const ringback = fileURLToPath(new URL('../../bin/ringback.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'captures-'));
after(() => rmSync(folder, { recursive: true }));

async function capture({ connectionString }: Ringback, id: string): Promise<Buffer> {
  const file = join(folder, `${id}.pcap`);
  const args = ['call', id, '--pcap', file, '--connection-string', connectionString];
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [ringback, ...args], {
    cwd: folder,
    env: { ...env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  assert.equal(stdout, '');
  assert.match(stderr, /\.pcap is\s+written \(\d+ bytes\)/);
  return readFileSync(file);
}

/** Over plain HTTP, which the command is told by a connection string. */
const plainly = (server: Ringback): Ringback => ({
  ...server,
  connectionString: `endpoint=${server.httpEndpoint};accesskey=${developmentKey}`,
});

const firstLines = (packets: readonly ReadPacket[]): readonly string[] =>
  packets.map(({ payload }) => (payload.split('\r\n')[0] ?? '').replace(/ ?SIP\/2\.0 ?/, ''));

describe('captures of calls between phones', () => {
  let line: PhoneLine;
  let server: Ringback;
  let app: Application;
  const open = async (protocol: 'udp' | 'tcp'): Promise<void> => {
    line = await openPhoneLine();
    server = await startRingback({
      config: `
carrier: { simulated: false }
trunks:
  - { name: phones, kind: carrier, host: 127.0.0.1, port: ${line.port}, protocol: ${protocol}, maxConcurrentCallsPerNumber: 10 }
routes: [{ pattern: '\\+1555\\d{7}', trunk: phones }]
destinations: { allow: ['+1555'] }
sip: { t1: 50ms, t4: 500ms }
drainTimeout: 100ms
`,
    });
    app = await openApplication({ server: server.server.ready });
  };
  afterEach(async () => {
    await server.stop();
    await line[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  });
  const call = async (): Promise<string> => {
    const to = { ...invite('+15557654321'), sourceDisplayName: 'Zoë "Z" Ångström' };
    const { callConnectionProperties } = await app.client.createCall(to, app.callbackUrl);
    const id = callConnectionProperties.callConnectionId ?? '';
    await app.next('CallConnected', id);
    (await line.answered()).hangUp();
    await app.next('CallDisconnected', id);
    return id;
  };

  for (const protocol of ['udp', 'tcp'] as const) {
    test(`over ${protocol.toUpperCase()} hold every message of the call, between its addresses`, async () => {
      await open(protocol);
      const packets = readCapture(await capture(plainly(server), await call()));
      const [first] = packets;
      const ours = `127.0.0.1:${server.sip.udp}`;
      assert.equal(first?.to, `127.0.0.1:${line.port}`);
      if (protocol === 'udp') assert.equal(first.from, ours);
      assert.deepEqual(new Set(packets.map((packet) => packet.protocol)), new Set([protocol]));
      const told = firstLines(packets);
      assert.match(told[0] ?? '', /^INVITE sip:\+15557654321@/);
      assert.deepEqual(
        told.filter((text) => /^\d/.test(text)),
        ['100 Trying', '180 Ringing', '200 OK', '200 OK'],
      );
      assert.match(first.payload, /Zoë/);
    });

    test(`over ${protocol.toUpperCase()} are read by tshark without a complaint`, { skip }, async () => {
      await open(protocol);
      assert.deepEqual(await complaints(await capture(plainly(server), await call())), []);
    });
  }

  test('of a redirected call hold both of its legs', { skip }, async () => {
    await open('udp');
    await app.listen();
    const calling = line.call('+18005550101', server.sip.udp);
    const { incomingCallContext, correlationId } = await app.incoming();
    await app.client.redirectCall(incomingCallContext, { targetParticipant: phone('+15557654321') });
    await line.answered();
    const caller = await calling;
    caller.hangUp();
    await caller.ended;
    const bytes = await capture(plainly(server), correlationId);
    const invites = firstLines(readCapture(bytes)).filter((text) => text.startsWith('INVITE'));
    assert.equal(invites.length, 2);
    assert.deepEqual(await complaints(bytes), []);
  });
});

describe('captures of the scenarios', { skip }, () => {
  let server: Ringback;
  beforeEach(async () => {
    server = await startRingback();
  });
  afterEach(() => server.stop());

  test('are read by tshark without a complaint', async () => {
    const { httpEndpoint: http, endpoint: https, ca } = server;
    const { ready } = server.server;
    const running = {
      address: { http, https, ca },
      key: developmentKey,
      clock: 'manual' as const,
      rtpPorts: ready.rtp,
    };
    const played: string[] = [];
    for (const row of rowsWithScenario.filter((id) => id.startsWith('call/'))) {
      try {
        await reproduceOn(row, running);
        played.push(row);
      } catch (refused) {
        // Rows of broken parts and restarts; what goes over the wire then is not theirs to show.
        if (!(refused instanceof CannotReproduce)) throw refused;
      }
    }
    assert.ok(played.length > 20, played.join(' '));
    const { value: calls } = (await signedRequest(ready, 'GET', 'calls?limit=1000', undefined)) as {
      readonly value: readonly { readonly callId: string; readonly row: string }[];
    };
    const all = await Promise.all(calls.map(({ callId }) => fetchCapture(ready, callId)));
    const packets = all.map((bytes) => bytes.subarray(24));
    const lines = firstLines(all.flatMap((bytes) => readCapture(bytes)));
    for (const method of ['INVITE', 'ACK', 'BYE', 'CANCEL', '100', '180', '200', '486', '487', '603'])
      assert.ok(
        lines.some((text) => text.startsWith(`${method} `)),
        `no ${method} among ${lines.join(', ')}`,
      );
    assert.deepEqual(await complaints(Buffer.concat([all[0]!.subarray(0, 24), ...packets])), []);
  });
});

describe('tshark', { skip }, () => {
  const ends = { at: 0, transport: 'TCP', from: '127.0.0.1:5061', to: '127.0.0.1:5090' } as const;
  const options = (...lines: readonly string[]): Uint8Array => {
    const head = ['OPTIONS sip:x@127.0.0.1 SIP/2.0', 'Via: SIP/2.0/TCP 127.0.0.1', 'CSeq: 1 OPTIONS'];
    const payload = new TextEncoder().encode([...head, ...lines, '', ''].join('\r\n'));
    return writeCapture([{ ...ends, payload }]);
  };

  test('takes a message whose credentials are hidden', async () => {
    const hidden = 'Authorization: Digest credentials="(hidden)"';
    assert.deepEqual(await complaints(options(hidden, 'Content-Length: 0')), []);
  });

  test('does complain when a message is wrong', async () => {
    for (const wrong of ['nonsense', 'Max-Forwards 70', 'Content-Length: 9'])
      assert.notDeepEqual(await complaints(options(wrong)), [], wrong);
  });
});
