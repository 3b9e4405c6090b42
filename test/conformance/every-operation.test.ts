/** Every operation that the official client declares: that it does what it says, and what it answers where it cannot. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Cases, closeScene, openScene } from './operations.fixture.ts';
import { clientAccessors, clientOperations } from './operations-of-client.fixture.ts';
import { connectionAccessors, connectionOperations } from './operations-of-connection.fixture.ts';
import { mediaOperations } from './operations-of-media.fixture.ts';
import { recordingOperations } from './operations-of-recording.fixture.ts';

const operations: Readonly<Record<string, Cases>> = {
  ...clientOperations,
  ...connectionOperations,
  ...mediaOperations,
  ...recordingOperations,
};
const accessors = [
  ...Object.keys(clientAccessors).map((name) => `CallAutomationClient.${name}`),
  ...Object.keys(connectionAccessors).map((name) => `CallConnection.${name}`),
];

before(openScene);
after(closeScene);

/** Public methods as the package declares them, whatever the types of our tables say. */
function declared(): readonly string[] {
  const folder = join(
    import.meta.dirname,
    '../../node_modules/@azure/communication-call-automation/dist/commonjs',
  );
  return ['CallAutomationClient', 'CallConnection', 'CallMedia', 'CallRecording'].flatMap((name) => {
    const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`;
    const text = readFileSync(join(folder, file), 'utf8');
    const [, body = ''] = text.split(`export declare class ${name} {`);
    // Private ones stand there without a list of arguments.
    const methods = [...body.matchAll(/^ {4}(\w+)\(/gm)].map(([, method]) => method);
    return [...new Set(methods)].filter((method) => method !== 'constructor').map((m) => `${name}.${m}`);
  });
}

test('every operation that the official client declares has a success and a failure here, and nothing else has', () => {
  const all = declared();
  assert.ok(all.length > 40, `${all.length} methods were found in its declarations`);
  assert.deepEqual([...Object.keys(operations), ...accessors].sort(), [...all].sort());
});

for (const [name, { succeeds, fails }] of Object.entries(operations)) {
  describe(name, { timeout: 30_000, concurrency: true }, () => {
    test('succeeds', succeeds);
    for (const { when, act, answer } of fails) {
      test(`fails where ${when}: ${Object.values(answer).join('/')}`, () => assert.rejects(act, answer));
    }
  });
}
