// Places a call with the official SDK and prints what its webhook is told.
//
//   npm start -- --allow-http-callbacks                                             in one terminal
//   NODE_EXTRA_CA_CERTS=.ringback/ca.pem node examples/first-call.mjs               in another
//   NODE_EXTRA_CA_CERTS=.ringback/ca.pem node examples/first-call.mjs +15005554860  a number that is busy
//
// Nothing here is made for Ringback: an ACS connection string, phone numbers and an https webhook make it call there.
import { createServer } from 'node:http';
import { CallAutomationClient } from '@azure/communication-call-automation';

const to = process.argv[2] ?? '+15005552010';
const from = process.env.CALLER_ID ?? '+18005550100';
// The key of the development profile is published and protects nothing.
const connectionString =
  process.env.RINGBACK_CONNECTION_STRING ??
  'endpoint=https://localhost:8443/;accesskey=GOA3/LywVuvzfZTBhErEFZCqVemR/4A5e2LwejCY6EdLa9XGdr7O8ZF+qjOvc5UxjLkgU/gr0dzsW3w7fmKmug==';

const webhook = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  response.end();
  for (const { type, data } of JSON.parse(Buffer.concat(chunks).toString())) told(type, data);
});
await new Promise((listening) => webhook.listen(0, '127.0.0.1', listening));

function told(type, { callConnectionId, resultInformation: { code, subCode, message }, participants = [] }) {
  const parties = participants.map(({ identifier }) => identifier.phoneNumber?.value ?? 'the application');
  console.log(
    type.replace('Microsoft.Communication.', '').padEnd(19),
    `${code}/${subCode}`.padEnd(10),
    message || parties.join(', '),
  );
  if (!type.endsWith('.CallDisconnected')) return;
  console.log(`\nWhy: npx ringback call ${callConnectionId}`);
  webhook.close();
}

try {
  const client = new CallAutomationClient(connectionString);
  const { callConnectionProperties } = await client.createCall(
    { targetParticipant: { phoneNumber: to }, sourceCallIdNumber: { phoneNumber: from } },
    `http://127.0.0.1:${webhook.address().port}/callbacks`,
  );
  console.log(`${from} calls ${to} (call connection ${callConnectionProperties.callConnectionId})\n`);
} catch (error) {
  console.error(`The call was refused: ${error.message}`);
  process.exitCode = 1;
  webhook.close();
}
