import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signedRequest } from '../../src/main/signed-request.ts';
import { startRingback } from '../../src/testing.ts';

test('the call log has one record per operation of a call, the refused ones too', async () => {
  const ringback = await startRingback({ internals: { mediaInProcess: true } });
  const { ready } = ringback.server;
  const ask = (method: string, path: string, body?: unknown): Promise<unknown> =>
    signedRequest(ready, method, `/calling/callConnections${path}?api-version=2026-03-12`, body);
  const body = {
    targets: [{ kind: 'phoneNumber', phoneNumber: { value: '+15005551800' } }],
    sourceCallerIdNumber: { value: '+18005550100' },
    callbackUri: 'http://127.0.0.1:1/callbacks',
  };
  const { callConnectionId } = (await ask('POST', '', body)) as { callConnectionId: string };
  await ask('DELETE', `/${callConnectionId}`);
  await assert.rejects(ask('POST', `/${callConnectionId}:terminate`));
  const { value } = (await signedRequest(ready, 'GET', `calls/${callConnectionId}/summary`, undefined)) as {
    value: readonly { category: string; operationName: string; properties: Record<string, unknown> }[];
  };
  const operations = value.filter(({ category }) => category === 'CallAutomationOperational');
  assert.deepEqual(
    operations.map(({ operationName, properties }) => [
      operationName,
      properties.resultSignature,
      properties.callConnectionId,
    ]),
    [
      ['CreateCall', 201, callConnectionId],
      ['HangUpCall', 204, callConnectionId],
      ['TerminateCall', 400, callConnectionId],
    ],
  );
  await ringback.stop();
});
