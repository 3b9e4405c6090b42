import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { describeProblems, parseConfig } from '../../src/config/parse-config.ts';
import { type Server, startServer } from '../../src/main/server.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Application, openApplication } from '../peers/application.ts';

const flags = {
  memory: true,
  'https-port': '0',
  'http-port': '0',
  'sip-port': '0',
  clock: 'manual',
  'allow-http-callbacks': true,
};

function read(yamlText: string): Config | string {
  const parsed = parseConfig({ yamlText, flags });
  return 'problems' in parsed ? describeProblems(parsed.problems) : parsed.config;
}

const acme = `
trunks:
  - { name: acme, kind: direct-routing, host: 127.0.0.1, port: 5999 }
routes:
  - { pattern: '\\+15005700\\d{3}', trunk: acme }
destinations: { allow: ["+1"] }
`;

describe('a configuration that is read again', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-'));
  let written = '';
  let server: Server;
  let app: Application;
  before(async () => {
    const config = read('');
    assert.ok(typeof config !== 'string');
    server = await startServer({ config, directory, readAgain: () => read(written) });
    app = await openApplication({ server: server.ready });
  });
  beforeEach(async () => {
    written = '';
    await server.reload();
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const reload = (): Promise<unknown> => signedRequest(server.ready, 'POST', 'reload', {});
  const call = async (number: string): Promise<string> => {
    const { callConnectionProperties } = await app.client.createCall(
      { targetParticipant: { phoneNumber: number }, sourceCallIdNumber: { phoneNumber: '+18005550100' } },
      app.callbackUrl,
    );
    return callConnectionProperties.callConnectionId as string;
  };

  test('changes trunks and routes at once, and live calls go on', async () => {
    const live = await call('+15005552000');
    await app.next('CallConnected', live);
    const before = await app.next('CreateCallFailed', await call('+15005700001'));
    assert.equal(before.resultInformation?.subCode, 511532);
    written = acme;
    assert.deepEqual(await reload(), { changed: ['trunks', 'routes', 'destinations'] });
    const after = await app.next('CreateCallFailed', await call('+15005700001'));
    assert.equal(after.resultInformation?.subCode, 560503, 'nobody listens at the new trunk');
    const { callConnectionState } = await app.client.getCallConnection(live).getCallConnectionProperties();
    assert.equal(callConnectionState, 'connected');
    const { value } = (await signedRequest(server.ready, 'GET', 'trunks', undefined)) as {
      value: readonly { name: string }[];
    };
    assert.deepEqual(value.map(({ name }) => name).sort(), ['acme', 'simulated']);
    await app.client.getCallConnection(live).hangUp(true);
  });

  test('is refused whole, with every problem named, when it cannot be', async () => {
    written = `${acme}\nnumbrs: []\n`;
    await assert.rejects(reload(), /409 .*numbrs/s);
    const failed = await app.next('CreateCallFailed', await call('+15005700001'));
    assert.equal(failed.resultInformation?.subCode, 511532);
  });

  test('is refused whole when something else differs, and names it', async () => {
    written = `${acme}\nretention: 1d\n`;
    await assert.rejects(reload(), /409 .*retention.*restart/s);
  });
});
