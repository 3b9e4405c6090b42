/** PSTN rows of those who say nothing: no SIP, or SIP without audio. The clock of the server is moved by hand. */
import { after, afterEach, before, describe, test } from 'node:test';
import type { Application } from '../peers/application.ts';
import { sippMissing } from '../peers/sipp.ts';
import { SippStage } from '../peers/sipp-stage.ts';
import { reached } from '../peers/timeline.ts';
import { assertEnd, type Cases, type End, playAll } from './pstn-rows.fixture.ts';

const skip = sippMissing();

describe('a far end that is silent', { skip, timeout: 60_000 }, () => {
  let stage: SippStage;
  let app: Application;
  before(async () => {
    stage = await SippStage.open({ protocol: 'udp', t1: 50 });
    app = stage.app;
  });
  afterEach(() => stage.clean());
  after(() => stage.close());

  /** Timers B and H (RFC 3261 17.1.1.2, 13.3.1.4). */
  const patience = '3200ms';
  const until = (id: string, line: RegExp, times?: number) =>
    reached(stage.server.server.ready, id, line, times);
  const ended = (end: Omit<End, 'server' | 'app'>) => assertEnd({ server: stage.server, app, ...end });
  const answering = async (): Promise<string> => {
    const { incomingCallContext } = await app.incoming();
    const { callConnectionProperties } = await app.client.answerCall(incomingCallContext, app.callbackUrl);
    return callConnectionProperties.callConnectionId ?? '';
  };
  const connected = async (id: string): Promise<string> => {
    await app.next('CallConnected', id);
    return id;
  };

  const noReply = { line: 'pstn:408/500001', logged: [408, 500001] } as const;
  const noAudio = {
    line: 'pstn:410/531004',
    logged: [410, 531004],
    situation: 'no-media@setup',
    by: ['CallDisconnected'],
  } as const;
  const audioLost = {
    line: 'call/410/301005',
    logged: [410, 301005],
    situation: 'media-lost@connected',
    by: ['CallDisconnected'],
  } as const;

  const cases: Cases<'silence'> = {
    'pstn:408/500001': [
      {
        title: 'a carrier takes the INVITE, again and again, and never says a word',
        async play() {
          const id = await stage.call({ scenario: 'callee-silent', values: { hold: '60000' } });
          await until(id, /^INVITE /, 2);
          await stage.server.clock.advance(patience);
          await ended({ ...noReply, id, direction: 'outbound', situation: 'no-reply@inviting' });
        },
      },
      {
        title: 'a caller never acknowledges our answer',
        async play() {
          await stage.caller({ scenario: 'caller-never-acknowledges' });
          const id = await answering();
          await until(id, /^200 OK/, 2);
          await stage.server.clock.advance(patience);
          await ended({
            ...noReply,
            id,
            direction: 'inbound',
            situation: 'caller-unacknowledged@offering',
            by: ['AnswerFailed', 'CallDisconnected'],
          });
          await stage.sippIsContent();
        },
      },
    ],
    'pstn:410/531004': [
      {
        title: 'a phone that was called answers and sends no audio within media.setupLimit',
        async play() {
          const id = await connected(await stage.call({ scenario: 'callee-answers' }));
          await stage.server.clock.advance('20s');
          await ended({ ...noAudio, id, direction: 'outbound' });
          await stage.sippIsContent();
        },
      },
      {
        title: 'a phone that called is answered and sends no audio within media.setupLimit',
        async play() {
          await stage.caller({ scenario: 'caller-is-hung-up' });
          const id = await connected(await answering());
          await stage.server.clock.advance('20s');
          await ended({ ...noAudio, id, direction: 'inbound' });
          await stage.sippIsContent();
        },
      },
    ],
  };
  playAll(cases);

  /** It talks, stops, and is given up after `media.lossLimit`. */
  const stops = async (id: string, direction: End['direction']): Promise<void> => {
    await until(id, /first packet/);
    await until(id, /no packet/);
    await stage.server.clock.advance('119s');
    await stage.server.clock.advance('1s');
    await ended({ ...audioLost, id, direction });
    await stage.sippIsContent();
  };
  test('call/410/301005: a phone that was called talks and stops for media.lossLimit', async () => {
    await stops(await connected(await stage.call({ scenario: 'callee-answers', talks: true })), 'outbound');
  });
  test('call/410/301005: a phone that called talks and stops for media.lossLimit', async () => {
    await stage.caller({ scenario: 'caller-is-hung-up', talks: true });
    await stops(await connected(await answering()), 'inbound');
  });
});
