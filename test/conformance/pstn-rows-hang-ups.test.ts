/** PSTN rows of those who end a call: we, the phone that was called, the phone that called; before the answer and after it. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Application, resultOf } from '../peers/application.ts';
import { loggedEnd, newestCall } from '../peers/call-log.ts';
import { sippMissing } from '../peers/sipp.ts';
import { SippStage } from '../peers/sipp-stage.ts';
import { reached } from '../peers/timeline.ts';
import { assertEnd, type Cases, type End, playAll } from './pstn-rows.fixture.ts';

const skip = sippMissing();

const clearing = { code: 16, message: 'Normal call clearing' };

describe('a call that somebody ends', { skip, timeout: 60_000 }, () => {
  let stage: SippStage;
  let app: Application;
  before(async () => {
    stage = await SippStage.open({ protocol: 'udp', t1: 50 });
    app = stage.app;
  });
  afterEach(() => stage.clean());
  after(() => stage.close());

  const ready = () => stage.server.server.ready;
  const ended = async (end: Omit<End, 'server' | 'app'>): Promise<void> => {
    await assertEnd({ server: stage.server, app, ...end });
    await stage.sippIsContent();
  };
  const answered = async (): Promise<string> => {
    const { incomingCallContext } = await app.incoming();
    const { callConnectionProperties } = await app.client.answerCall(incomingCallContext, app.callbackUrl);
    const { callConnectionId: id = '' } = callConnectionProperties;
    await app.next('CallConnected', id);
    return id;
  };
  const rings = async (): Promise<string> => {
    const id = await stage.call({ scenario: 'callee-cancelled' });
    await reached(ready(), id, /^180 Ringing/);
    return id;
  };

  const hungUpHere = {
    line: 'pstn:0/0',
    logged: [0, 0],
    situation: 'hung-up-here@connected',
    told: [200, 7000],
    by: ['CallDisconnected'],
    row: 'call/0/7000',
  } as const;
  const cancelled = {
    line: 'pstn:497/560487',
    logged: [487, 560487],
    direction: 'outbound',
    situation: 'cancelled-by-us@inviting',
  } as const;
  const gone = {
    line: 'pstn:487/540487',
    logged: [487, 540487],
    direction: 'inbound',
    situation: 'caller-cancelled@offering',
    q850: clearing,
  } as const;

  const cases: Cases<'hang-ups'> = {
    'pstn:0/0': [
      {
        title: 'the application hangs up the phone that it called',
        async play() {
          const id = await stage.call({ scenario: 'callee-answers' });
          await app.next('CallConnected', id);
          await app.client.getCallConnection(id).hangUp(false);
          await ended({ ...hungUpHere, id, direction: 'outbound' });
        },
      },
      {
        title: 'the application hangs up the phone that called it',
        async play() {
          await stage.caller({ scenario: 'caller-is-hung-up' });
          const id = await answered();
          await app.client.getCallConnection(id).hangUp(true);
          await ended({ ...hungUpHere, id, direction: 'inbound' });
        },
      },
    ],
    'pstn:0/560000': [
      {
        title: 'the phone that was called hangs up, and says why',
        async play() {
          const id = await stage.call({ scenario: 'callee-hangs-up', values: { hold: '50' } });
          await ended({
            id,
            line: 'pstn:0/560000',
            logged: [0, 560000],
            direction: 'outbound',
            situation: 'callee-hung-up@connected',
            q850: clearing,
            told: [200, 560000],
            by: ['CallDisconnected'],
          });
        },
      },
    ],
    'pstn:0/540000': [
      {
        title: 'the phone that called hangs up',
        async play() {
          await stage.caller({ scenario: 'caller-hangs-up', values: { hold: '50' } });
          await ended({
            id: await answered(),
            line: 'pstn:0/540000',
            logged: [0, 540000],
            direction: 'inbound',
            situation: 'caller-hung-up@connected',
            told: [200, 540000],
            by: ['CallDisconnected'],
          });
        },
      },
    ],
    'pstn:487/540487': [
      {
        title: 'a caller gives up before anybody answers, and the context of the call is over',
        async play() {
          await stage.caller({ scenario: 'caller-cancels', values: { ring: '50' } });
          const { incomingCallContext } = await app.incoming();
          await stage.sippIsContent();
          await assertEnd({ ...gone, server: stage.server, id: await newestCall(ready()) });
          await assert.rejects(app.client.answerCall(incomingCallContext, app.callbackUrl), {
            statusCode: 404,
            code: '8522',
          });
        },
      },
      {
        title: 'a caller gives up while the answer is under way, which fails',
        async play() {
          await stage.caller({ scenario: 'caller-cancels', values: { ring: '1500' } });
          const { incomingCallContext } = await app.incoming();
          // Without its audio port the call cannot be answered towards the phone.
          await signedRequest(ready(), 'POST', 'faults', { fault: 'media-stopped' });
          try {
            const { callConnectionProperties } = await app.client.answerCall(
              incomingCallContext,
              app.callbackUrl,
            );
            const { callConnectionId: id = '' } = callConnectionProperties;
            await ended({ ...gone, id, by: ['AnswerFailed', 'CallDisconnected'] });
          } finally {
            await signedRequest(ready(), 'DELETE', 'faults/media-stopped', undefined);
          }
        },
      },
    ],
    'pstn:497/560487': [
      {
        title: 'the application gives up while it rings: it is told 487/0, the log says who cancelled',
        async play() {
          const id = await rings();
          await app.client.getCallConnection(id).hangUp(false);
          await ended({ ...cancelled, id, told: [487, 0], by: ['CallDisconnected'], row: 'call/487/0' });
        },
      },
      {
        title: 'it rings out: the application is told 487/10004, the log says who cancelled',
        async play() {
          const id = await rings();
          await stage.server.clock.advance('115s');
          await ended({ ...cancelled, id, told: [487, 10004], row: 'call/487/10004' });
        },
      },
    ],
  };
  playAll(cases);
});

describe('with compat.code560487: 497', { skip, timeout: 60_000 }, () => {
  let stage: SippStage;
  before(async () => {
    stage = await SippStage.open({ protocol: 'udp', t1: 50, more: 'compat: { code560487: 497 }' });
  });
  after(() => stage.close());

  test('pstn:497/560487: a carrier’s 487 and our own CANCEL are logged as they are printed', async () => {
    const { app } = stage;
    const each = [{ code: '487', reason: 'Request Terminated', header: 'Reason: Q.850;cause=31' }];
    await stage.sipp({ scenario: 'callee-refuses', each });
    await assertEnd({
      server: stage.server,
      app,
      id: await stage.dial('+15554870000'),
      direction: 'outbound',
      line: 'pstn:497/560487',
      logged: [497, 560487],
      situation: 'sip-487@inviting',
      sip: { code: 487, message: 'Request Terminated' },
      q850: { code: 31, message: '' },
    });
    await stage.sippIsContent();

    const id = await stage.call({ scenario: 'callee-cancelled' });
    await reached(stage.server.server.ready, id, /^180 Ringing/);
    await app.client.getCallConnection(id).hangUp(false);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [487, 0]);
    assert.deepEqual(await loggedEnd(stage.server.server.ready, id), [497, 560487]);
    await stage.sippIsContent();
  });
});
