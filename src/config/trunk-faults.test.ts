import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Config, Problem } from './config.ts';
import { describeProblems, parseConfig } from './parse-config.ts';

function good(yamlText: string): Config {
  const parsed = parseConfig({ yamlText });
  if ('problems' in parsed) assert.fail(describeProblems(parsed.problems));
  return parsed.config;
}

function only(yamlText: string): Problem {
  const parsed = parseConfig({ yamlText });
  assert.ok('problems' in parsed, 'was accepted');
  assert.equal(parsed.problems.length, 1, describeProblems(parsed.problems));
  return parsed.problems[0]!;
}

const pair = (one: string, other: string): string => `trunks:
  - { name: acme, kind: carrier, ${one} }
  - { name: backup, kind: carrier, ${other} }
`;

describe('two trunks that claim calls from one address', () => {
  for (const [one, other, shared] of [
    ['host: 192.0.2.1', 'host: 192.0.2.1', '192.0.2.1'],
    ['host: sip.example', 'host: SIP.example', 'sip.example'],
    ['host: 192.0.2.1', 'host: sbc.example, allow: [192.0.2.0/24]', '192.0.2.0/24'],
    ['host: a.example, allow: [192.0.2.0/24]', 'host: b.example, allow: [192.0.2.128/25]', '192.0.2.128/25'],
    ['host: a.example, allow: ["2001:db8::/32"]', 'host: "2001:db8::7"', '2001:db8::7'],
  ] as const) {
    test(`are refused with both names and the line: ${one}; ${other}`, () => {
      const { key, line, found, fix } = only(pair(one, other));
      assert.deepEqual([key, line], ['trunks[1].allow', 3]);
      const claimed = `calls from ${shared} for trunk backup, which trunk acme (ringback.yaml line 2) claims too`;
      assert.equal(found, claimed);
      assert.match(fix, /acme.*"allow: none"/);
    });
  }

  for (const [one, other] of [
    ['host: 192.0.2.1', 'host: 192.0.2.2'],
    ['host: 192.0.2.1', 'host: 192.0.2.1, port: 5080'],
    ['host: 192.0.2.1', 'host: 192.0.2.1, protocol: tcp'],
    ['host: 192.0.2.1', 'host: 192.0.2.1, allow: none'],
    ['host: a.example, allow: [192.0.2.0/25]', 'host: b.example, allow: [192.0.2.128/25]'],
    ['host: a.example, allow: [192.0.2.1]', 'host: b.example, allow: ["::ffff:0:0/96"]'],
  ] as const) {
    test(`are none where they can be told apart: ${one}; ${other}`, () => {
      assert.equal(good(pair(one, other)).trunks.length, 3);
    });
  }

  test('are none where one of them is the simulated carrier', () => {
    good('trunks: [{ name: acme, kind: carrier, host: 127.0.0.1 }]');
  });
});

describe('session timers of a trunk', () => {
  const timer = (text: string) =>
    `trunks: [{ name: a, kind: carrier, host: h.example, sessionTimer: ${text} }]`;

  test('have the defaults of RFC 4028, are off, or are left to the far end', () => {
    const set = (text: string) => good(timer(text)).trunks[0]?.sessionTimer;
    assert.deepEqual(set('{}'), { expires: 1_800_000, minimum: 90_000, refresher: 'auto' });
    assert.equal(set('off'), 'off');
    assert.equal(
      good('trunks: [{ name: a, kind: carrier, host: h.example }]').trunks[0]?.sessionTimer,
      undefined,
    );
  });

  test('are not shorter than 90 s, and expire after their minimum at the earliest', () => {
    assert.match(only(timer('{ expires: 60s }')).expected, /at least 90s/);
    const { key, found } = only(timer('{ expires: 5m, minimum: 10m }'));
    assert.deepEqual([key, found], ['trunks[0].sessionTimer.minimum', '600s, with expires: 300s']);
  });

  test('are no other word, and have no other keys', () => {
    assert.match(only(timer('on')).expected, /^off, or a map/);
    assert.equal(only(timer('{ refreshr: us }')).fix, 'Did you mean refresher?');
  });
});

test('an unknown key of a trunk is named with its line and the nearest there is', () => {
  const { kind, key, line, fix } = only(
    'trunks:\n  - name: a\n    kind: carrier\n    protcol: tcp\n    host: h\n',
  );
  assert.deepEqual([kind, key, line, fix], ['unknown', 'trunks[0].protcol', 4, 'Did you mean protocol?']);
});

test('SIP over TLS needs a port of its own', () => {
  const { key, found } = only('sip: { tls: { port: 5060, cert: a, key: b } }');
  assert.deepEqual([key, found], ['sip.tls.port', '5060, which is sipPort too']);
});
