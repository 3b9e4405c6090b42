import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, openApplication } from '../peers/application.ts';

/** A port where nobody listens: it was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a route whose trunk is out', () => {
  let server: Ringback;
  let app: Application;
  before(async () => {
    const port = await closedPort();
    server = await startRingback({
      config: `
trunks:
  - { name: refuses, kind: carrier, host: 127.0.0.1, port: ${port}, protocol: tcp }
routes:
  - { pattern: '\\+1500555\\d{4}', trunk: refuses, priority: 1 }
destinations:
  allow: ["+1500"]
`,
    });
    app = await openApplication({ server: server.server.ready });
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await server.stop();
  });

  const call = async (number: string): Promise<string> => {
    const { callConnectionProperties } = await app.client.createCall(
      { targetParticipant: { phoneNumber: number }, sourceCallIdNumber: { phoneNumber: '+18005550100' } },
      app.callbackUrl,
    );
    return callConnectionProperties.callConnectionId as string;
  };

  test('gives the call to the next trunk, whose answer is what the application is told', async () => {
    const busy = await app.next('CreateCallFailed', await call('+15005554860'));
    assert.equal(busy.resultInformation?.subCode, 560486);
    const answered = await call('+15005552000');
    await app.next('CallConnected', answered);
    await app.client.getCallConnection(answered).hangUp(true);
    await app.next('CallDisconnected', answered);
  });

  test('ends the call with 503/560503 when the last trunk is out as well', async () => {
    const failed = await app.next('CreateCallFailed', await call('+15005555030'));
    assert.equal(failed.resultInformation?.code, 503);
    assert.equal(failed.resultInformation?.subCode, 560503);
  });
});
