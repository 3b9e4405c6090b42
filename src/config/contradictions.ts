/** Options that are each right and do not go together. */
import { isIP } from 'node:net';
import type { Config, Problem } from './config.ts';
import { developmentKey } from './development.ts';
import type { Fault, Given } from './fault.ts';
import { placeOf } from './field.ts';
import { originOf } from './located.ts';
import { nearest } from './nearest.ts';
import { smsFaults } from './sms-faults.ts';
import { trunkFaults } from './trunk-faults.ts';

export function contradictions(config: Config, given: Given): readonly Problem[] {
  const checks: readonly ((config: Config, given: Given) => readonly Fault[])[] = [
    profiles,
    storage,
    ports,
    callbacks,
    issuers,
    shortCodes,
    ranges,
    names,
    references,
    trunkFaults,
    smsFaults,
  ];
  return checks
    .flatMap((check) => check(config, given))
    .map(({ kind, key, ...rest }): Problem => {
      const origin = originOf(given.root, key);
      return {
        kind: kind ?? 'contradiction',
        key,
        ...(origin ? placeOf(origin) : { where: 'the defaults' }),
        ...rest,
      };
    });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function profiles(
  { profile, host, resources, trunks, media }: Config,
  { root, spoilt }: Given,
): readonly Fault[] {
  const faults: Fault[] = [];
  if (profile === 'development') {
    if (!isLoopback(host)) {
      faults.push({
        key: 'host',
        found: `${host} with profile: development, whose key is published`,
        expected: 'a loopback address (localhost, 127.0.0.1, ::1)',
        fix: 'Set "profile: production" and resources with keys of your own, or leave host out.',
      });
    }
    return faults;
  }
  if (!root.entries.has('resources')) {
    faults.push({
      key: 'resources',
      kind: 'missing',
      found: 'nothing, with profile: production',
      expected: 'at least one resource with a key of your own',
      fix: 'Add resources as in ringback.sample.yaml; "head -c 64 /dev/urandom | base64 -w 0" prints a key.',
    });
  } else if (!spoilt('resources')) {
    for (const [i, resource] of resources.entries()) {
      const k = resource.keys.indexOf(developmentKey);
      if (k < 0) continue;
      faults.push({
        key: `resources[${i}].keys[${k}]`,
        found: 'the published development key, with profile: production',
        expected: 'a key of your own',
        fix: 'Replace it by what "head -c 64 /dev/urandom | base64 -w 0" prints.',
      });
    }
  }
  for (const [i, { cognitiveServices }] of resources.entries()) {
    for (const [k, { kind, key }] of cognitiveServices.entries()) {
      if (kind === 'embedded' || key !== undefined) continue;
      faults.push({
        key: `resources[${i}].cognitiveServices[${k}].key`,
        kind: 'missing',
        found: `nothing, with kind: ${kind}`,
        expected: 'the key of that service',
        fix: 'Add "key: ..." there, or set "kind: embedded" to let this server speak by itself.',
      });
    }
  }
  const carried = trunks.some((trunk) => !trunk.simulated && trunk.media !== 'none');
  if (carried && media.address === undefined && (host === '0.0.0.0' || host === '::')) {
    faults.push({
      key: 'media.address',
      kind: 'missing',
      found: `nothing, with host: "${host}" and trunks that carry audio`,
      expected: 'the address that trunks shall send audio to',
      fix: 'Add "address: 192.0.2.10" with your own address under media.',
    });
  }
  return faults;
}

function storage({ data, memory }: Config, { root }: Given): readonly Fault[] {
  const [directory, inMemory] = [root.entries.get('data'), root.entries.get('memory')];
  // In different layers one is meant to override the other.
  if (!memory || !directory || directory.origin.layer !== inMemory?.origin.layer) return [];
  return [
    {
      key: 'memory',
      found: `true beside data: ${data}`,
      expected: 'one of the two',
      fix: 'Take memory out to keep data, or data out to forget everything at the end.',
    },
  ];
}

function ports({ httpsPort, httpPort, sipPort, sip, media }: Config, { spoilt }: Given): readonly Fault[] {
  const faults: Fault[] = [];
  const taken = new Map<number, string>();
  for (const [key, port] of Object.entries({
    httpsPort,
    httpPort,
    sipPort,
    'sip.tls.port': sip.tls?.port ?? 0,
  })) {
    const other = taken.get(port);
    if (port !== 0 && other) {
      const fix = `Choose another ${key}, or 0 for a free one.`;
      faults.push({ key, found: `${port}, which is ${other} too`, expected: 'a port of its own', fix });
    }
    taken.set(port, key);
  }
  if (spoilt('media.rtpPorts')) return faults;
  const [first, last] = media.rtpPorts;
  if (first >= last) {
    const fix = 'Write the lower port first: "rtpPorts: [20000, 29999]".';
    faults.push({ key: 'media.rtpPorts', found: `${first} to ${last}`, expected: 'a range of ports', fix });
  } else if (sipPort >= first && sipPort <= last) {
    const fix = 'Move sipPort out of media.rtpPorts, or the range away from it.';
    faults.push({
      key: 'sipPort',
      found: `${sipPort}, inside media.rtpPorts`,
      expected: 'a port outside it',
      fix,
    });
  }
  return faults;
}

function plainHttpFits(url: string, allowHttpCallbacks: boolean): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (allowHttpCallbacks && isLoopback(hostname.replace(/^\[|\]$/g, '')));
}

function callbacks({ subscriptions, allowHttpCallbacks }: Config, { spoilt }: Given): readonly Fault[] {
  if (spoilt('subscriptions')) return [];
  return subscriptions.flatMap(({ endpoint }, i) => {
    if (plainHttpFits(endpoint, allowHttpCallbacks)) return [];
    const found = `${endpoint}, with allowHttpCallbacks: ${allowHttpCallbacks}`;
    const fix = allowHttpCallbacks
      ? 'Use https; allowHttpCallbacks covers loopback addresses only.'
      : 'Use https, or set "allowHttpCallbacks: true" for an endpoint on this computer.';
    return [{ key: `subscriptions[${i}].endpoint`, found, expected: 'an https URL', fix }];
  });
}

function issuers({ entra, allowHttpCallbacks }: Config, { spoilt }: Given): readonly Fault[] {
  if (spoilt('entra')) return [];
  return entra.flatMap(({ issuer, keys, tenant }, i) => {
    const twice = entra.findIndex((other) => other.issuer === issuer && other.tenant === tenant);
    const faults: Fault[] = [];
    if (twice !== i) {
      const fix = 'Give one entry for each tenant of an issuer, with all who have access.';
      faults.push({
        key: `entra[${i}].tenant`,
        found: `${tenant} of ${issuer} a second time`,
        expected: 'one entry',
        fix,
      });
    }
    for (const [key, url] of Object.entries({ issuer, keys })) {
      if (url === undefined || plainHttpFits(url, allowHttpCallbacks)) continue;
      const fix = 'Use https, or set "allowHttpCallbacks: true" for an issuer on this computer.';
      faults.push({ key: `entra[${i}].${key}`, found: url, expected: 'an https URL', fix });
    }
    return faults;
  });
}

function shortCodes({ numbers }: Config, { spoilt }: Given): readonly Fault[] {
  if (spoilt('numbers')) return [];
  return numbers.flatMap(({ number, kind }, i) => {
    if (kind === undefined || (kind === 'shortCode') !== number.startsWith('+')) return [];
    const fix =
      'Write a short code without plus and with "kind: shortCode", every other number with its plus.';
    return [
      { key: `numbers[${i}].kind`, found: `${kind} for ${number}`, expected: 'a kind that fits it', fix },
    ];
  });
}

function ranges({ numberRanges }: Config, { spoilt }: Given): readonly Fault[] {
  if (spoilt('numberRanges')) return [];
  return numberRanges.flatMap(({ from, to }, i) => {
    if (from.length === to.length && from <= to) return [];
    const fix = 'Write the first number of the range at from and the last at to, of the same length.';
    return [{ key: `numberRanges[${i}]`, found: `${from} to ${to}`, expected: 'a range of numbers', fix }];
  });
}

function names(config: Config, { spoilt }: Given): readonly Fault[] {
  const unique = {
    resources: [config.resources.map(({ name }) => name), config.resources.map(({ id }) => id)],
    numbers: [config.numbers.map(({ number }) => number)],
    trunks: [config.trunks.map(({ name }) => name)],
    subscriptions: [config.subscriptions.map(({ name }) => name)],
  };
  return Object.entries(unique).flatMap(([key, lists]) =>
    spoilt(key)
      ? []
      : lists.flatMap((values) =>
          values.flatMap((value, i) => {
            if (values.indexOf(value) === i) return [];
            // The simulated carrier's trunk comes last and is nobody's line in the file.
            const at = config.trunks[i]?.simulated && key === 'trunks' ? values.indexOf(value) : i;
            return [
              {
                key: `${key}[${at}]`,
                found: `${value} a second time`,
                expected: 'a name of its own',
                fix: 'Rename one of them, or take it out.',
              },
            ];
          }),
        ),
  );
}

function references(config: Config, { spoilt }: Given): readonly Fault[] {
  const refer = (
    key: 'numbers' | 'subscriptions' | 'routes' | 'entra',
    field: 'resource' | 'trunk',
    target: 'resources' | 'trunks',
    used: readonly string[],
  ): readonly Fault[] => {
    if (spoilt(key) || spoilt(target)) return [];
    const known = config[target].map(({ name }) => name);
    return used.flatMap((value, i) => {
      if (known.includes(value)) return [];
      const near = nearest(value, known);
      const fix = near ? `Did you mean ${near}?` : `Use one of them, or add ${value} to ${target}.`;
      const expected = known.length === 0 ? `one of ${target} (there is none)` : `one of ${known.join(', ')}`;
      return [{ key: `${key}[${i}].${field}`, found: value, expected, fix }];
    });
  };
  return [
    ...refer(
      'numbers',
      'resource',
      'resources',
      config.numbers.map(({ resource }) => resource),
    ),
    ...refer(
      'subscriptions',
      'resource',
      'resources',
      config.subscriptions.map(({ resource }) => resource),
    ),
    ...refer(
      'entra',
      'resource',
      'resources',
      config.entra.map(({ resource }) => resource),
    ),
    ...refer(
      'routes',
      'trunk',
      'trunks',
      config.routes.map(({ trunk }) => trunk),
    ),
  ];
}
