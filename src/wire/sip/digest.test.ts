import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { authorization, type Challenge, digestResponse, parseChallenges } from './digest.ts';
import { challengeHeaders, checkCredentials, makeNonce } from './digest-check.ts';
import type { Request } from './message.ts';
import { parseMessage } from './parse.ts';

const limits = { headerBytes: 65_536, bodyBytes: 65_536 };

const mufasa = { user: 'Mufasa', method: 'GET', uri: '/dir/index.html', session: false } as const;
const rfc7616 = {
  ...mufasa,
  realm: 'http-auth@example.org',
  password: 'Circle of Life',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  counted: { nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' },
} as const;

describe('the response of a digest', () => {
  it('is that of RFC 2617 3.5', () => {
    const answer = {
      ...mufasa,
      algorithm: 'MD5',
      realm: 'testrealm@host.com',
      password: 'Circle Of Life',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      counted: { nc: '00000001', cnonce: '0a4f113b' },
    } as const;
    assert.equal(digestResponse(answer), '6629fae49393a05397450978507c4ef1');
  });

  it('is that of RFC 7616 3.9.1, with MD5 and with SHA-256', () => {
    assert.equal(digestResponse({ ...rfc7616, algorithm: 'MD5' }), '8ca523f5e9506fed4657c9700eebdbec');
    assert.equal(
      digestResponse({ ...rfc7616, algorithm: 'SHA-256' }),
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });

  it('is that of RFC 7616 3.9.2 as corrected by erratum 4897, with SHA-512-256', () => {
    const answer = {
      algorithm: 'SHA-512-256',
      session: false,
      user: Buffer.from('Jäsøn Doe').toString('latin1'),
      realm: 'api@example.org',
      password: 'Secret, or not?',
      method: 'GET',
      uri: '/doe.json',
      nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
      counted: { nc: '00000001', cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v' },
    } as const;
    assert.equal(digestResponse(answer), '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5');
  });

  it('knows the form of RFC 2069, which counts nothing', () => {
    const { counted: _, ...answer } = { ...rfc7616, algorithm: 'MD5' } as const;
    assert.equal(digestResponse(answer), digestResponse({ ...answer, cnonce: 'unused' }));
    assert.notEqual(digestResponse(answer), digestResponse({ ...answer, session: true, cnonce: 'used' }));
  });
});

function challenged(...lines: readonly string[]): readonly Challenge[] {
  const headers = lines.map((value) => ({ name: 'www-authenticate', value }));
  return parseChallenges(headers);
}

describe('challenges', () => {
  it('are chosen by strength, realm by realm', () => {
    const found = parseChallenges([
      { name: 'www-authenticate', value: 'Digest realm="a", nonce="1", algorithm=MD5, qop="auth"' },
      {
        name: 'www-authenticate',
        value: 'Digest realm="a", nonce="2", algorithm=SHA-256, qop="auth,auth-int"',
      },
      { name: 'www-authenticate', value: 'digest realm="b",nonce="3"' },
      { name: 'proxy-authenticate', value: 'Digest realm="a", nonce="4", stale=TRUE, opaque="o,o"' },
    ]);
    assert.deepEqual(
      found.map(({ proxy, realm, nonce, algorithm, qop, stale, opaque }) => [
        ...[proxy, realm, nonce, algorithm, qop, stale, opaque],
      ]),
      [
        [false, 'a', '2', 'SHA-256', true, false, undefined],
        [false, 'b', '3', 'MD5', false, false, undefined],
        [true, 'a', '4', 'MD5', false, true, 'o,o'],
      ],
    );
  });

  it('may stand in one header', () => {
    const value =
      'Basic realm="x", Digest realm="y", nonce="n", algorithm=MD5-sess, Bearer realm="z", Digest realm = "w", nonce="m"';
    const found = challenged(value);
    assert.deepEqual(
      found.map(({ realm, session }) => [realm, session]),
      [
        ['y', true],
        ['w', false],
      ],
    );
  });

  for (const [why, value] of [
    ['of an algorithm we do not know', 'Digest realm="a", nonce="1", algorithm=TIGER'],
    ['that want a protection we do not know', 'Digest realm="a", nonce="1", qop="auth-conf"'],
    ['without a nonce', 'Digest realm="a"'],
    ['of another scheme', 'Bearer realm="a", nonce="1"'],
    ['that are nothing at all', ', =, "", Digest'],
  ] as const) {
    it(`${why} are not answered`, () => assert.deepEqual(challenged(value), []));
  }

  it('that want the body protected and nothing less are answered for the body (RFC 7616 3.4.3)', () => {
    const [challenge] = challenged('Digest realm="r", nonce="n", qop="auth-int", algorithm=MD5');
    const about = { method: 'INVITE', uri: 'sip:b', body: 'v=0\r\n' };
    const { value } = authorization(challenge!, { user: 'u', password: 'p' }, about, 1, 'c');
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const a2 = md5(`INVITE:sip:b:${md5('v=0\r\n')}`);
    assert.ok(value.includes(`response="${md5(`${md5('u:r:p')}:n:00000001:c:auth-int:${a2}`)}"`), value);
    assert.match(value, /qop=auth-int, nc=00000001/);
  });

  it('that leave the protection to us get the one that survives a change of SDP on the way', () => {
    const [challenge] = challenged('Digest realm="a", nonce="1", qop="auth-int,auth"');
    assert.deepEqual([challenge?.qop, challenge?.integrity], [true, false]);
  });

  it('are answered with what the server needs to check them, the count in eight digits', () => {
    const [challenge] = challenged(
      'Digest realm="r\\"q", nonce="n", qop="auth", opaque="o", algorithm=SHA-256',
    );
    const header = authorization(
      challenge!,
      { user: 'Zoë', password: 'pw' },
      { method: 'INVITE', uri: 'sip:b' },
      26,
      'c',
    );
    assert.equal(header.name, 'Authorization');
    assert.match(
      header.value,
      /^Digest username="Zoë", realm="r\\"q", nonce="n", uri="sip:b", response="[0-9a-f]{64}", algorithm=SHA-256, cnonce="c", qop=auth, nc=0000001a, opaque="o"$/,
    );
    assert.ok(!header.value.includes('pw'));
  });
});

const secrets = { realm: 'ringback', users: [{ user: 'carrier', password: 'sécret' }] };
const key = 'k'.repeat(64);
const uri = 'sip:+1555@example.org';

function request(authorized: string | undefined, method = 'INVITE', to = uri): Request {
  const lines = [
    `${method} ${to} SIP/2.0`,
    ...['Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa', 'Max-Forwards: 70', 'From: <sip:a@b>;tag=1'],
    ...[`To: <${to}>`, 'Call-ID: 1', `CSeq: 1 ${method}`],
    ...(authorized === undefined ? [] : [`Authorization: ${authorized}`]),
    ...['Content-Length: 0', '', ''],
  ];
  const parsed = parseMessage(lines.join('\r\n'), limits);
  assert.ok('message' in parsed && parsed.message.kind === 'request');
  return parsed.message;
}

function answered(
  password: string,
  { user = 'carrier', method = 'INVITE', at = 1000, count = 1, which = 0, of = uri } = {},
): string {
  const headers = challengeHeaders(secrets, makeNonce(key, at, 'r'), false);
  const [challenge] = challenged(headers[which]!.value);
  return authorization(challenge!, { user, password }, { method, uri: of }, count, 'c').value;
}

function check(authorized: string | undefined, now = 2000, method = 'INVITE', to = uri): string {
  return checkCredentials(request(authorized, method, to), secrets, { key, now, liveMs: 5000 }).kind;
}

describe('credentials', () => {
  it('are right with each algorithm that was offered', () => {
    for (const which of [0, 1]) assert.equal(check(answered('sécret', { which })), 'right');
  });

  it('are wrong with an algorithm that was not offered', () => {
    const strict = { ...secrets, algorithms: ['SHA-256'] } as const;
    const kinds = [0, 1].map(
      (which) =>
        checkCredentials(request(answered('sécret', { which })), strict, { key, now: 2000, liveMs: 5000 })
          .kind,
    );
    assert.deepEqual(kinds, ['right', 'wrong']);
  });

  it('tell the user and the count', () => {
    const found = checkCredentials(request(answered('sécret', { count: 7 })), secrets, {
      ...{ key, now: 2000, liveMs: 5000 },
    });
    assert.ok(found.kind === 'right');
    assert.deepEqual([found.user, found.count], ['carrier', 7]);
  });

  it('are absent when none are for our realm', () => {
    assert.equal(check(undefined), 'absent');
    assert.equal(check('Digest realm="other", username="carrier", nonce="1", response="0"'), 'absent');
    assert.equal(check('Basic abc'), 'absent');
  });

  it('are stale when only the nonce is too old or not ours', () => {
    assert.equal(check(answered('sécret'), 7000), 'stale');
    assert.equal(check(answered('sécret').replace(/nonce="[^"]*"/, 'nonce="x"')), 'wrong');
    assert.equal(check(answered('sécret', { at: 3000 })), 'stale');
  });

  for (const [what, made] of [
    ['a wrong password', () => check(answered('secret'))],
    ['an unknown user', () => check(answered('', { user: 'nobody' }))],
    ['another method', () => check(answered('sécret', { method: 'BYE' }))],
    ['another URI', () => check(answered('sécret', { of: 'sip:+1900@example.org' }))],
    ['no count', () => check(answered('sécret').replace(/, qop=auth, nc=\d+/, ''))],
    ['no response', () => check(answered('sécret').replace(/response="[^"]*"/, 'response=""'))],
  ] as const) {
    it(`are wrong with ${what}`, () => assert.equal(made(), 'wrong'));
  }

  it('for the body are right with that body, wrong with another one, and where it was not offered', () => {
    const offered = { ...secrets, qop: ['auth', 'auth-int'] } as const;
    const nonces = { key, now: 2000, liveMs: 5000 };
    const [header] = challengeHeaders(offered, makeNonce(key, 1000, 'r'), false);
    assert.match(header!.value, /qop="auth,auth-int"/);
    const [challenge] = challenged(header!.value.replace('auth,', ''));
    const given = (body: string): string =>
      authorization(
        challenge!,
        { user: 'carrier', password: 'sécret' },
        { method: 'INVITE', uri, body },
        1,
        'c',
      ).value;
    const kind = (body: string, who: Parameters<typeof checkCredentials>[1]): string =>
      checkCredentials(request(given(body)), who, nonces).kind;
    assert.deepEqual(
      [kind('', offered), kind('v=0\r\n', offered), kind('', secrets)],
      ['right', 'wrong', 'wrong'],
    );
  });

  it('may write the same URI otherwise', () => {
    assert.equal(check(answered('sécret', { of: 'sip:+1555@EXAMPLE.org;user=phone' })), 'right');
  });
});
