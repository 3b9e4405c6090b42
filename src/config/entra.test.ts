import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from './parse-config.ts';

const tenant = 'C70D068C-2f32-484d-9455-73070cd5aadd';
const https = 'https://login.microsoftonline.com/{tenantid}/v2.0';
const entry = (more = '', issuer = https): string => `{ issuer: "${issuer}", tenant: ${tenant}${more} }`;
const parse = (...entries: readonly string[]) => parseConfig({ yamlText: `entra: [${entries.join(', ')}]` });

describe('issuers of Entra ID', () => {
  test('give nobody access whom the configuration does not name', () => {
    const parsed = parse(entry(), entry(`, access: [{ id: ${tenant} }]`, 'https://issuer.example/'));
    assert.ok('config' in parsed);
    const [first, second] = parsed.config.entra;
    assert.deepEqual(first, {
      issuer: https,
      keys: undefined,
      certificates: undefined,
      audience: undefined,
      tenant: tenant.toLowerCase(),
      resource: 'dev',
      accounts: ['application', 'user'],
      access: [],
    });
    assert.deepEqual(second?.access, [
      { id: tenant.toLowerCase(), role: 'contributor', managedIdentity: undefined },
    ]);
  });

  const wrong: Readonly<Record<string, readonly [entries: readonly string[], key: string, says: RegExp]>> = {
    'no URL': [[entry('', 'issuer')], 'entra[0].issuer', /a URL/],
    'plain http': [[entry('', 'http://issuer.example/')], 'entra[0].issuer', /an https URL/],
    'plain http for the keys': [
      [entry(', keys: "http://issuer.example/keys"')],
      'entra[0].keys',
      /an https URL/,
    ],
    'the same tenant twice': [[entry(), entry()], 'entra[1].tenant', /one entry/],
    'an unknown resource': [[entry(', resource: nobody')], 'entra[0].resource', /one of dev/],
    'an unknown kind of account': [
      [entry(', accounts: [robot]')],
      'entra[0].accounts[0]',
      /application or user/,
    ],
    'no kind of account': [[entry(', accounts: []')], 'entra[0].accounts', /at least 1/],
    'a role that is none': [
      [entry(`, access: [{ id: ${tenant}, role: owner }]`)],
      'entra[0].access[0].role',
      /contributor or reader/,
    ],
    'a managed identity that is none': [
      [entry(`, access: [{ id: ${tenant}, managedIdentity: me }]`)],
      'entra[0].access[0].managedIdentity',
      /resource id/,
    ],
  };
  for (const [what, [entries, key, says]] of Object.entries(wrong)) {
    test(`with ${what} stop the start`, () => {
      const parsed = parse(...entries);
      assert.ok('problems' in parsed);
      assert.deepEqual(
        parsed.problems.map((problem) => problem.key),
        [key],
      );
      assert.match(parsed.problems[0]?.expected ?? '', says);
    });
  }

  test('may be on this computer over plain http, where callbacks may', () => {
    const local = entry('', 'http://127.0.0.1:9000/{tenantid}');
    const parsed = parseConfig({ yamlText: `allowHttpCallbacks: true\nentra: [${local}]` });
    assert.ok('config' in parsed);
  });
});
