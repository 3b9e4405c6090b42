/** The media process: an engine behind an IPC channel. Forked by the media host, never imported. */
import { MediaEngine } from './engine/engine.ts';
import type { Command, EngineSettings, UnsequencedReport } from './messages.ts';

const longestCloseMs = 5000;

let seq = 0;
const report = (said: UnsequencedReport): void => {
  // False once the parent is gone; then there is nobody to tell.
  if (process.connected) process.send?.({ ...said, seq: ++seq }, undefined, undefined, () => {});
};

const settings = JSON.parse(process.argv[2] ?? '') as EngineSettings;
const engine = new MediaEngine(settings, report);

process.on('message', (command) => engine.handle(command as Command));
process.on('disconnect', () => {
  // What was recorded last is written, unless the disk does not take it.
  setTimeout(() => process.exit(1), longestCloseMs);
  void engine.close().finally(() => process.exit(0));
});
// A signal to the whole process group is for the parent: calls drain before the channel closes.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

report({ kind: 'ready' });
