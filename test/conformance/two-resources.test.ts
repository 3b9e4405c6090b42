import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { developmentKey, developmentResource } from '../../src/config/development.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, openApplication } from '../peers/application.ts';

const otherKey = Buffer.from('an access key of another resource, sixty-four bytes of it, for tests').toString(
  'base64',
);
const settings = `
resources:
  - { name: dev, id: ${developmentResource.id}, keys: ["${developmentKey}"], admin: true }
  - { name: other, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: ["${otherKey}"], admin: false }
numbers:
  - { number: "+18005550100", resource: dev }
  - { number: "+18005550150", resource: other }
`;

describe('a call from one resource to a number of another', () => {
  let server: Ringback;
  let caller: Application;
  let callee: Application;
  before(async () => {
    server = await startRingback({ config: settings });
    caller = await openApplication({ server: server.server.ready });
    callee = await openApplication({ server: server.server.ready, accessKey: otherKey });
    await callee.listen('other');
  });
  after(async () => {
    await caller[Symbol.asyncDispose]();
    await callee[Symbol.asyncDispose]();
    await server.stop();
  });

  test('is offered to the owner of the number, answered by it, and each side ends its own connection', async () => {
    const placed = await caller.client.createCall(
      {
        targetParticipant: { phoneNumber: '+18005550150' },
        sourceCallIdNumber: { phoneNumber: '+18005550100' },
      },
      caller.callbackUrl,
    );
    const { incomingCallContext } = await callee.incoming();
    const answered = await callee.client.answerCall(incomingCallContext, callee.callbackUrl);
    const ours = placed.callConnectionProperties.callConnectionId;
    const theirs = answered.callConnectionProperties.callConnectionId;
    await caller.next('CallConnected', ours);
    await callee.next('CallConnected', theirs);
    await assert.rejects(
      caller.client.getCallConnection(theirs as string).getCallConnectionProperties(),
      { statusCode: 404, code: '8522' },
      'a connection of another resource does not exist',
    );
    await callee.client.getCallConnection(theirs as string).hangUp(false);
    const end = await caller.next('CallDisconnected', ours);
    assert.equal(end.resultInformation?.subCode, 7000);
    await callee.next('CallDisconnected', theirs);
  });
});
