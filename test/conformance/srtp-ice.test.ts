/** Audio of phones with SDES-SRTP and ICE, to and from baresip; what is heard is heard in the clear by a phone behind another trunk. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import { openAuthority } from '../../src/edge/tls/authority.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { decodeG711 } from '../../src/wire/rtp/g711.ts';
import { type Application, invite, openApplication, phone, resultOf } from '../peers/application.ts';
import { Baresip, type BaresipOptions, baresipMissing, phonePort } from '../peers/baresip.ts';
import { BaresipStage } from '../peers/baresip-stage.ts';
import { fetchCapture } from '../peers/capture.ts';
import { type LinePhone, openPhoneLine, type PhoneLine } from '../peers/phone-line.ts';
import { reached } from '../peers/timeline.ts';

const secure = '+15557654321';
const plain = '+15567654321';
const ours = '+18005550101';

interface Stage extends AsyncDisposable {
  readonly server: Ringback;
  readonly app: Application;
  readonly line: PhoneLine;
  readonly far: Baresip;
  readonly log: readonly string[];
}

/** baresip behind one trunk with these settings, phones that speak in the clear behind another. */
async function open(trunk: string, far: Partial<BaresipOptions>): Promise<Stage> {
  const [port, line] = [await phonePort(), await openPhoneLine()];
  const log: string[] = [];
  const server = await startRingback({
    config: `
carrier: { simulated: false }
trunks:
  - { name: sbc, kind: direct-routing, host: 127.0.0.1, port: ${port}, ${trunk} }
  - { name: clear, kind: direct-routing, host: 127.0.0.1, port: ${line.port} }
routes:
  - { pattern: '\\+1555\\d{7}', trunk: sbc }
  - { pattern: '\\+1556\\d{7}', trunk: clear }
destinations: { allow: ['+155'] }
sip: { t1: 100ms, t4: 1s, healthInterval: 1h }
drainTimeout: 100ms
`,
    log: (text) => log.push(text),
  });
  const app = await openApplication({ server: server.server.ready });
  await app.listen();
  const baresip = await Baresip.start({
    transport: 'udp',
    port,
    user: secure,
    answers: 'auto',
    ...far,
  });
  return {
    ...{ server, app, line, far: baresip, log },
    async [Symbol.asyncDispose]() {
      await baresip[Symbol.asyncDispose]();
      await server.stop();
      await line[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    },
  };
}

const samplesOf = (payloads: readonly Uint8Array[]): readonly number[] =>
  payloads.flatMap((payload) => [...decodeG711('PCMU', payload)]);

/** Why the phone does not hear the 440 Hz of baresip: half a second of it crosses zero 440 times. */
const hearsTone = (who: LinePhone) => (): string | undefined => {
  const samples = samplesOf(who.payloads().slice(-25));
  const crossings = samples.filter((sample, i) => i > 0 && sample < 0 !== samples[i - 1]! < 0).length;
  if (samples.length === 4000 && Math.abs(crossings - 440) <= 8) return undefined;
  return `${samples.length} samples, ${crossings} crossings of zero`;
};

/** A byte of sound that silence has none of. */
const spoken = 0x21;

/** Half a second of what the phone in the clear said, as baresip decoded it. */
async function baresipHeard(folder: string): Promise<void> {
  const [level] = samplesOf([Uint8Array.of(spoken)]);
  await until('what baresip heard', async () => {
    const file = readdirSync(folder).find((name) => name.endsWith('-dec.wav'));
    if (file === undefined) return { notYet: 'it recorded nothing' };
    const bytes = readFileSync(path.join(folder, file));
    const samples = Array.from({ length: (bytes.length - 44) >> 1 }, (_, i) => bytes.readInt16LE(44 + 2 * i));
    const found = samples.filter((sample) => sample === level).length;
    return found >= 4000 ? { is: found } : { notYet: `${found} of ${samples.length} samples are ${level}` };
  });
}

const callId = async ({ server }: Stage): Promise<string> => {
  const { value } = (await signedRequest(server.server.ready, 'GET', 'calls?limit=1', undefined)) as {
    readonly value: readonly { readonly callId: string }[];
  };
  return value[0]?.callId ?? '';
};

async function baresipCalls(stage: Stage): Promise<LinePhone> {
  const { far, server, app, line } = stage;
  await far.do('dial', `sip:${ours}@127.0.0.1:${server.sip.udp}`);
  const { incomingCallContext } = await app.incoming();
  await app.client.redirectCall(incomingCallContext, { targetParticipant: phone(plain) });
  const clear = await line.answered();
  await far.next('CALL_ESTABLISHED');
  return clear;
}

async function baresipIsCalled(stage: Stage): Promise<LinePhone> {
  const { far, server, app, line } = stage;
  const calling = line.call(ours, server.sip.udp);
  const { incomingCallContext } = await app.incoming();
  await app.client.redirectCall(incomingCallContext, { targetParticipant: phone(secure) });
  await far.next('CALL_ESTABLISHED');
  return calling;
}

/** baresip names none of loopback, so that it needs another one of this computer; packets stay on it all the same. */
const addressless = Object.values(networkInterfaces())
  .flat()
  .every((address) => address?.internal !== false || address.family !== 'IPv4');
const missing = baresipMissing();

for (const [what, trunk, far, shown, skip] of [
  ['SRTP by SDES', 'media: srtp', { encryption: 'srtp-mand' }, /SRTP AES_CM_128_HMAC_SHA1_80/, missing],
  [
    'ICE',
    'ice: true',
    { nat: 'ice' },
    /where ICE finds a path \(far end full\)/,
    missing || (addressless && 'SKIPPED: no address but loopback, and baresip does no ICE there'),
  ],
  [
    'both',
    'media: srtp, ice: true',
    { encryption: 'srtp-mand', nat: 'ice' },
    /SRTP AES_CM_128_HMAC_SHA1_80, where ICE finds a path/,
    missing || (addressless && 'SKIPPED: no address but loopback, and baresip does no ICE there'),
  ],
] as const) {
  describe(`baresip with ${what}`, { skip, timeout: 90_000 }, () => {
    let stage: Stage;
    let folder: string;
    beforeEach(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'heard-'));
      stage = await open(trunk, { ...far, recordings: folder });
    });
    afterEach(async () => {
      await stage[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    for (const [direction, join] of [
      ['calls', baresipCalls],
      ['is called', baresipIsCalled],
    ] as const)
      test(`${direction}: both ends are heard`, async () => {
        const clear = await join(stage);
        const id = await callId(stage);
        await reached(stage.server.server.ready, id, shown);
        await clear.sayUntil(spoken, hearsTone(clear));
        const had = clear.payloads().length;
        await clear.sayUntil(spoken, () => {
          const packets = clear.payloads().length - had;
          return packets >= 75 ? undefined : `${packets} of 75 packets came meanwhile`;
        });
        await stage.far.do('hangup');
        await baresipHeard(folder);
        await clear.ended;
      });
  });
}
for (const [what, trunk, far] of [
  ['speaks in the clear, behind a trunk of media: srtp', 'media: srtp', {}],
  ['speaks SRTP only, behind a trunk of media: rtp', 'media: rtp', { encryption: 'srtp-mand' }],
] as const) {
  describe(`a phone that ${what}`, { skip: missing, timeout: 60_000 }, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await open(trunk, far);
    });
    afterEach(() => stage[Symbol.asyncDispose]());

    test('calls and is refused with 488', async () => {
      await stage.far.do('dial', `sip:${ours}@127.0.0.1:${stage.server.sip.udp}`);
      const { param } = await stage.far.next('CALL_CLOSED');
      assert.equal(param, '488 Not Acceptable Here');
    });

    test('is called and refuses with 488', async () => {
      await stage.app.client.createCall(invite(secure), stage.app.callbackUrl);
      assert.deepEqual(resultOf(await stage.app.next('CreateCallFailed')), [488, 560488]);
    });
  });
}

test('keys over a trunk that can be read on the way are warned of, and stand in no timeline', {
  skip: missing,
}, async () => {
  await using stage = await open('media: srtp', { encryption: 'srtp-mand' });
  assert.match(
    stage.log.join(),
    /trunk sbc: media: srtp over protocol: udp tells its keys to everybody on the way/,
  );
  const clear = await baresipIsCalled(stage);
  const id = await callId(stage);
  const capture = (await fetchCapture(stage.server.server.ready, id)).toString('latin1');
  const keys = [...capture.matchAll(/^a=crypto:\d+ \S+ inline:([^|\r]+)/gm)].map(([, key]) => key ?? '');
  assert.ok(keys.length > 1 && keys.every((key) => /^x+$/.test(key)), keys.join());
  clear.hangUp();
});

test('keys over TLS are no cause for a warning, whoever calls', {
  skip: missing,
  timeout: 60_000,
}, async (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'ringback-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const authority = await openAuthority();
  const [own, theirs] = await Promise.all([
    authority.issueCertificate(['127.0.0.1']),
    authority.issueCertificate(['127.0.0.1']),
  ]);
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(directory, name), text);
    return path.join(directory, name);
  };
  const [cert, key, caFile] = [
    file('own.pem', own.cert),
    file('own.key', own.key),
    file('ca.pem', authority.ca),
  ];
  const log: string[] = [];
  await using stage = await BaresipStage.open({
    transport: 'tls',
    sipTls: JSON.stringify({ port: 0, cert, key, caFile }),
    trunk: 'media: srtp',
    log: (line) => log.push(line),
  });
  await stage.pickUp('auto', {
    encryption: 'srtp-mand',
    certificate: theirs,
  });
  for (const id of [await stage.connected(), await stage.dialled()]) {
    await stage.until(id, /SRTP AES_CM_128_HMAC_SHA1_80/);
    await stage.until(id, /first packet/);
    await stage.app.client.getCallConnection(id).hangUp(false);
    await stage.endOf(id);
  }
  assert.doesNotMatch(log.join(), /tells its keys/);
});
