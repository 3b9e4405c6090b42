import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeProblems, parseConfig } from './parse-config.ts';

const read = (settings: string) =>
  parseConfig({
    yamlText: `trunks:\n  - { name: sbc, kind: direct-routing, host: 192.0.2.1, ${settings} }\n`,
  });
const trunk = (settings: string) => {
  const parsed = read(settings);
  if ('problems' in parsed) assert.fail(describeProblems(parsed.problems));
  return parsed.config.trunks.find(({ name }) => name === 'sbc');
};
const problems = (settings: string): string => {
  const parsed = read(settings);
  assert.ok('problems' in parsed, 'was accepted');
  return describeProblems(parsed.problems);
};

test('a trunk carries audio in the clear and asks for no ICE, unless it is told otherwise', () => {
  assert.deepEqual([trunk('port: 5060')?.media, trunk('port: 5060')?.ice], ['rtp', false]);
  const told = trunk('protocol: tls, media: srtp, ice: true');
  assert.deepEqual([told?.media, told?.ice], ['srtp', true]);
});

test('another kind of media is a problem that names those there are', () => {
  assert.match(problems('media: zrtp'), /media.*"zrtp".*rtp, srtp or none/s);
});

test('ICE without audio is a contradiction', () => {
  assert.match(problems('media: none, ice: true'), /trunks\[0\]\.ice.*true, with media: none.*Take ice out/s);
});
