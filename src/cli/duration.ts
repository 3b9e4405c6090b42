import { UsageError } from './command.ts';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof units;

/** `500ms`, `90s`, `1h30m`, `2m` or plain seconds, in milliseconds. */
export function readDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  const whole = parts.map(([part]) => part).join('') === text && parts.length > 0;
  const ms = whole
    ? parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as Unit], 0)
    : /^\d+(\.\d+)?$/.test(text)
      ? Number(text) * 1000
      : Number.NaN;
  // A day too many is a slip of the hand, and a clock does not go back.
  if (!(ms >= 1) || ms > 366 * units.d) {
    throw new UsageError(`"${text}" is not a duration: write 500ms, 90s, 2m, 1h30m or seconds, up to 366d.`);
  }
  return Math.round(ms);
}
