/** What a leg needs of chance that nobody may guess: keys for SRTP, and what ICE knows it by. */
import { randomBytes } from 'node:crypto';
import type { IceCredentials } from '../../../app/ports/trunk.ts';
import { saltLength, srtpSuite, srtpSuiteNames } from '../../../wire/rtp/srtp-suites.ts';

/** RFC 4568 6.1: one for each suite, so that no two of them share key stream. */
export const newKeys = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    srtpSuiteNames.map((suite) => [
      suite,
      randomBytes(srtpSuite(suite).keyLength + saltLength).toString('base64'),
    ]),
  );

/** RFC 8445 5.3: 24 bits of chance and 128, in characters that base64 has as well. */
export const newIceCredentials = (): IceCredentials => ({
  ufrag: randomBytes(6).toString('base64'),
  password: randomBytes(18).toString('base64'),
});
