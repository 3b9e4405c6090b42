/** One typed configuration from file, environment and flags; pure: reads no file and no variable itself. */
import { dirname, isAbsolute, join } from 'node:path';
import type { Config, NumberConfig, Problem, RouteConfig, TrunkConfig } from './config.ts';
import { contradictions } from './contradictions.ts';
import {
  developmentNumbers,
  developmentRanges,
  developmentResource,
  simulatedRoute,
  simulatedTrunk,
} from './development.ts';
import { map } from './field.ts';
import { type Flags, layer } from './layers.ts';
import { emptyMap, type LocatedMap, readYaml } from './located.ts';
import { keysOf, type RawConfig, schema } from './schema.ts';

export interface ConfigSources {
  /** Content of the file; absent where there is none. */
  readonly yamlText?: string;
  /** The file's path: for messages, and what relative paths in it are relative to. */
  readonly file?: string;
  /** Usually `process.env`: only `RINGBACK_*` is read. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** By flag or key name: `{ 'https-port': '0', memory: true }`. */
  readonly flags?: Flags;
}

export type ParsedConfig = { readonly config: Config } | { readonly problems: readonly Problem[] };

/** Carriers cut off a number's third call (ACS: two outbound calls per number at a time). */
const carrierCap = 2;

export function parseConfig({
  yamlText,
  file = 'ringback.yaml',
  env = {},
  flags = {},
}: ConfigSources): ParsedConfig {
  const shape = schema((text) => (isAbsolute(text) ? text : join(dirname(file), text)));
  const yaml = readYaml({ text: yamlText ?? '', layer: 'file', where: file, lines: true });
  const origin = { layer: 'file', where: file } as const;
  const problems: Problem[] = [...yaml.problems];
  if (yaml.root.kind !== 'map') {
    const found = yaml.root.kind === 'list' ? 'a list' : 'a single value';
    const fix = 'Begin with keys at the left margin, as ringback.sample.yaml does.';
    problems.push({ kind: 'syntax', key: '', where: file, found, expected: 'a map of keys', fix });
  }
  const layered = layer(yaml.root.kind === 'map' ? yaml.root : emptyMap(origin), shape, env, flags);
  problems.push(...layered.problems);

  const report = { add: (problem: Problem) => void problems.push(problem), knownKeys: keysOf(shape) };
  const raw = map(shape).read(layered.root, '', report);
  if (!raw) return { problems };
  const own = problems.map(({ key }) => key);
  const spoilt = (key: string) =>
    own.some((each) => each === key || each.startsWith(`${key}.`) || each.startsWith(`${key}[`));
  const config = complete(raw.value as RawConfig, layered.root);
  problems.push(...contradictions(config, { root: layered.root, spoilt }));
  if (problems.length > 0) return { problems };
  return { config: { ...config, routes: config.routes.toSorted((a, b) => a.priority - b.priority) } };
}

/** What depends on other keys. Lists stay in the order of the file, for messages. */
function complete(raw: RawConfig, root: LocatedMap): Config {
  const development = raw.profile === 'development';
  const simulated = raw.carrier.simulated ?? development;
  const resources = raw.resources ?? (development ? [developmentResource] : []);
  const owner = resources[0]?.name ?? developmentResource.name;
  const numbers: readonly NumberConfig[] =
    raw.numbers?.map((number) => withKind({ ...number, resource: number.resource ?? owner })) ??
    (development ? developmentNumbers(owner) : []);
  const trunks = raw.trunks.map((trunk): TrunkConfig => {
    const cap = trunk.maxConcurrentCallsPerNumber ?? (trunk.kind === 'carrier' ? carrierCap : 'none');
    const own = trunk.kind === 'direct-routing';
    return {
      ...trunk,
      simulated: false,
      maxConcurrentCallsPerNumber: cap === 'none' ? undefined : cap,
      // One's own session border controller is trusted to know who calls, and to call others itself.
      transfer: trunk.transfer ?? (own ? 'refer' : 'bridge'),
      assertedIdentity: trunk.assertedIdentity ?? own,
    };
  });
  const routes: readonly RouteConfig[] = raw.routes;
  const [firstPort = 0, lastPort = 0] = raw.media.rtpPorts;
  return {
    ...raw,
    memory: raw.memory && !overridden(root),
    carrier: { ...raw.carrier, simulated },
    resources,
    numbers,
    numberRanges: raw.numberRanges ?? (development ? developmentRanges : []),
    trunks: simulated ? [...trunks, { ...simulatedTrunk, transfer: raw.carrier.transfer }] : trunks,
    routes: simulated ? [...routes, simulatedRoute] : routes,
    entra: raw.entra.map((each) => ({ ...each, resource: each.resource ?? owner })),
    subscriptions: raw.subscriptions.map((each) => ({ ...each, resource: each.resource ?? owner })),
    media: { ...raw.media, rtpPorts: [firstPort, lastPort] },
  };
}

/** Nobody can call a short code, or be called from one. */
function withKind(number: NumberConfig): NumberConfig {
  if (number.number.startsWith('+')) return number;
  const capabilities = { ...number.capabilities, calling: 'none' as const };
  return { ...number, kind: number.kind ?? 'shortCode', capabilities };
}

/** `--data DIR` over a file's `memory: true`: the later layer says where data is kept. */
function overridden(root: LocatedMap): boolean {
  const rank = { file: 0, environment: 1, flags: 2 } as const;
  const [data, memory] = [root.entries.get('data')?.origin.layer, root.entries.get('memory')?.origin.layer];
  return data !== undefined && memory !== undefined && rank[data] > rank[memory];
}

/** The message that stops the start: one paragraph per problem. */
export function describeProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`;
  const lines = problems.map(
    ({ key, where, found, expected, fix }) =>
      `  ${where}: ${key && `${key}: `}found ${found}; expected ${expected}.\n    ${fix}`,
  );
  return [`${count} wrong with the configuration:`, ...lines].join('\n');
}
