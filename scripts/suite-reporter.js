// Node's own reporter, with the seconds per suite before its closing lines.
import { relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { spec as Spec } from 'node:test/reporters';
import { suiteOf, suites } from './suites.js';

async function* withSuites(events) {
  const milliseconds = new Map();
  for await (const event of events) {
    const { type, data } = event;
    if (type === 'test:summary' && data.file !== undefined) {
      const suite = suiteOf(relative(process.cwd(), data.file).split(sep).join('/'));
      milliseconds.set(suite, (milliseconds.get(suite) ?? 0) + data.duration_ms);
    }
    if (type === 'test:diagnostic' && data.nesting === 0 && /^tests \d+$/.test(data.message)) {
      for (const suite of suites.filter((name) => milliseconds.has(name))) {
        const seconds = (milliseconds.get(suite) / 1000).toFixed(1);
        const message = `${suite.padEnd(11)} ${seconds.padStart(6)} s`;
        yield { type, data: { nesting: 0, message, level: 'info' } };
      }
    }
    yield event;
  }
}

// biome-ignore lint/style/noDefaultExport: the test runner asks for one.
export default async function* suiteReporter(events) {
  yield* Readable.from(withSuites(events)).compose(new Spec());
}
