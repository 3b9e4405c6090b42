/** Settings of texts that are each right and do not go together. */
import type { Config } from './config.ts';
import { simulatedSmsCarrier } from './development.ts';
import type { Fault, Given } from './fault.ts';
import { nearest } from './nearest.ts';

/** SMPP 3.4, 5.2.2. */
const longestPassword = 8;

export function smsFaults(config: Config, { spoilt }: Given): readonly Fault[] {
  const checks = { carriers, routes, retries };
  return Object.entries(checks).flatMap(([key, check]) => (spoilt(`sms.${key}`) ? [] : check(config)));
}

function carriers({ sms }: Config): readonly Fault[] {
  const names = [...(sms.simulated ? [simulatedSmsCarrier] : []), ...sms.carriers.map(({ name }) => name)];
  const offset = sms.simulated ? 1 : 0;
  return sms.carriers.flatMap(({ name, password, tls }, i) => {
    const faults: Fault[] = [];
    if (names.indexOf(name) !== i + offset)
      faults.push({
        key: `sms.carriers[${i}].name`,
        found:
          name === simulatedSmsCarrier && sms.simulated
            ? `${name}, which is the simulated SMSC`
            : `${name} a second time`,
        expected: 'a name of its own',
        fix: 'Rename it.',
      });
    if (password.length > longestPassword)
      faults.push({
        key: `sms.carriers[${i}].password`,
        found: `a text of ${password.length} characters`,
        expected: `at most ${longestPassword}, as SMPP has it`,
        fix: 'Write the password that the carrier gave you; it has no more.',
      });
    if (tls && (tls.certFile === undefined) !== (tls.keyFile === undefined))
      faults.push({
        key: `sms.carriers[${i}].tls`,
        found: tls.certFile === undefined ? 'keyFile without certFile' : 'certFile without keyFile',
        expected: 'both, or neither',
        fix: 'Add the other PEM file.',
      });
    return faults;
  });
}

function routes({ sms }: Config): readonly Fault[] {
  const known = [...sms.carriers.map(({ name }) => name), ...(sms.simulated ? [simulatedSmsCarrier] : [])];
  return sms.routes.flatMap(({ carrier }, i) => {
    if (known.includes(carrier)) return [];
    const near = nearest(carrier, known);
    const fix = near ? `Did you mean ${near}?` : `Add ${carrier} to sms.carriers.`;
    const expected =
      known.length === 0 ? 'one of sms.carriers (there is none)' : `one of ${known.join(', ')}`;
    return [{ key: `sms.routes[${i}].carrier`, found: carrier, expected, fix }];
  });
}

function retries({ sms: { firstRetry, longestRetry, reportTimeout } }: Config): readonly Fault[] {
  const faults: Fault[] = [];
  const seconds = (ms: number): string => `${ms / 1000}s`;
  if (firstRetry > longestRetry)
    faults.push({
      key: 'sms.firstRetry',
      found: `${seconds(firstRetry)}, with longestRetry: ${seconds(longestRetry)}`,
      expected: 'at most longestRetry',
      fix: 'Make firstRetry shorter or longestRetry longer.',
    });
  if (reportTimeout > 43_200_000)
    faults.push({
      key: 'sms.reportTimeout',
      found: seconds(reportTimeout),
      expected: 'at most 12h, as ACS has it',
      fix: 'Write reportTimeout: 12h.',
    });
  return faults;
}
