/** REFER and NOTIFY both ways, Replaces, INFO, and headers that are passed on. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { field, sdp, tagOf } from '../../../test/peers/raw-sip.ts';
import { reasonHeader } from '../../wire/sip/reason.ts';
import type { ReferResult, Referral } from './api.ts';
import { Line } from './line.fixture.ts';

let line: Line;
beforeEach(async () => {
  line = await Line.open();
});
afterEach(() => line.close());

async function answer(start: string, status: string): Promise<void> {
  line.peer.answer(line.peer.last(start), status);
  await line.quiet();
}

const fragment = (text: string) => [
  'Content-Type: message/sipfrag',
  `Content-Length: ${text.length}`,
  '',
  text,
];

describe('a REFER of ours', () => {
  let heard: (readonly [number, string])[];
  let results: ReferResult[];

  beforeEach(async () => {
    heard = [];
    results = [];
    await line.placed();
    const replaces = { callId: 'a b@h', localTag: 'mine', remoteTag: 'theirs' };
    const progress = (status: number, reason: string) => heard.push([status, reason]);
    line.call?.refer({ to: 'sip:+1777@h', replaces, progress }).then((result) => results.push(result));
    await line.quiet();
  });

  const notify = (cseq: number, state: string, text: string, event = 'refer') =>
    line.inside('NOTIFY', cseq, [`Event: ${event}`, `Subscription-State: ${state}`, ...fragment(text)]);

  it('names whom to call and what to replace, and tells what becomes of it until that is over', async () => {
    const refer = line.peer.last('REFER');
    const replaces = 'a%20b%40h%3Bto-tag%3Dtheirs%3Bfrom-tag%3Dmine';
    assert.equal(field(refer, 'Refer-To'), `<sip:+1777@h?Replaces=${replaces}>`);
    assert.equal(field(refer, 'Referred-By'), '<sip:+1666@127.0.0.1>');
    await answer('REFER', '202 Accepted');
    await notify(7, 'active;expires=60', 'SIP/2.0 100 Trying\r\n');
    await notify(8, 'active;expires=60', 'SIP/2.0 180 Ringing\r\n', 'refer;id=2');
    await notify(9, 'terminated;reason=noresource', 'SIP/2.0 200 OK\r\n');
    assert.equal(line.count('200 NOTIFY'), 3);
    assert.deepEqual(heard, [
      [100, 'Trying'],
      [180, 'Ringing'],
    ]);
    assert.deepEqual(results, [{ kind: 'done', status: 200, reason: 'OK' }]);
    await notify(10, 'active', 'SIP/2.0 100 Trying\r\n');
    assert.ok(line.peer.lines.includes('481 NOTIFY'));
  });

  it('that is declined says so, and the call goes on', async () => {
    await answer('REFER', '603 Decline');
    assert.deepEqual(results, [{ kind: 'refused', status: 603, reason: 'Decline' }]);
    assert.deepEqual(line.told, ['answered']);
  });

  it('ends with the call', async () => {
    await answer('REFER', '202 Accepted');
    await line.inside('BYE', 7);
    assert.deepEqual(results, [{ kind: 'ended' }]);
  });

  it('does not mind a NOTIFY about something else, or of nothing', async () => {
    await notify(7, 'active', 'x', 'presence');
    await notify(8, 'active', 'no fragment');
    assert.deepEqual(heard, [[100, 'Trying']]);
    assert.ok(line.peer.lines.includes('481 NOTIFY'));
  });
});

describe('a REFER of the far end', () => {
  const refer = async (cseq: number, value: string, status: number): Promise<Referral | undefined> => {
    let seen: Referral | undefined;
    line.handlers = {
      refer: (referral) => {
        seen = referral;
        return status;
      },
    };
    const toTag = await line.served('in');
    line.peer.request({ method: 'REFER', callId: 'in', toTag, cseq, extra: [`Refer-To: ${value}`] });
    await line.quiet();
    return seen;
  };

  it('is accepted, and told what becomes of it', async () => {
    const referral = await refer(2, '<sip:+1777@h?Replaces=x%40y%3Bto-tag%3Da%3Bfrom-tag%3Db&X=1>', 202);
    assert.equal(referral?.to, 'sip:+1777@h');
    assert.deepEqual(referral?.replaces, { callId: 'x@y', localTag: 'a', remoteTag: 'b', earlyOnly: false });
    assert.deepEqual(line.peer.lines.slice(-2), ['202 REFER', 'NOTIFY']);
    referral?.notify(180);
    referral?.notify(486, 'Engaged');
    referral?.notify(200);
    await line.quiet();
    assert.equal(line.count('NOTIFY'), 1, 'the next waits until the first is answered');
    for (let told = 0; told < 3; told++) await answer('NOTIFY', '200 OK');
    const notices = line.peer.heard.filter((text) => text.startsWith('NOTIFY'));
    assert.deepEqual(
      notices.map((text) => [
        field(text, 'Event'),
        field(text, 'Subscription-State'),
        text.split('\r\n\r\n')[1],
      ]),
      [
        ['refer', 'active;expires=600', 'SIP/2.0 100 Trying\r\n'],
        ['refer', 'active;expires=600', 'SIP/2.0 180 Ringing\r\n'],
        ['refer', 'terminated;reason=noresource', 'SIP/2.0 486 Engaged\r\n'],
      ],
    );
  });

  it('is refused with the status of the user, and nothing is told', async () => {
    await refer(2, '<sip:+1777@h>', 403);
    assert.deepEqual(line.peer.lines.slice(-1), ['403 REFER']);
  });

  it('is declined when nobody handles it, and refused when it does not say whom to call', async () => {
    const toTag = await line.served('in');
    line.peer.request({ method: 'REFER', callId: 'in', toTag, cseq: 2, extra: ['Refer-To: <tel:+1777>'] });
    line.peer.request({ method: 'REFER', callId: 'in', toTag, cseq: 3 });
    await line.quiet();
    assert.deepEqual(line.peer.lines.slice(-2), ['603 REFER', '400 REFER']);
  });
});

describe('an INVITE with Replaces', () => {
  let count = 0;
  const invite = async (value: string): Promise<void> => {
    line.peer.request({ callId: `second${++count}`, extra: [`Replaces: ${value}`], body: sdp });
    await line.quiet();
  };

  it('names the call it replaces', async () => {
    const tag = await line.served('first');
    await invite(`first;to-tag=${tag};from-tag=raw`);
    assert.deepEqual(line.taken?.replaces, { key: 'first', earlyOnly: false });
    assert.match(line.taken?.key ?? '', /^second/);
  });

  it('names a call by the dialog we know it by', async () => {
    await line.placed();
    const { callId, localTag, remoteTag } = line.call?.dialog ?? assert.fail('no dialog');
    await invite(`${callId};from-tag=${remoteTag};to-tag=${localTag}`);
    assert.equal(line.taken?.replaces?.key, callId);
  });

  it('is refused when it names no call, a wrong one, or none that can be replaced', async () => {
    const tag = await line.served('first');
    for (const [value, status] of [
      ['nobody;to-tag=a;from-tag=b', '481'],
      [`first;to-tag=${tag};from-tag=other`, '481'],
      [`first;to-tag=${tag};from-tag=raw;early-only`, '486'],
      ['garbage', '400'],
    ] as const) {
      await invite(value);
      assert.ok(line.peer.lines.at(-1)?.startsWith(status), `${value}: ${line.peer.lines.at(-1)}`);
    }
  });

  it('does not take the place of a call that rings here', async () => {
    line.onCall = (call) => call.ring();
    line.peer.request({ callId: 'first', body: sdp });
    await line.quiet();
    await invite(`first;to-tag=${tagOf(line.peer.last('SIP/2.0 180'))};from-tag=raw`);
    assert.ok(line.peer.lines.includes('481 INVITE'));
  });
});

describe('what is passed on', () => {
  it('INFO before the answer too, from either side', async () => {
    const seen: string[] = [];
    line.handlers = { info: ({ body }) => seen.push(body) };
    await line.place();
    await line.inside('INFO', 1, [], 'from the callee');
    line.onCall = (call) => call.ring();
    line.peer.request({ callId: 'in', body: sdp });
    await line.quiet();
    const toTag = tagOf(line.peer.last('SIP/2.0 180'));
    line.peer.request({ method: 'INFO', callId: 'in', toTag, cseq: 2, body: 'from the caller' });
    await line.quiet();
    assert.equal(line.count('200 INFO'), 2);
    assert.deepEqual(seen, ['from the callee', 'from the caller']);
  });

  it('INFO, which is answered with 200', async () => {
    const seen: string[] = [];
    line.handlers = { info: ({ type, body }) => seen.push(type, body) };
    const toTag = await line.served('in');
    const extra = ['Content-Type: application/dtmf-relay', 'Content-Length: 8', '', 'Signal=5'];
    line.peer.request({ method: 'INFO', callId: 'in', toTag, cseq: 2, extra });
    await line.quiet();
    assert.deepEqual(line.peer.lines.slice(-1), ['200 INFO']);
    assert.deepEqual(seen, ['application/dtmf-relay', 'Signal=5']);
  });

  it('P-Asserted-Identity and Privacy, both ways', async () => {
    const headers = [
      { name: 'P-Asserted-Identity', value: '"Ada" <sip:+1666@127.0.0.1>' },
      { name: 'Privacy', value: 'id' },
    ];
    await line.place({ headers });
    for (const { name, value } of headers) assert.equal(field(line.peer.last('INVITE'), name), value);
    await line.served(
      'in',
      headers.map(({ name, value }) => `${name}: ${value}`),
    );
    for (const { name, value } of headers) {
      const seen = line.taken?.invite.headers.find((header) => header.name === name.toLowerCase());
      assert.equal(seen?.value, value);
    }
  });

  it('a Reason, on BYE and on CANCEL', async () => {
    const reason = reasonHeader({ code: 16, message: 'Normal "clearing"' });
    const value = 'Q.850;cause=16;text="Normal \\"clearing\\""';
    await line.placed();
    line.call?.bye([reason]);
    await line.quiet();
    assert.equal(field(line.peer.last('BYE'), 'Reason'), value);
    await line.place();
    line.peer.answer(line.peer.last('INVITE'), '180 Ringing', { tag: 'p' });
    await line.quiet();
    line.call?.cancel([reason]);
    await line.quiet();
    assert.equal(field(line.peer.last('CANCEL'), 'Reason'), value);
  });

  it('what we can do', async () => {
    await line.place();
    assert.equal(field(line.peer.last('INVITE'), 'Supported'), '100rel, timer, replaces');
    assert.match(field(line.peer.last('INVITE'), 'Allow'), /PRACK, UPDATE, REFER, NOTIFY, INFO/);
  });
});
