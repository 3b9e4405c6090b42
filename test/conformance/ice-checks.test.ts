/** Phones that ask for ICE and check as they should, wrongly, or not at all. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { writeCheck } from '../../src/wire/stun/check.ts';
import { type Application, invite, openApplication, resultOf } from '../peers/application.ts';
import { type LinePhone, openPhoneLine, type PhoneLine } from '../peers/phone-line.ts';
import { reached } from '../peers/timeline.ts';

const theirs = '+15567654321';
const ours = '+18005550101';
const spoken = 0x21;

describe('a phone that asks for ICE', () => {
  const own = { ufrag: 'them', password: 'the+password+of+the+phone' };
  let line: PhoneLine;
  let server: Ringback;
  let app: Application;

  beforeEach(async () => {
    line = await openPhoneLine(['PCMU'], {}, (port) => [
      `a=ice-ufrag:${own.ufrag}`,
      `a=ice-pwd:${own.password}`,
      `a=candidate:1 1 UDP 2130706431 127.0.0.1 ${port} typ host`,
    ]);
    server = await startRingback({
      config: `
carrier: { simulated: false }
trunks:
  - { name: ice, kind: direct-routing, host: 127.0.0.1, port: ${line.port}, ice: true }
routes:
  - { pattern: '\\+1556\\d{7}', trunk: ice }
destinations: { allow: ['+1556'] }
sip: { t1: 50ms, t4: 500ms, healthInterval: 1h }
drainTimeout: 100ms
`,
    });
    app = await openApplication({ server: server.server.ready });
    await app.listen();
  });
  afterEach(async () => {
    await server.stop();
    await line[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  });

  const called = async () => {
    const { callConnectionProperties } = await app.client.createCall(invite(theirs), app.callbackUrl);
    const far = await line.answered();
    const id = callConnectionProperties.callConnectionId ?? '';
    await app.next('CallConnected', id);
    return { id, far };
  };
  const calling = async () => {
    const dialling = line.call(ours, server.sip.udp);
    const { incomingCallContext } = await app.incoming();
    await app.client.answerCall(incomingCallContext, app.callbackUrl);
    const { callConnectionId: id = '' } = await app.next('CallConnected');
    return { id, far: await dialling };
  };
  const lateIn = async (id: string, why: RegExp): Promise<void> => {
    await server.clock.advance('20s');
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [410, 531004]);
    await reached(server.server.ready, id, new RegExp(`ended: 410/531004 .*${why.source}`));
  };

  /** A check that chooses the pair it is sent over, with the password that the server gave, or another. */
  const check = ({ rtp, server: to, description }: LinePhone, password?: string): void => {
    const [, ufrag = ''] = /^a=ice-ufrag:(\S+)/m.exec(description) ?? [];
    const [, given = ''] = /^a=ice-pwd:(\S+)/m.exec(description) ?? [];
    const far = { ufrag, password: password ?? given };
    const chance = { transaction: randomBytes(12), tieBreaker: randomBytes(8) };
    rtp.send(to, writeCheck({ own, far, ...chance, nominates: true }));
  };

  for (const [direction, connect] of [
    ['is called', called],
    ['calls', calling],
  ] as const) {
    test(`${direction} and never checks ends with 410/531004, whatever audio it sends`, async () => {
      const { id, far } = await connect();
      for (let packets = 0; packets < 5; packets++) far.rtp.say(far.server);
      await lateIn(id, /ICE: no connectivity check ever came/);
      assert.equal((await far.ended).kind, 'bye');
      assert.equal(far.rtp.heard.length, 0);
    });

    test(`${direction} and checks with a wrong password is refused, and ends with 410/531004`, async () => {
      const { id, far } = await connect();
      check(far, 'a guess');
      await lateIn(id, /ICE: 1 connectivity checks came and were refused, the last with 401 Unauthorized/);
    });

    test(`${direction} and checks is heard once its pair is chosen`, async () => {
      const { id, far } = await connect();
      check(far);
      await far.sayUntil(spoken, () => (far.rtp.heard.length > 0 ? undefined : 'nothing heard'));
      await reached(server.server.ready, id, /first packet/);
      far.hangUp();
      await app.next('CallDisconnected', id);
    });
  }
});
