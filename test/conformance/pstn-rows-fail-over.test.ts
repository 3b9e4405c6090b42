/** PSTN rows after fail-over: a route with two trunks, both of them SIPp, of which the last one's end is told. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe } from 'node:test';
import { sippMissing } from '../peers/sipp.ts';
import { SippStage } from '../peers/sipp-stage.ts';
import { reached, timeline } from '../peers/timeline.ts';
import { assertEnd, type End, playAll } from './pstn-rows.fixture.ts';

const skip = sippMissing();

/** What a trunk does with the call: SIPp's answer, no word, or no SIPp at all. */
type Conduct = { readonly code: string; readonly reason: string } | 'silent' | 'out';

const full: Conduct = { code: '503', reason: 'Service Unavailable' };
const overloaded: Conduct = { code: '503', reason: 'Overloaded' };

describe('a route with two trunks', { skip, timeout: 60_000 }, () => {
  let stage: SippStage;
  before(async () => {
    stage = await SippStage.open({ protocol: 'tcp', t1: 50, trunks: 2 });
  });
  afterEach(() => stage.clean());
  after(() => stage.close());

  const ready = () => stage.server.server.ready;

  async function takes(conduct: Conduct, trunk: number): Promise<void> {
    if (conduct === 'out') return;
    // Until it is stopped: with its end its connections would be closed.
    if (conduct === 'silent')
      await stage.sipp({ scenario: 'callee-silent', values: { hold: '60000' } }, trunk);
    else {
      const header = `Reason: Q.850;cause=${41 + trunk}`;
      await stage.sipp({ scenario: 'callee-refuses', each: [{ ...conduct, header }] }, trunk);
    }
  }

  const over = (
    title: string,
    conducts: readonly [Conduct, Conduct],
    end: Pick<End, 'line' | 'logged' | 'situation' | 'sip' | 'q850'>,
    asked = 2,
  ) => ({
    title,
    async play() {
      for (const [trunk, conduct] of conducts.entries()) await takes(conduct, trunk);
      const id = await stage.dial();
      for (const [index, conduct] of conducts.entries()) {
        if (conduct !== 'silent') continue;
        await reached(ready(), id, /^INVITE /, index + 1);
        await stage.server.clock.advance('3200ms');
      }
      await assertEnd({ ...end, id, server: stage.server, app: stage.app, direction: 'outbound' });
      const lines = await timeline(ready(), id);
      const called = new Set(lines.flatMap((text) => /^INVITE (\S+)/.exec(text)?.[1] ?? []));
      assert.equal(called.size, asked, lines.join('\n'));
      if (asked === 2) {
        const [first, second] = called;
        const beginnings = [
          `INVITE ${first} `,
          'trunk sipp1 is tried',
          `INVITE ${second} `,
          'the call ended',
        ];
        const story = beginnings.map((words) => lines.findIndex((text) => text.includes(words)));
        const inOrder = story.toSorted((a, b) => a - b);
        assert.deepEqual(story, inOrder, `each trunk stands before the next in\n${lines.join('\n')}`);
      }
      if (!conducts.includes('silent')) await stage.sippIsContent();
    },
  });

  const refused503 = {
    line: 'pstn:503/560503',
    logged: [503, 560503],
    situation: 'sip-503@inviting',
  } as const;
  const unreachable = { ...refused503, situation: 'trunk-unreachable@inviting' } as const;
  const noReply = { line: 'pstn:408/500001', logged: [408, 500001], situation: 'no-reply@inviting' } as const;
  const bySecond = { sip: { code: 503, message: 'Overloaded' }, q850: { code: 42, message: '' } };

  playAll({
    'pstn:503/560503': [
      over('both answer 503: the second one’s words are told', [full, overloaded], {
        ...refused503,
        ...bySecond,
      }),
      over('the first is out, the second answers 503', ['out', overloaded], { ...refused503, ...bySecond }),
      over('the first is silent, the second answers 503', ['silent', overloaded], {
        ...refused503,
        ...bySecond,
      }),
      over('the first answers 503, the second is out: there are no SIP details', [full, 'out'], unreachable),
      over('both are out', ['out', 'out'], unreachable),
    ],
    'pstn:408/500001': [
      over('the first answers 503, the second is silent', [full, 'silent'], noReply),
      over('both are silent', ['silent', 'silent'], noReply),
    ],
    'pstn:486/60486': [
      over(
        'the first answers 503, the phone behind the second is busy',
        [full, { code: '486', reason: 'Busy Here' }],
        {
          line: 'pstn:486/60486',
          logged: [486, 560486],
          situation: 'sip-486@inviting',
          sip: { code: 486, message: 'Busy Here' },
          q850: { code: 42, message: '' },
        },
      ),
    ],
    'pstn:603/560603': [
      over(
        'what the called party says is final: the second is not asked',
        [{ code: '603', reason: 'Decline' }, 'out'],
        {
          line: 'pstn:603/560603',
          logged: [603, 560603],
          situation: 'sip-603@inviting',
          sip: { code: 603, message: 'Decline' },
          q850: { code: 41, message: '' },
        },
        1,
      ),
    ],
  });
});
