/** Valid messages of our own, each with something in it that readers trip over: what RFC 4475 does, in other words. */
export interface Specimen {
  readonly start: string;
  /** Name and value, as they stand on the wire. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export const sdp = [
  ...['v=0', 'o=- 20518 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0'],
  ...['m=audio 4000 RTP/AVP 8 0 101', 'a=rtpmap:8 PCMA/8000', 'a=rtpmap:101 telephone-event/8000'],
  ...['a=fmtp:101 0-16', 'a=ptime:20', 'a=sendrecv', ''],
].join('\r\n');

const parts = `--b\r\nContent-Type: application/sdp\r\n\r\n${sdp}\r\n--b\r\nContent-Type: application/isup;version=itu\r\n\r\n\x01\x00\xff\r\n--b--\r\n`;
const typed = (type: string): readonly [string, string] => ['Content-Type', type];

function specimen(start: string, lines: string, type?: string, body = ''): Specimen {
  const headers = lines.split('\n').map((line): readonly [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  const typing = type === undefined ? [] : [typed(type)];
  return { start, headers: [...headers, ...typing, ['Content-Length', String(body.length)]], body };
}

export const specimens: readonly Specimen[] = [
  specimen(
    'INVITE sip:+15551234567@h.example;user=phone SIP/2.0',
    `Via: SIP/2.0/UDP h.example:5060;branch=z9hG4bK1;rport
Via: SIP/2.0/TCP [2001:db8::1]:5;branch=z9hG4bK2
Max-Forwards: 70
From: "A \\"B\\" <c>, d" <sip:a@h.example;x=y?z=1>;tag=1
To: tel:+15551234567;phone-context=example
Call-ID: x@h.example
CSeq: 1 INVITE
Contact: <sip:a@192.0.2.3:5070;transport=tcp>;q=0.7
Record-Route: <sip:p1;lr>, "q,r" <sip:p2;lr>;x=1
Reason: Q.850;cause=17;text="busy"
P-Asserted-Identity: "A" <sip:+1666@h.example>, <tel:+1666>
Subject: voil\xc3\xa0`,
    'application/sdp',
    sdp,
  ),
  specimen(
    'SIP/2.0 183 Session Progress',
    `v: SIP/2.0/UDP h;branch=z9hG4bK1;received=192.0.2.9;rport=5090
f: sip:a@h;tag=1
t: <sip:b@h>;tag=2
i: x
CSeq: 1 INVITE
m: <sip:b@h>
RSeq: 88
Require: 100rel`,
    'application/sdp',
    sdp,
  ),
  specimen(
    'UPDATE sip:b@h SIP/2.0',
    `Via: SIP / 2.0 / TCP h : 5061 ; branch = z9hG4bK9
From: <sip:a@h>;tag=1
To: B <sip:b@h>;tag=2
Call-ID: x
CSeq: 2 UPDATE
Max-Forwards: 0`,
    'multipart/mixed;boundary="b"',
    parts,
  ),
  specimen(
    "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d@h SIP/2.0",
    `Via: SIP/2.0/UDP h;branch=z9hG4bK-.!%*_+'~
From: "=\\"\\\\" <sip:a@h:5060>;tag=a-.!%*_+'~
To: "b" <sip:b%40@h;lr;%61=b>
Call-ID: intmeth.word%ZK-!.*_+'@word\`~)(><:\\/"][?}{
CSeq: 139122385 !interesting-Method0123456789_*+\`.%indeed'~
Max-Forwards: 255
extension: \xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb`,
  ),
  specimen(
    'CANCEL sips:b@h SIP/2.0',
    `Via: SIP/2.0/TLS h;branch=z9hG4bK1, SIP/2.0/UDP i;branch=z9hG4bK0;x="a,b;c"
From: sip:a@h;tag=1
To: sip:b@h
Call-ID: x
CSeq: 0 CANCEL
Max-Forwards: 9
Reason: SIP;cause=200;text="Call completed elsewhere", Q.850;cause=26`,
  ),
  specimen(
    'REGISTER sip:h SIP/2.0',
    `Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKr;rport
From: <sip:a@h>;tag=1
To: <sip:a@h>
Call-ID: r
CSeq: 2147483647 REGISTER
Contact: *
Expires: 0
Date: Fri, 01 Jan 2010 16:00:00 GMT
Authorization: Digest username="a", realm="h, \\"i\\"", nonce="84f1", uri="sip:h", response="7587"`,
  ),
  specimen(
    'SIP/2.0 200 ',
    `Via: SIP/2.0/UDP h;branch=z9hG4bKx
From: <sip:a@h>;tag=1
To: <sip:b@h>;tag=2
Call-ID: x
CSeq: 7 BYE`,
  ),
  specimen(
    'OPTIONS soap.beep://h/a?b=c SIP/2.0',
    `Via: SIP/2.0/UNKNOWN h;branch=z9hG4bKx
From: <urn:service:sos>;tag=1
To: <http://h/%7Ea;b>
Call-ID: 1
CSeq: 1 OPTIONS
Accept: ${'application/sdp, '.repeat(30)}text/plain
Supported: ${'x'.repeat(300)}`,
  ),
  // As our own stack writes them.
  specimen(
    'INVITE sip:+15551234567@127.0.0.1:5090 SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK5f2c1a9be0771.9d0c6a3f5e1b2748;rport
Max-Forwards: 70
From: "Caf\xc3\xa9" <sip:+18005550100@127.0.0.1>;tag=0f8d2a6c4b1e9375
To: <sip:+15551234567@127.0.0.1:5090>
Call-ID: 3b0c2f5e8a7d41969f1e2d3c4b5a6978
CSeq: 1 INVITE
Contact: <sip:127.0.0.1:5060>
Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE
Supported:
User-Agent: Ringback/0.1.0`,
    'application/sdp',
    sdp,
  ),
  specimen(
    'SIP/2.0 486 Busy Here',
    `Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK5f2c1a9be0771.9d0c6a3f5e1b2748;rport=5060;received=127.0.0.1
From: <sip:+18005550100@127.0.0.1>;tag=0f8d2a6c4b1e9375
To: <sip:+15551234567@127.0.0.1:5090>;tag=77aa
Call-ID: 3b0c2f5e8a7d41969f1e2d3c4b5a6978
CSeq: 1 INVITE
Reason: Q.850;cause=17;text="User busy"
Retry-After: 18000;duration=3600`,
  ),
];

export function write({ start, headers, body }: Specimen): string {
  return `${start}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}
