/** PSTN rows that a carrier's final response decides: SIPp answers INVITE with each of them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { phone, resultOf } from '../peers/application.ts';
import { sippMissing } from '../peers/sipp.ts';
import { SippStage } from '../peers/sipp-stage.ts';
import { assertEnd, type Case, type Cases, type PstnLine, playAll } from './pstn-rows.fixture.ts';

const skip = sippMissing();

interface Answer {
  readonly code: string;
  readonly reason: string;
  /** The header that tells why. */
  readonly header: string;
  /** The Q.850 cause in it. */
  readonly q850?: { readonly code: number; readonly message: string };
}

const because = (code: number, message: string): Pick<Answer, 'header' | 'q850'> => ({
  header: `Reason: Q.850;cause=${code};text="${message}"`,
  q850: { code, message },
});

const answers = {
  403: { code: '403', reason: 'Forbidden', ...because(21, 'Call rejected') },
  404: { code: '404', reason: 'Not Found', ...because(1, 'Unallocated number') },
  408: { code: '408', reason: 'Request Timeout', header: 'Warning: 399 sipp "no cause given"' },
  480: { code: '480', reason: 'Temporarily Unavailable', ...because(19, 'No answer from the user') },
  484: { code: '484', reason: 'Address Incomplete', ...because(28, 'Invalid number format') },
  486: { code: '486', reason: 'Busy Here', ...because(17, 'User busy') },
  // Two reasons in one header (RFC 3326 2), of which the second is the one to tell.
  487: {
    code: '487',
    reason: 'Request Terminated',
    header: 'Reason: SIP;cause=487;text="gone, for good", Q.850;cause=31;text="Normal, unspecified"',
    q850: { code: 31, message: 'Normal, unspecified' },
  },
  500: {
    code: '500',
    reason: 'Server Internal Error',
    header: 'Reason: Q.850;cause=41',
    q850: { code: 41, message: '' },
  },
  503: { code: '503', reason: 'Service Unavailable', ...because(34, 'No circuit available') },
  603: { code: '603', reason: 'Decline', ...because(21, 'Call rejected') },
} as const satisfies Record<number, Answer>;

const messages = Object.values<Answer>(answers).map(({ code, reason, header }) => ({ code, reason, header }));

/** Its number: the scenario reads the status in it. */
const numberOf = (status: string): string => `+1555${status}0000`;

describe('a carrier’s final response', { skip, timeout: 60_000 }, () => {
  let stage: SippStage;
  before(async () => {
    stage = await SippStage.open({ protocol: 'udp', t1: 50 });
    await stage.sipp({ scenario: 'callee-refuses', calls: 1000, each: messages });
  });
  after(() => stage.close());

  const refused = (line: PstnLine, status: keyof typeof answers): readonly [Case] => {
    const { code, reason, q850 }: Answer = answers[status];
    return [
      {
        title: `a carrier that answers ${code} is what everybody is told, in its own words`,
        async play() {
          const { server, app } = stage;
          await assertEnd({
            server,
            app,
            line,
            direction: 'outbound',
            situation: `sip-${code}@inviting`,
            id: await stage.dial(numberOf(code)),
            logged: [status, 560_000 + status],
            sip: { code: status, message: reason },
            ...(q850 ? { q850 } : {}),
          });
        },
      },
    ];
  };

  const cases: Cases<'answers'> = {
    'pstn:403/560403': refused('pstn:403/560403', 403),
    'pstn:404/560404': refused('pstn:404/560404', 404),
    'pstn:408/560408': refused('pstn:408/560408', 408),
    'pstn:480/560480': refused('pstn:480/560480', 480),
    'pstn:484/560484': refused('pstn:484/560484', 484),
    'pstn:486/60486': refused('pstn:486/60486', 486),
    // We have not cancelled: it is the carrier's answer like any other.
    'pstn:497/560487': refused('pstn:497/560487', 487),
    'pstn:500/560500': refused('pstn:500/560500', 500),
    'pstn:503/560503': refused('pstn:503/560503', 503),
    'pstn:603/560603': refused('pstn:603/560603', 603),
  };
  playAll(cases);

  test('of a group call, each phone that refuses is told by itself with the words of the carrier', async () => {
    const { app } = stage;
    const { callConnectionProperties } = await app.client.createGroupCall(
      [phone(numberOf('486')), phone(numberOf('404'))],
      app.callbackUrl,
      { sourceCallIdNumber: phone('+18005550100') },
    );
    const { callConnectionId: id = '' } = callConnectionProperties;
    const first = await app.next('AddParticipantFailed', id);
    const last = await app.next('CreateCallFailed', id);
    const byNumber = { [numberOf('486')]: answers[486], [numberOf('404')]: answers[404] };
    const { participant, resultInformation: { sipDetails, q850Details } = {} } = first;
    assert.ok(participant && 'phoneNumber' in participant);
    const { code, reason, q850 } = byNumber[participant.phoneNumber]!;
    assert.deepEqual(resultOf(first), [Number(code), 560_000 + Number(code)]);
    assert.deepEqual([sipDetails, q850Details], [{ code: Number(code), message: reason }, q850]);
    assert.notDeepEqual(resultOf(last), resultOf(first), 'the phone that came last ends the call');
    await app.next('CallDisconnected', id);
  });

  test('SIPp saw nothing that its scenario does not expect', async () => {
    stage.noMoreCalls();
    await stage.sippIsContent();
  });
});
