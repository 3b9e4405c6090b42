/** Messages of real calls, as stacks and carriers write them, and hard ones. */
import { type Specimen, sdp, specimens, write } from '../test/fuzz/sip-corpus.ts';

const via = 'SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK5f2c1a9be0771.9d0c6a3f5e1b2748;rport';
const dialog = `From: <sip:+18005550100@127.0.0.1>;tag=0f8d2a6c4b1e9375
To: <sip:+15551234567@127.0.0.1:5090>;tag=77aa21f0c3d5e9b1
Call-ID: 3b0c2f5e8a7d41969f1e2d3c4b5a6978`;

function message(start: string, lines: string, body = ''): string {
  const type = body === '' ? '' : 'Content-Type: application/sdp\n';
  const head = `${start}\n${lines}\n${type}Content-Length: ${body.length}\n\n`;
  return head.replaceAll('\n', '\r\n') + body;
}

function specimen(part: string): string {
  const found = specimens.find(({ start }) => start.includes(part));
  if (!found) throw new Error(`test/fuzz/sip-corpus.ts has no message with ${part} any more`);
  return write(found);
}

const vias = Array.from(
  { length: 20 },
  (_, n) => `Via: SIP/2.0/UDP p${n}.carrier.example:5060;branch=z9hG4bK${n}a${n}b;rport`,
);
const long: Specimen = {
  start: 'OPTIONS sip:127.0.0.1:5090 SIP/2.0',
  headers: [
    ['X-Long', 'x'.repeat(60_000)],
    ['Via', via],
    ['Max-Forwards', '70'],
    ['From', '<sip:127.0.0.1:5060>;tag=0f8d2a6c4b1e9375'],
    ['To', '<sip:127.0.0.1:5090>'],
    ['Call-ID', '3b0c2f5e8a7d41969f1e2d3c4b5a6978'],
    ['CSeq', '1 OPTIONS'],
    ['Content-Length', '0'],
  ],
  body: '',
};

export { sdp };

export const plainInvite = message(
  'INVITE sip:+15551234567@127.0.0.1:5090 SIP/2.0',
  `Via: ${via}
Max-Forwards: 70
From: "Ringback" <sip:+18005550100@127.0.0.1>;tag=0f8d2a6c4b1e9375
To: <sip:+15551234567@127.0.0.1:5090>
Call-ID: 3b0c2f5e8a7d41969f1e2d3c4b5a6978
CSeq: 1 INVITE
Contact: <sip:127.0.0.1:5060>
Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE
Supported: timer
User-Agent: Ringback/0.1.0`,
  sdp,
);

export const messages: Readonly<Record<string, string>> = {
  'INVITE with SDP': plainInvite,
  '200 with SDP, two proxies': message(
    'SIP/2.0 200 OK',
    `Via: ${via};received=127.0.0.1
${dialog}
CSeq: 1 INVITE
Record-Route: <sip:p2.carrier.example;lr>, <sip:p1.carrier.example;lr>
Contact: <sip:+15551234567@192.0.2.7:5060>
Allow: INVITE, ACK, BYE, CANCEL, OPTIONS
Server: carrier`,
    sdp,
  ),
  ACK: message(
    'ACK sip:+15551234567@192.0.2.7:5060 SIP/2.0',
    `Via: ${via}\nMax-Forwards: 70\n${dialog}\nCSeq: 1 ACK`,
  ),
  BYE: message(
    'BYE sip:+15551234567@192.0.2.7:5060 SIP/2.0',
    `Via: ${via}\nMax-Forwards: 70\n${dialog}\nCSeq: 2 BYE\nReason: Q.850;cause=16;text="Normal call clearing"`,
  ),
  OPTIONS: message(
    'OPTIONS sip:127.0.0.1:5090 SIP/2.0',
    `Via: ${via}
Max-Forwards: 70
From: <sip:127.0.0.1:5060>;tag=0f8d2a6c4b1e9375
To: <sip:127.0.0.1:5090>
Call-ID: 3b0c2f5e8a7d41969f1e2d3c4b5a6978
CSeq: 1 OPTIONS
Contact: <sip:127.0.0.1:5060>
Accept: application/sdp`,
  ),
  '486 with Reason': specimen('486 Busy Here'),
  'INVITE through 20 proxies': message(
    'INVITE sip:+15551234567@127.0.0.1:5090 SIP/2.0',
    `${vias.join('\n')}
Max-Forwards: 50
From: <sip:+18005550100@carrier.example>;tag=0f8d2a6c4b1e9375
To: <sip:+15551234567@127.0.0.1:5090>
Call-ID: 3b0c2f5e8a7d41969f1e2d3c4b5a6978
CSeq: 1 INVITE
Contact: <sip:+18005550100@192.0.2.7:5060>`,
    sdp,
  ),
  'INVITE with everything odd': specimen('h.example;user=phone'),
  'OPTIONS with a header of 60 kB': write(long),
};
