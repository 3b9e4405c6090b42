/** The languages that espeak-ng has here, as its own short names: de, fr-fr, cmn. None where it is not installed. */
import { execFile } from 'node:child_process';

export const espeakLanguages = (program: string): Promise<ReadonlySet<string>> =>
  new Promise((resolve) => {
    execFile(program, ['--voices'], { timeout: 5000, maxBuffer: 2 ** 20 }, (error, listed) => {
      // Not installed, or broken: then it speaks nothing.
      if (error) return resolve(new Set());
      // Priority, language, age and gender, name, file: one voice a line, under a line of titles.
      const rows = listed.trim().split('\n').slice(1);
      resolve(new Set(rows.flatMap((row) => row.trim().split(/\s+/)[1]?.toLowerCase() ?? [])));
    });
  });
