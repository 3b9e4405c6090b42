/** PSTN rows of our own numbering plan: nobody beyond the trunk is asked, SIPp sees the calls that are let through. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe } from 'node:test';
import { type Application, phone } from '../peers/application.ts';
import { newestCall } from '../peers/call-log.ts';
import { sippMissing } from '../peers/sipp.ts';
import { SippStage } from '../peers/sipp-stage.ts';
import { timeline } from '../peers/timeline.ts';
import { assertEnd, type Case, type Cases, type End, playAll } from './pstn-rows.fixture.ts';

const skip = sippMissing();

const plan = `
numbers:
  - { number: '+18005550100' }
  - { number: '+18005550101' }
  - { number: '+18005550102', blocked: true }
  - { number: '+18005550103', capabilities: { calling: inbound } }
  - { number: '+18005550104', capabilities: { calling: outbound }, maxConcurrentCalls: 1 }
numberRanges:
  - { from: '+18005550190', to: '+18005550199' }
`;
const known = '+15557654321';

describe('our own numbering plan', { skip, timeout: 60_000 }, () => {
  let stage: SippStage;
  let app: Application;
  before(async () => {
    stage = await SippStage.open({ protocol: 'udp', t1: 50, more: plan });
    app = stage.app;
  });
  afterEach(() => stage.clean());
  after(() => stage.close());

  const refused = async (end: Omit<End, 'server' | 'app' | 'direction'>): Promise<void> => {
    await assertEnd({ ...end, server: stage.server, app, direction: 'outbound' });
    const asked = (await timeline(stage.server.server.ready, end.id)).filter((text) => /^INVITE /.test(text));
    assert.deepEqual(asked, [], 'no carrier is asked');
  };
  const notOwned = {
    line: 'pstn:403/510403',
    logged: [403, 510403],
    situation: 'caller-id-not-owned@routing',
  } as const;
  const noRoute = {
    line: 'pstn:403/511532',
    logged: [403, 511532],
    situation: 'no-route@routing',
  } as const;
  const unassigned = {
    line: 'pstn:404/511404',
    logged: [404, 511404],
    situation: 'own-number-unassigned@routing',
  } as const;

  const shows = (title: string, from: string): Case => ({
    title,
    play: async () => refused({ ...notOwned, id: await stage.dial(known, from) }),
  });
  const dialled = (title: string, to: string): Case => ({
    title,
    async play() {
      await stage.caller({ scenario: 'caller-refused', service: to, values: { code: '404' } });
      await stage.sippIsContent();
      const id = await newestCall(stage.server.server.ready);
      await assertEnd({ ...unassigned, server: stage.server, id, direction: 'inbound' });
    },
  });

  const redirected = (title: string, to: string, end: Pick<End, 'line' | 'logged' | 'situation'>): Case => ({
    title,
    async play() {
      const { server } = stage;
      await stage.caller({ scenario: 'caller-refused', values: { code: '403' } });
      const { incomingCallContext } = await app.incoming();
      await app.client.redirectCall(incomingCallContext, { targetParticipant: phone(to) });
      await stage.sippIsContent();
      const id = await newestCall(server.server.ready);
      for (const direction of ['outbound', 'inbound'] as const)
        await assertEnd({ ...end, server, id, direction });
    },
  });

  const cases: Cases<'plan'> = {
    'pstn:403/510403': [
      shows('a caller id that is no number of ours', '+18005559999'),
      shows('a caller id that is blocked as spam', '+18005550102'),
      shows('a caller id that may only be called', '+18005550103'),
      {
        title: 'no caller id at all',
        async play() {
          const { callConnectionProperties } = await app.client.createCall(
            { targetParticipant: phone(known) },
            app.callbackUrl,
          );
          await refused({ ...notOwned, id: callConnectionProperties.callConnectionId ?? '' });
        },
      },
      {
        title: 'a destination under no prefix of destinations.allow',
        play: async () =>
          refused({
            ...notOwned,
            situation: 'destination-not-allowed@routing',
            id: await stage.dial('+15561234567'),
          }),
      },
      redirected(
        'a caller is redirected to a destination that is not allowed, and gets 403',
        '+15561234567',
        {
          ...notOwned,
          situation: 'destination-not-allowed@routing',
        },
      ),
    ],
    'pstn:403/511532': [
      {
        title: 'a number to which no trunk leads',
        play: async () => refused({ ...noRoute, id: await stage.dial('+15571234567') }),
      },
      redirected('a caller is redirected to such a number, and gets 403', '+15571234567', noRoute),
    ],
    'pstn:404/511404': [
      {
        title: 'the application dials a number of our own range that nobody holds',
        play: async () => refused({ ...unassigned, id: await stage.dial('+18005550195') }),
      },
      {
        title: 'the application dials a number of ours that takes no calls',
        play: async () => refused({ ...unassigned, id: await stage.dial('+18005550104') }),
      },
      dialled('a phone dials a number of our own range that nobody holds, and gets 404', '+18005550195'),
      dialled('a phone dials a number of ours that takes no calls, and gets 404', '+18005550104'),
      dialled('a phone dials a number that is not ours at all, and gets 404', '+14255550123'),
    ],
    'pstn:603/560603': [
      {
        title:
          'a number has as many calls as it may, without SIP details; when one is over, the next goes through',
        async play() {
          const from = '+18005550104';
          await stage.sipp({ scenario: 'callee-answers', calls: 2 });
          const first = await stage.dial(known, from);
          await app.next('CallConnected', first);
          await refused({
            id: await stage.dial(known, from),
            line: 'pstn:603/560603',
            logged: [603, 560603],
            situation: 'number-cap-reached@routing',
          });
          await app.client.getCallConnection(first).hangUp(true);
          await app.next('CallDisconnected', first);
          const next = await stage.dial(known, from);
          await app.next('CallConnected', next);
          await app.client.getCallConnection(next).hangUp(true);
          await stage.sippIsContent();
        },
      },
      {
        title: 'of a number without a cap of its own, a carrier takes two calls at a time',
        async play() {
          await stage.sipp({ scenario: 'callee-answers', calls: 2 });
          const two = [await stage.dial(), await stage.dial()];
          for (const id of two) await app.next('CallConnected', id);
          await refused({
            id: await stage.dial(),
            line: 'pstn:603/560603',
            logged: [603, 560603],
            situation: 'number-cap-reached@routing',
          });
          for (const id of two) await app.client.getCallConnection(id).hangUp(true);
          await stage.sippIsContent();
        },
      },
    ],
  };
  playAll(cases);
});
