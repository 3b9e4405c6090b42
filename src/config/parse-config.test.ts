import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Config, Problem } from './config.ts';
import { developmentKey } from './development.ts';
import { type ConfigSources, describeProblems, parseConfig } from './parse-config.ts';

function good(sources: ConfigSources): Config {
  const parsed = parseConfig(sources);
  if ('problems' in parsed) assert.fail(describeProblems(parsed.problems));
  return parsed.config;
}

function bad(sources: ConfigSources): readonly Problem[] {
  const parsed = parseConfig(sources);
  assert.ok('problems' in parsed, 'was accepted');
  return parsed.problems;
}

function only(sources: ConfigSources): Problem {
  const problems = bad(sources);
  assert.equal(problems.length, 1, describeProblems(problems));
  return problems[0]!;
}

const ownKey = Buffer.alloc(64, 7).toString('base64');
const production = `
profile: production
resources:
  - name: calls
    id: 1B4E28BA-2FA1-41D2-883F-0016D3CCA427
    keys: [${ownKey}]
`;

describe('without any configuration', () => {
  const config = good({});

  test('there is one resource with the published key, bound to this computer', () => {
    assert.deepEqual(
      config.resources.map(({ name, keys, admin }) => ({ name, keys, admin })),
      [{ name: 'dev', keys: [developmentKey], admin: true }],
    );
    assert.equal(Buffer.from(developmentKey, 'base64').length, 64);
    assert.deepEqual(
      [config.profile, config.host, config.allowHttpCallbacks],
      ['development', 'localhost', false],
    );
  });

  test('ten numbers are owned, and the last may hold one call', () => {
    const caps = Object.fromEntries(
      config.numbers.map(({ number, maxConcurrentCalls }) => [number, maxConcurrentCalls]),
    );
    assert.equal(config.numbers.length, 10);
    assert.equal(caps['+18005550100'], undefined);
    assert.equal(caps['+18005550109'], 1);
  });

  test('the simulated carrier is reached by its own numbers only', () => {
    const [route] = config.routes;
    assert.equal(route?.trunk, 'simulated');
    for (const number of ['+15005552000', '+15005554865']) assert.match(number, route!.pattern);
    for (const number of ['+15005700000', '+150055520001', '015005552000'])
      assert.doesNotMatch(number, route!.pattern);
    assert.deepEqual(
      config.trunks.map(({ name, maxConcurrentCallsPerNumber }) => [name, maxConcurrentCallsPerNumber]),
      [['simulated', undefined]],
    );
  });
});

describe('layers', () => {
  test('the environment goes over the file, and flags over both', () => {
    const config = good({
      yamlText: 'httpsPort: 1\nhttpPort: 2\nsipPort: 3\nmedia: { setupLimit: 1s, lossLimit: 1m }\n',
      env: {
        RINGBACK_HTTP_PORT: '20',
        RINGBACK_SIP_PORT: '30',
        RINGBACK_MEDIA_SETUP_LIMIT: '500ms',
        PATH: '/bin',
      },
      flags: { 'sip-port': '300', host: undefined },
    });
    assert.deepEqual([config.httpsPort, config.httpPort, config.sipPort], [1, 20, 300]);
    assert.deepEqual([config.media.setupLimit, config.media.lossLimit], [500, 60_000]);
  });

  test('lists come from the environment with commas or as YAML', () => {
    const config = good({
      env: {
        RINGBACK_OUTBOUND_ALLOW: '10.0.0.0/8, 192.168.1.1',
        RINGBACK_NUMBERS: '[{ number: +442079460000 }]',
        RINGBACK_HOST: '',
      },
    });
    assert.deepEqual(config.outbound.allow, ['10.0.0.0/8', '192.168.1.1/32']);
    assert.deepEqual(
      config.numbers.map(({ number, resource }) => [number, resource]),
      [['+442079460000', 'dev']],
    );
  });

  test('a flag for one of data and memory wins over the other in the file', () => {
    const here = { file: 'etc/ringback.yaml' };
    assert.equal(good({ yamlText: 'memory: true', flags: { data: 'there' } }).memory, false);
    assert.deepEqual(good({ yamlText: 'data: there', ...here, flags: { memory: true } }).memory, true);
    assert.equal(good({ yamlText: 'data: there', ...here }).data, 'etc/there');
    assert.equal(good({ ...here, flags: { data: 'there' } }).data, 'there');
  });

  test('unknown variables and flags are named, with the nearest', () => {
    assert.equal(only({ env: { RINGBACK_HTPS_PORT: '1' } }).fix, 'Did you mean RINGBACK_HTTPS_PORT?');
    assert.equal(
      only({ flags: { 'allow-http-callback': true } }).fix,
      'Did you mean --allow-http-callbacks?',
    );
    assert.equal(only({ flags: { 'sip-port': 'x' } }).where, '--sip-port');
  });
});

describe('problems', () => {
  test('are all reported at once, each with key, line, what was found and what to do', () => {
    const yamlText = [
      'profil: production', // 1
      'httpsPort: 84430',
      'media:',
      '  setupLimit: 20',
      'setupLimit: 20s', // 5
      'numbers:',
      '  - number: 18005550100',
      '    resource: nobody',
      '  - blocked: true',
      'retention:', // 10
    ].join('\n');
    const problems = bad({ yamlText, file: 'ringback.yaml' });
    const seen = problems.map(({ key, line, found, fix }) => `${line} ${key}: ${found}. ${fix}`);
    for (const expected of [
      '1 profil: the unknown key profil. Did you mean profile?',
      '2 httpsPort: "84430". Write httpsPort: 8443, say.',
      '4 media.setupLimit: "20". Write setupLimit: 20s, say.',
      '5 setupLimit: the unknown key setupLimit. Did you mean media.setupLimit?',
      '7 numbers[0].number: "18005550100". Write number: "+18005550100", say.',
      '9 numbers[1].number: nothing. Add number: "+18005550100", say.',
      '10 retention: nothing. Write retention: 30d, say.',
    ]) {
      assert.ok(seen.includes(expected), `not among\n${seen.join('\n')}\n: ${expected}`);
    }
    assert.equal(problems.length, 7);
    assert.match(
      describeProblems(problems),
      /^7 things are wrong.*\n {2}ringback\.yaml line 1: profil: found .*; expected profile\.\n {4}Did you mean profile\?/,
    );
  });

  test('YAML that cannot be read is reported with its line', () => {
    const problem = only({ yamlText: 'host: localhost\nhost: 127.0.0.1\n' });
    assert.deepEqual([problem.kind, problem.line], ['syntax', 2]);
    assert.equal(only({ yamlText: '- host: localhost' }).found, 'a list');
  });

  test('a secret is never shown', () => {
    const yamlText = production.replace(ownKey, 'c2VjcmV0');
    assert.doesNotMatch(describeProblems(bad({ yamlText })), /c2VjcmV0/);
  });

  for (const [key, value] of Object.entries({
    clock: 'fast',
    allowHttpCallbacks: 'yes',
    publicEndpoint: 'calls.example.org',
    routes: "[{ pattern: '(', trunk: simulated }]",
    destinations: '{ allow: [44] }',
    outbound: '{ allow: [10.0.0.0/33] }',
    limits: '{ activeCalls: -1 }',
    sip: '{ t1: 500 }',
    media: '{ rtpPorts: [20000] }',
    tls: '{ cert: a.pem }',
    compat: '{ code560487: 486 }',
    subscriptions: '[{ name: a, endpoint: "https://localhost/", maxDeliveryAttempts: 31 }]',
    trunks: '[{ name: a, kind: carrier, host: "a b" }]',
    numbers: '{}',
  })) {
    test(`${key}: ${value} is refused`, () => {
      const problem = only({ yamlText: `${key}: ${value}` });
      assert.ok(problem.key.startsWith(key), problem.key);
    });
  }

  test('headers that deliveries need for themselves are refused', () => {
    const yamlText =
      'subscriptions: [{ name: a, endpoint: "https://localhost/", headers: { aeg-event-type: x } }]';
    assert.equal(only({ yamlText }).key, 'subscriptions[0].headers');
  });
});

describe('contradictions', () => {
  const contradicts = (yamlText: string, key: string, found: RegExp): void => {
    const problem = only({ yamlText });
    assert.equal(problem.key, key);
    assert.match(problem.found, found);
  };

  test('production wants keys of its own', () => {
    assert.equal(only({ yamlText: 'profile: production' }).key, 'resources');
    contradicts(
      production.replace(ownKey, developmentKey),
      'resources[0].keys[0]',
      /published development key/,
    );
    const config = good({ yamlText: production });
    assert.equal(config.resources[0]?.id, '1b4e28ba-2fa1-41d2-883f-0016d3cca427');
    assert.deepEqual(
      [config.numbers, config.trunks, config.routes, config.carrier.simulated],
      [[], [], [], false],
    );
  });

  test('other computers may connect in production only', () => {
    contradicts('host: 0.0.0.0', 'host', /development/);
    assert.equal(good({ yamlText: `${production}host: 0.0.0.0` }).host, '0.0.0.0');
    assert.equal(good({ yamlText: 'host: 127.0.0.2' }).host, '127.0.0.2');
  });

  test('audio needs an address where every address is bound', () => {
    const trunk = 'trunks: [{ name: acme, kind: carrier, host: sip.example }]';
    contradicts(`${production}host: 0.0.0.0\n${trunk}`, 'media.address', /trunks that carry audio/);
  });

  test('data and memory, and ports, exclude each other', () => {
    contradicts('data: x\nmemory: true', 'memory', /data: x/);
    contradicts('httpPort: 8443', 'httpPort', /httpsPort too/);
    contradicts('sipPort: 20500', 'sipPort', /rtpPorts/);
    contradicts('media: { rtpPorts: [3000, 2000] }', 'media.rtpPorts', /3000 to 2000/);
    good({ flags: { 'https-port': 0, 'http-port': 0, 'sip-port': 0 } });
  });

  test('plain http is for endpoints on this computer, when allowed', () => {
    const subscribe = (endpoint: string) => `subscriptions: [{ name: a, endpoint: "${endpoint}" }]`;
    contradicts(
      subscribe('http://localhost:3000/'),
      'subscriptions[0].endpoint',
      /allowHttpCallbacks: false/,
    );
    contradicts(
      `allowHttpCallbacks: true\n${subscribe('http://192.0.2.1/')}`,
      'subscriptions[0].endpoint',
      /true/,
    );
    const config = good({ yamlText: `allowHttpCallbacks: true\n${subscribe('http://[::1]:3000/')}` });
    assert.equal(config.subscriptions[0]?.resource, 'dev');
  });

  test('names stand for something, once', () => {
    contradicts('numbers: [{ number: +18005550100, resource: deb }]', 'numbers[0].resource', /deb/);
    contradicts("routes: [{ pattern: '.*', trunk: simulate }]", 'routes[0].trunk', /simulate/);
    contradicts('numbers: [{ number: +18005550100 }, { number: +18005550100 }]', 'numbers[1]', /second time/);
    contradicts('trunks: [{ name: simulated, kind: carrier, host: localhost }]', 'trunks[0]', /second time/);
    contradicts(
      'numberRanges: [{ from: +18005550199, to: +18005550190 }]',
      'numberRanges[0]',
      /to \+18005550190/,
    );
  });

  test('a short code stands without plus, and every other number with it', () => {
    contradicts('numbers: [{ number: "24680", kind: mobile }]', 'numbers[0].kind', /mobile for 24680/);
    contradicts('numbers: [{ number: +18005550100, kind: shortCode }]', 'numbers[0].kind', /shortCode for/);
    const [code] = good({ yamlText: 'numbers: [{ number: "24680" }]' }).numbers;
    assert.deepEqual(
      [code?.kind, code?.capabilities],
      ['shortCode', { calling: 'none', sms: 'inbound+outbound' }],
    );
  });
});

test('trunks of carriers hold two calls per number unless they say otherwise, and routes are tried by priority', () => {
  const config = good({
    yamlText: `
trunks:
  - { name: a, kind: carrier, host: sip.example }
  - { name: b, kind: direct-routing, host: sbc.example }
  - { name: c, kind: carrier, host: other.example, maxConcurrentCallsPerNumber: none }
routes:
  - { pattern: '.*', trunk: b, priority: 2000 }
  - { pattern: '\\+1\\d{10}', trunk: a }
`,
  });
  assert.deepEqual(
    config.trunks.map(({ maxConcurrentCallsPerNumber }) => maxConcurrentCallsPerNumber),
    [2, undefined, undefined, undefined],
  );
  assert.deepEqual(
    config.routes.map(({ trunk }) => trunk),
    ['a', 'simulated', 'b'],
  );
});

test('short event names stand for those of Microsoft.Communication', () => {
  const yamlText = 'subscriptions: [{ name: a, endpoint: "https://localhost/", events: [IncomingCall] }]';
  assert.deepEqual(good({ yamlText }).subscriptions[0]?.events, ['Microsoft.Communication.IncomingCall']);
});
