/** Prometheus text format 0.0.4. Labels come from closed sets: row ids, surfaces, and names of the configuration. */
import type { Outcome } from '../../domain/call/outcome.ts';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Gauge = () => number | readonly Sample[];

const secondsBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

const labelText = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function samplesOf(name: string, found: number | readonly Sample[]): readonly string[] {
  if (typeof found === 'number') return [`${name} ${found}`];
  return found.map(({ labels, value }) => {
    const written = Object.entries(labels).map(([label, text]) => `${label}="${labelText(text)}"`);
    return `${name}{${written.join(',')}} ${value}`;
  });
}

export class Metrics {
  readonly #outcomes = new Map<string, number>();
  readonly #gauges = new Map<string, { help: string; read: Gauge; type: 'gauge' | 'counter' }>();
  readonly #setup = { counts: secondsBuckets.map(() => 0), sum: 0, count: 0 };

  outcome({ row }: Pick<Outcome, 'row'>): void {
    this.#outcomes.set(row, (this.#outcomes.get(row) ?? 0) + 1);
  }

  /** Seconds from the start of a call to its first connection. */
  setUp(seconds: number): void {
    for (const [index, bucket] of secondsBuckets.entries()) {
      if (seconds <= bucket) this.#setup.counts[index] = (this.#setup.counts[index] ?? 0) + 1;
    }
    this.#setup.sum += seconds;
    this.#setup.count += 1;
  }

  gauge(name: string, help: string, read: Gauge, type: 'gauge' | 'counter' = 'gauge'): void {
    this.#gauges.set(name, { help, read, type });
  }

  text(): string {
    const lines = [
      '# HELP ringback_outcomes_total Outcomes by documented row.',
      '# TYPE ringback_outcomes_total counter',
      ...[...this.#outcomes].map(([row, count]) => {
        const surface = row.slice(0, row.indexOf('/'));
        return `ringback_outcomes_total{surface="${surface}",row="${labelText(row)}"} ${count}`;
      }),
      '# HELP ringback_call_setup_seconds From the start of a call to its first connection.',
      '# TYPE ringback_call_setup_seconds histogram',
      ...secondsBuckets.map(
        (bucket, index) => `ringback_call_setup_seconds_bucket{le="${bucket}"} ${this.#setup.counts[index]}`,
      ),
      `ringback_call_setup_seconds_bucket{le="+Inf"} ${this.#setup.count}`,
      `ringback_call_setup_seconds_sum ${this.#setup.sum}`,
      `ringback_call_setup_seconds_count ${this.#setup.count}`,
    ];
    for (const [name, { help, read, type }] of this.#gauges) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samplesOf(name, read()));
    }
    return `${lines.join('\n')}\n`;
  }
}
