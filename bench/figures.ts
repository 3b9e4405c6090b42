/** Numbers for tables. */
export const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((one, other) => one - other)[
    Math.min(values.length - 1, Math.floor(values.length * part))
  ] ?? Number.NaN;

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** "2.31 ×": how many times the yardstick. */
export const times = (value: number, yardstick: number): string => `${(value / yardstick).toFixed(2)} ×`;

export const megabytes = (bytes: number): number => rounded(bytes / 2 ** 20, 1);

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
