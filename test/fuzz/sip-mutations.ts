import { one, type Random } from './random.ts';
import type { Specimen } from './sip-corpus.ts';

type Headers = Specimen['headers'];

const compact: Readonly<Record<string, string>> = {
  ...{ via: 'v', from: 'f', to: 't', 'call-id': 'i', contact: 'm', subject: 's' },
  ...{ 'content-type': 'c', 'content-length': 'l', supported: 'k' },
};
const once = new Set(['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length']);
const longOf = Object.fromEntries(Object.entries(compact).map(([long, short]) => [short, long]));
export const nameOf = (written: string): string => longOf[written.toLowerCase()] ?? written.toLowerCase();

const changeAt = (headers: Headers, at: number, header: readonly [string, string]): Headers =>
  headers.with(at, header);

/** Changes that RFC 3261 7.3.1 says change nothing. */
const harmless: readonly ((headers: Headers, next: Random) => Headers)[] = [
  // Case of a name.
  (headers, next) => {
    const at = next(headers.length);
    const [name, value] = headers[at]!;
    return changeAt(headers, at, [next(2) === 0 ? name.toUpperCase() : name.toLowerCase(), value]);
  },
  // Compact form.
  (headers, next) => {
    const at = next(headers.length);
    const [name, value] = headers[at]!;
    return changeAt(headers, at, [compact[name.toLowerCase()] ?? name, value]);
  },
  // Space before the colon, and around the value.
  (headers, next) => {
    const at = next(headers.length);
    const [name, value] = headers[at]!;
    const fold = nameOf(name) === 'content-length' ? [' ', '\t', '  '] : [' ', '\t', '\r\n ', ' \r\n\t '];
    return changeAt(headers, at, [
      `${name}${one(next, ['', ' ', '\t'])}`,
      `${one(next, fold)}${value}${one(next, ['', ' '])}`,
    ]);
  },
  // A header nobody knows, anywhere.
  (headers, next) =>
    headers.toSpliced(next(headers.length + 1), 0, [
      one(next, ['X-Odd', 'P-Charging', 'xyzzy', "a!%*_+`'~"]),
      one(next, ['', '"', '<<>;,', ': : :', '\xff\xfe', 'a\r\n b\r\n\tc', '%00', 'Via: SIP/2.0/UDP x']),
    ]),
  // Neighbours of different names swap places.
  (headers, next) => {
    const at = next(headers.length - 1);
    const [a, b] = [headers[at]!, headers[at + 1]!];
    return nameOf(a[0].trim()) === nameOf(b[0].trim()) ? headers : headers.with(at, b).with(at + 1, a);
  },
  // A parameter more.
  (headers, next) => {
    const at = headers.findIndex(([name]) =>
      ['from', 'to', 'via', 'f', 't', 'v'].includes(name.trim().toLowerCase()),
    );
    if (at < 0 || headers[at]![1].includes(',')) return headers;
    const extra = one(next, [';x', '; y = z', ';q="a;b,c\\""', ';host=[2001:db8::1]', ' ;\tlast']);
    return changeAt(headers, at, [headers[at]![0], headers[at]![1] + extra]);
  },
];

/** The same message in other bytes. */
export function reword(specimen: Specimen, next: Random): Specimen {
  let { headers } = specimen;
  for (let n = next(5); n > 0; n--) headers = one(next, harmless)(headers, next);
  return { ...specimen, headers };
}

const replace = (specimen: Specimen, name: string, value: string): Specimen => ({
  ...specimen,
  headers: specimen.headers.map((header) =>
    nameOf(header[0].trim()) === name ? [header[0], value] : header,
  ),
});

/** What makes a message one that must be refused, and the status owed to a request. */
export const defects: Readonly<
  Record<string, readonly [owed: number, spoil: (s: Specimen, next: Random) => Specimen]>
> = {
  'a header twice': [
    400,
    (s, next) => {
      const mine = s.headers.filter(([name]) => once.has(nameOf(name.trim())));
      const [name, value] = one(next, mine);
      const other = nameOf(name.trim()) === 'content-length' ? `${s.body.length + 1}` : value;
      return { ...s, headers: s.headers.toSpliced(next(s.headers.length + 1), 0, [name, other]) };
    },
  ],
  'a header missing': [
    400,
    (s, next) => {
      const name = one(next, ['from', 'to', 'call-id', 'cseq']);
      return { ...s, headers: s.headers.filter((header) => nameOf(header[0].trim()) !== name) };
    },
  ],
  'a method that is not that of CSeq': [400, (s) => replace(s, 'cseq', '1 OTHER')],
  'a CSeq that is none': [
    400,
    (s, next) =>
      replace(
        s,
        'cseq',
        one(next, [
          '',
          'x',
          '-1 BYE',
          '2147483648 BYE',
          '1',
          '1BYE',
          '1 B YE',
          '99999999999999999999 BYE',
          '1.5 BYE',
        ]),
      ),
  ],
  'a length that is none': [
    400,
    (s, next) =>
      replace(s, 'content-length', one(next, ['-1', 'x', '', '1e3', '+5', '0x10', '99999999999', '1 2'])),
  ],
  'a body shorter than its length': [
    400,
    (s, next) => replace(s, 'content-length', String(s.body.length + 1 + next(1000))),
  ],
  'a body too long': [513, (s, next) => replace(s, 'content-length', String(65_537 + next(900_000_000)))],
  'a From or To that is none': [
    400,
    (s, next) =>
      replace(
        s,
        one(next, ['from', 'to']),
        one(next, [
          '',
          '<',
          '"x" sip:a@b',
          '"x <sip:a@b>',
          '<sip:a@b',
          'sip:a,b',
          'b\xffd <sip:a@b>',
          '<sip:a b@c>',
          '<:x>',
          'sip:a?b=c',
          '<sip:a@b>;;tag=1',
          '<sip:a@b>;=1',
          `<sip:a@b>${';x'.repeat(65)}`,
          'x',
        ]),
      ),
  ],
  'a Max-Forwards that is none': [
    400,
    (s, next) => ({
      ...s,
      headers: [
        ...s.headers.filter(([name]) => nameOf(name.trim()) !== 'max-forwards'),
        ['Max-Forwards', one(next, ['-1', '256', 'x', '', '70 70'])],
      ],
    }),
  ],
  'a line without colon': [400, (s) => ({ ...s, headers: [...s.headers, ['no\r\nX', '']] })],
  'a name that is no token': [
    400,
    (s, next) => ({ ...s, headers: [...s.headers, [one(next, ['a b', 'a(b)', '\xe9', 'a"', '']), 'x']] }),
  ],
  'a line break or NUL in a value': [
    400,
    (s, next) => ({
      ...s,
      headers: [...s.headers, ['X', one(next, ['a\rb', 'a\nVia: b', 'a\0b', 'a\r\r', '\n'])]],
    }),
  ],
  'too many headers': [
    400,
    (s, next) => ({ ...s, headers: [...s.headers, ...Array(257 + next(500)).fill(['X', 'y'])] }),
  ],
  'a header section too long': [
    513,
    (s, next) => ({ ...s, headers: [...s.headers, ['X', 'y'.repeat(65_000 + next(2000) + 500)]] }),
  ],
  'another version': [
    505,
    (s, next) => ({
      ...s,
      start: s.start.replace(/SIP\/2\.0$/, one(next, ['SIP/7.0', 'SIP/2.1', 'sip/3.0', 'SIP/22.0'])),
    }),
  ],
  'a Request-URI that is none': [
    400,
    (s, next) => ({
      ...s,
      start: s.start.replace(
        /^(\S+) \S+/,
        `$1 ${one(next, ['<sip:a@b>', 'sip:a b@c', 'x', ':', 'sip:', 'sip:a@b?c=d', '"', ' sip:a@b'])}`,
      ),
    }),
  ],
  'space around the start line': [400, (s) => ({ ...s, start: `${s.start} ` })],
};
