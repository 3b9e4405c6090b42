// Sends a text with the official SDK and prints what became of it.
//
//   npm start                                                                       in one terminal
//   NODE_EXTRA_CA_CERTS=.ringback/ca.pem node examples/first-text.mjs               in another
//   NODE_EXTRA_CA_CERTS=.ringback/ca.pem node examples/first-text.mjs +15005640060  a handset that cannot be reached
//
// The report comes as an Event Grid event too (SMSDeliveryReportReceived, see "ringback subscribe").
import { SmsClient } from '@azure/communication-sms';

const to = process.argv[2] ?? '+15005620000';
const from = process.env.SENDER ?? '+18005550100';
// The key of the development profile is published and protects nothing.
const connectionString =
  process.env.RINGBACK_CONNECTION_STRING ??
  'endpoint=https://localhost:8443/;accesskey=GOA3/LywVuvzfZTBhErEFZCqVemR/4A5e2LwejCY6EdLa9XGdr7O8ZF+qjOvc5UxjLkgU/gr0dzsW3w7fmKmug==';

const client = new SmsClient(connectionString);
const [result] = await client.send(
  { from, to: [to], message: 'Your table is ready.' },
  { enableDeliveryReport: true, tag: 'first text' },
);
if (result.successful) {
  console.log(`accepted: ${result.messageId}`);
  console.log(`What became of it: npx ringback explain ${result.messageId}`);
} else {
  console.log(`refused: ${result.httpStatusCode} ${result.errorMessage}`);
  process.exitCode = 1;
}
