import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from './parse-config.ts';

const carrier = '{ name: acme, host: smpp.example, systemId: acme, password: secret }';

const problems = (sms: string, more = ''): readonly string[] => {
  const parsed = parseConfig({ yamlText: `sms:\n  ${sms}\n${more}` });
  return 'problems' in parsed ? parsed.problems.map(({ key, found }) => `${key}: ${found}`) : [];
};

describe('settings of texts', () => {
  test('of a carrier are complete with its four names', () => {
    const parsed = parseConfig({ yamlText: `sms:\n  carriers: [${carrier}]` });
    assert.ok('config' in parsed);
    const { name, port, bind, window, answerWithin, tls } = parsed.config.sms.carriers[0] ?? {};
    assert.deepEqual(
      [name, port, bind, window, answerWithin, tls],
      ['acme', 2775, 'transceiver', 10, 10_000, undefined],
    );
  });

  test('have routes of one’s own before those of the simulated SMSC, which production has not', () => {
    const route = "{ pattern: '\\+1\\d+', carrier: acme }";
    const yamlText = `sms:\n  carriers: [${carrier}]\n  routes: [${route}]`;
    const parsed = parseConfig({ yamlText });
    assert.ok('config' in parsed);
    assert.deepEqual(
      parsed.config.sms.routes.map((each) => each.carrier),
      ['acme', 'simulated', 'simulated'],
    );
    const key = Buffer.alloc(64, 1).toString('base64');
    const resources = `resources: [{ name: a, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: ["${key}"] }]`;
    const production = parseConfig({ yamlText: `profile: production\n${resources}` });
    assert.ok('config' in production);
    assert.deepEqual([production.config.sms.simulated, production.config.sms.routes], [false, []]);
  });

  test('that do not go together are named', () => {
    const cases: Readonly<Record<string, readonly string[]>> = {
      [`carriers: [${carrier}, ${carrier}]`]: ['sms.carriers[1].name: acme a second time'],
      [`carriers: [${carrier.replace('acme,', 'simulated,')}]`]: [
        'sms.carriers[0].name: simulated, which is the simulated SMSC',
      ],
      [`carriers: [${carrier.replace('secret', 'far-too-long')}]`]: [
        'sms.carriers[0].password: a text of 12 characters',
      ],
      [`carriers: [${carrier.replace(' }', ', tls: { certFile: a.pem } }')}]`]: [
        'sms.carriers[0].tls: certFile without keyFile',
      ],
      "routes: [{ pattern: '.*', carrier: acme }]": ['sms.routes[0].carrier: acme'],
      'firstRetry: 2m': ['sms.firstRetry: 120s, with longestRetry: 60s'],
      'reportTimeout: 13h': ['sms.reportTimeout: 46800s'],
      'fraud: { messages: some }': ['sms.fraud.messages: "some"'],
      'carrier: []': ['sms.carrier: the unknown key carrier'],
    };
    for (const [sms, expected] of Object.entries(cases)) assert.deepEqual(problems(sms), expected, sms);
  });

  test('of a number say what it may send', () => {
    const yamlText =
      'numbers: [{ number: "+18005550100", sms: { entitled: false, perDay: 0, volume: none } }]';
    const parsed = parseConfig({ yamlText });
    assert.ok('config' in parsed);
    assert.deepEqual(parsed.config.numbers[0]?.sms, {
      entitled: false,
      verified: true,
      perDay: 0,
      volume: undefined,
    });
  });
});
