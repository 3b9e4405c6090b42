/** The torture messages of RFC 4475. Their bytes are read from beside the project, where they are present. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseMessage } from './parse.ts';

const folder = new URL('../../../../shared/reference/rfc4475/', import.meta.url);
const skip = existsSync(folder) ? false : 'SKIPPED: the messages of RFC 4475 are not beside the project';
if (skip) console.error(skip);

// RFC 4475 3.1.1.
const valid =
  'wsinv intmeth esc01 escnull esc02 lwsdisp longreq dblreq semiuri transports mpart01 unreason noreason'.split(
    ' ',
  );

// RFC 4475 3.1.2. The status is what a request is owed; a response is dropped.
const invalid: Readonly<Record<string, number | 'dropped'>> = {
  badinv01: 400,
  clerr: 400,
  ncl: 400,
  scalar02: 400,
  scalarlg: 'dropped',
  quotbal: 400,
  ltgtruri: 400,
  lwsruri: 400,
  lwsstart: 400,
  trws: 400,
  escruri: 400,
  baddate: 400,
  regbadct: 400,
  badaspec: 400,
  baddn: 400,
  badvers: 505,
  mismatch01: 400,
  mismatch02: 400,
  bigcode: 'dropped',
};

function parse(name: string) {
  return parseMessage(readFileSync(new URL(`${name}.dat`, folder), 'latin1'));
}

describe('trap 14: RFC 4475', { skip }, () => {
  for (const name of valid) {
    it(`${name} is valid and is read`, () => {
      const parsed = parse(name);
      assert.ok('message' in parsed, 'malformed' in parsed ? parsed.malformed : '');
    });
  }

  for (const [name, owed] of Object.entries(invalid)) {
    it(`${name} is invalid and ${owed === 'dropped' ? 'is dropped' : `gets ${owed}`}`, () => {
      const parsed = parse(name);
      assert.ok('malformed' in parsed, 'it was read');
      // Via of badinv01 is what is wrong with it, so nobody can be answered.
      if (owed === 'dropped' || name === 'badinv01') assert.equal(parsed.partial, undefined);
      else assert.deepEqual([parsed.status, parsed.partial !== undefined], [owed, true]);
    });
  }

  it('the others are read or refused, never thrown over', () => {
    const others =
      'badbranch insuf unkscm novelsc unksm2 bext01 invut regaut01 multi01 mcl01 bcast zeromf cparam01 cparam02 regescrt sdp01 inv2543';
    const refused = others.split(' ').filter((name) => 'malformed' in parse(name));
    // RFC 4475 3.3.1, 3.3.8 and 3.3.9 allow nothing but 400 for these.
    assert.deepEqual(refused, ['insuf', 'multi01', 'mcl01']);
  });
});
