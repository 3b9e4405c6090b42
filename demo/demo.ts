/**
 * `npm run demo`: four calls placed with the official SDK on a server of its own, each with everything that happened
 * and why it ended. The clock is manual, so that half a minute of silence takes no time.
 */
import type { Explanation } from '../src/app/explain/timeline.ts';
import * as api from '../src/cli/admin-api.ts';
import { renderLadder } from '../src/cli/ladder.ts';
import { type Door, readConnectionString } from '../src/cli/server-file.ts';
import { verdictBlock } from '../src/cli/verdict.ts';
import { type Ringback, startRingback } from '../src/testing.ts';
import { Application } from './application.ts';

interface Act {
  readonly title: string;
  readonly to: string;
  /** After the call was accepted and, where it is, connected. */
  readonly next?: (app: Application, call: string, ringback: Ringback) => Promise<void>;
  /** What CallDisconnected must carry. */
  readonly expected: string;
}

const acts: readonly Act[] = [
  {
    title: 'A phone answers, and the application hangs up',
    to: '+15005552000',
    async next(app, call, { clock }) {
      await app.event('CallConnected', call);
      await clock.advance('3s');
      await app.hangUp(call);
    },
    expected: '200/7000',
  },
  { title: 'A phone is busy', to: '+15005554860', expected: '486/560486' },
  {
    title: 'A phone never rings: the carrier gives no SIP reply',
    to: '+15005550000',
    // Timer B: 64 times T1 without an answer.
    next: (_app, _call, { clock }) => clock.advance('32s'),
    expected: '408/500001',
  },
  { title: 'A number that does not exist', to: '+15005554040', expected: '404/560404' },
];

const colours = process.stdout.hasColors?.() ?? false;
const paint = (style: string, text: string): string => (colours ? `\x1b[${style}m${text}\x1b[0m` : text);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const doorOf = ({ httpEndpoint, connectionString }: Ringback): Door => ({
  origin: new URL(httpEndpoint),
  key: readConnectionString(connectionString).key,
  source: 'the demo',
});

const patienceMs = 2000;

/** The outcome of the last delivery is noted after the webhook has answered it. */
async function told(door: Door, call: string): Promise<Explanation> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const explanation = await api.explanation(door, call);
    const owed = (await api.deliveries(door, { callId: call, limit: 100 })).filter(
      ({ state }) => state === 'owed',
    );
    if (explanation?.end && owed.length === 0) return explanation;
    if (performance.now() > until) throw new Error(`Call ${call}: ${owed.length} events are still owed.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function perform(act: Act, number: number, app: Application, ringback: Ringback): Promise<boolean> {
  say(`\n${paint('1;36', `${number}. ${act.title}`)}\n`);
  const call = await app.call(act.to);
  await act.next?.(app, call, ringback);
  const { code, subCode } = await app.event('CallDisconnected', call);
  const explanation = await told(doorOf(ringback), call);
  const [ended = '', ...rest] = verdictBlock(explanation).split('\n');
  say(`${renderLadder(explanation.timeline)}\n\n${paint('1', ended)}\n${rest.join('\n')}\n`);
  const came = `${code}/${subCode}`;
  const asExpected = came === act.expected;
  say(
    asExpected
      ? paint('32', `  The SDK's application was told ${came}, as expected.`)
      : paint('1;31', `  The SDK's application was told ${came}; ${act.expected} was expected.`),
  );
  return asExpected;
}

const began = performance.now();
const ringback = await startRingback();
const app = await Application.start({ connectionString: ringback.connectionString, ca: ringback.ca });
let failures = 0;
try {
  say(`Ringback runs at ${ringback.endpoint}; the official Call Automation SDK places ${acts.length} calls.`);
  for (const [index, act] of acts.entries()) {
    const asExpected = await perform(act, index + 1, app, ringback).catch((error: unknown) => {
      say(paint('1;31', `  ${error instanceof Error ? error.message : error}`));
      return false;
    });
    if (!asExpected) failures += 1;
  }
} finally {
  await app.stop();
  await ringback.stop();
}
const seconds = ((performance.now() - began) / 1000).toFixed(1);
say(
  failures === 0
    ? `\nAll as expected, in ${seconds} s. Any other code: npx ringback codes, npx ringback reproduce ROW-ID.`
    : `\n${failures} of ${acts.length} calls ended otherwise than expected (${seconds} s).`,
);
process.exitCode = failures === 0 ? 0 : 1;
