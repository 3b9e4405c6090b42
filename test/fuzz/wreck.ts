import { one, type Random } from './random.ts';

const pieces = [
  '\r\n',
  '\r\n\r\n',
  '\r\n ',
  '\n',
  '\r',
  '\0',
  ';',
  ',',
  '<',
  '>',
  '"',
  '\\',
  ':',
  ' ',
  '\t',
  '=',
  '@',
  '%',
  '%00',
  '[',
  ']',
  ';;',
  '<<',
  '""',
  ',,',
  'SIP/2.0',
  'SIP/2.0 200 OK\r\n',
  'z9hG4bK',
  'Via: ',
  'l:',
  'Content-Length: 5\r\n',
  '-1',
  '99999999999',
  '\xff\xfe',
  '\xc3\xa0',
  '\xa0',
  '::',
  ';tag=',
  ';lr',
  '*',
  'sip:',
  'tel:',
  '--b',
];

/** Any bytes at all, near a message. */
export function wreck(text: string, other: string, next: Random): string {
  let wreckage = text;
  for (let n = next(6); n >= 0; n--) {
    const at = next(wreckage.length + 1);
    const until = at + next(60);
    const kind = next(7);
    if (kind === 0) wreckage = wreckage.slice(0, at) + one(next, pieces) + wreckage.slice(at);
    else if (kind === 1) wreckage = wreckage.slice(0, at) + wreckage.slice(until);
    else if (kind === 2)
      wreckage = wreckage.slice(0, at) + String.fromCharCode(next(256)) + wreckage.slice(at + 1);
    else if (kind === 3)
      wreckage = wreckage.slice(0, at) + wreckage.slice(at, until).repeat(1 + next(4)) + wreckage.slice(at);
    else if (kind === 4)
      wreckage =
        wreckage.slice(0, at) + other.slice(next(other.length), next(other.length)) + wreckage.slice(at);
    else if (kind === 5) wreckage = wreckage.slice(0, at);
    else
      wreckage =
        wreckage.slice(0, at) +
        one(next, pieces).repeat(1 + next(next(20) === 0 ? 300 : 8)) +
        wreckage.slice(at);
  }
  return wreckage;
}
