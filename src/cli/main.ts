/** Entry of the command line, imported by `bin/ringback.js`. */
import { run } from './run.ts';

// A reader that has seen enough (`ringback codes | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const out = {
  line: (text: string) => void process.stdout.write(`${text}\n`),
  note: (text: string) => void process.stderr.write(`${text}\n`),
};

process.exitCode = await run(process.argv.slice(2), out, {
  data: process.env.RINGBACK_DATA,
  connectionString: process.env.RINGBACK_CONNECTION_STRING,
});
