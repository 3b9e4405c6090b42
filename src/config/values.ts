/** The kinds of values that keys hold. */
import { isIP } from 'node:net';
import type { Capability } from './config.ts';
import { type Field, map, oneOf, placeOf, scalar, standard, turned } from './field.ts';

export const flag: Field<boolean> = scalar({
  expected: 'true or false',
  example: 'true',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
});

export function text(expected: string, example: string, pattern = /^\P{Cc}+$/u): Field<string> {
  return scalar({ expected, example, parse: (found) => (pattern.test(found) ? found : undefined) });
}

/** Never shown in a message. */
export const secret: Field<string> = scalar({
  expected: 'a text',
  example: 'a long random text',
  parse: (found) => (/^\P{Cc}+$/u.test(found) ? found : undefined),
  secret: true,
});

export function integer(from: number, to: number, what = 'a whole number', example = from): Field<number> {
  return scalar({
    expected: `${what} from ${from} to ${to}`,
    example: String(example),
    parse: (found) => wholeNumber(found, from, to),
  });
}

function wholeNumber(found: string, from: number, to: number): number | undefined {
  const value = Number(found);
  return /^\d+$/.test(found) && value >= from && value <= to ? value : undefined;
}

export const count: Field<number | 'none'> = scalar({
  expected: 'a whole number from 1, or none',
  example: '100',
  parse: (found) => (found === 'none' ? found : wholeNumber(found, 1, 1_000_000_000)),
});

/** `none` reads as undefined. */
export const limit: Field<number | undefined> = turned(count, (value) =>
  value === 'none' ? undefined : value,
);

export function port(example: number): Field<number> {
  return integer(0, 65535, 'a port', example);
}

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `least`: milliseconds. */
export function duration(example: string, least = 0): Field<number> {
  return scalar({
    expected: `a duration${least > 0 ? ` of at least ${least / 1000}s` : ''} with its unit (500ms, 20s, 5m, 1h, 30d)`,
    example,
    parse: (found) => {
      const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(found) ?? [];
      const ms = amount && unit ? Math.round(Number(amount) * units[unit as keyof typeof units]) : -1;
      return ms >= least ? ms : undefined;
    },
  });
}

export const name: Field<string> = text(
  'a name of letters, digits, dots, dashes and underscores (at most 63)',
  'acme',
  /^[A-Za-z0-9][\w.-]{0,62}$/,
);

export const e164: Field<string> = text('a number in E.164', '"+18005550100"', /^\+[1-9]\d{6,14}$/);

export const ownNumber: Field<string> = text(
  'a number in E.164, or a short code',
  '"+18005550100"',
  /^(\+[1-9]\d{6,14}|\d{3,8})$/,
);

export const guid: Field<string> = scalar({
  expected: 'a GUID',
  example: '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
  parse: (found) =>
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(found) ? found.toLowerCase() : undefined,
});

export const accessKey: Field<string> = scalar({
  expected: 'base64 of at least 32 random bytes',
  example: 'c2Vj…',
  secret: true,
  fix: 'Write what "head -c 64 /dev/urandom | base64 -w 0" prints.',
  parse: (found) => {
    const bytes = Buffer.from(found, 'base64');
    return bytes.length >= 32 && bytes.toString('base64') === found ? found : undefined;
  },
});

export function url(protocols: readonly string[], example: string): Field<string> {
  return scalar({
    expected: `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    example,
    parse: (found) =>
      URL.canParse(found) && protocols.includes(new URL(found).protocol) ? found : undefined,
  });
}

export const host: Field<string> = scalar({
  expected: 'an IP address or a host name',
  example: '192.0.2.10',
  parse: (found) =>
    isIP(found) || /^(?=.{1,253}$)[\da-z]([\da-z.-]*[\da-z])?$/i.test(found) ? found : undefined,
});

export const address: Field<string> = scalar({
  expected: 'an IP address',
  example: '192.0.2.10',
  parse: (found) => (isIP(found) ? found : undefined),
});

/** A lone address reads as the block of itself. */
export const cidr: Field<string> = scalar({
  expected: 'an IP address or a CIDR block',
  example: '192.0.2.0/24',
  parse: (found) => {
    const [base = '', bits, ...rest] = found.split('/');
    const most = { 0: 0, 4: 32, 6: 128 }[isIP(base)] ?? 0;
    if (most === 0 || rest.length > 0) return undefined;
    if (bits === undefined) return `${base}/${most}`;
    return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? found : undefined;
  },
});

export const pattern: Field<RegExp> = scalar({
  expected: 'a regular expression for whole numbers',
  example: "'\\+1\\d{10}'",
  parse: (found) => {
    try {
      return new RegExp(`^(?:${found})$`);
    } catch {
      return undefined;
    }
  },
});

/** Files named in the configuration file stand beside it. */
export function path(example: string, resolve: (text: string) => string): Field<string> {
  return scalar({
    expected: 'a path',
    example,
    parse: (found, { layer }) => (found === '' ? undefined : layer === 'file' ? resolve(found) : found),
  });
}

const directions: Field<Capability> = oneOf('inbound+outbound', 'inbound', 'outbound', 'none');

export const capabilities = map({
  calling: standard(directions, 'inbound+outbound'),
  sms: standard(directions, 'inbound+outbound'),
});

/** Short names stand for events of `Microsoft.Communication`. */
export const eventType: Field<string> = scalar({
  expected: 'an event type such as IncomingCall or Microsoft.Communication.IncomingCall',
  example: 'IncomingCall',
  parse: (found) =>
    /^([A-Za-z]+\.)*[A-Za-z]+$/.test(found)
      ? found.includes('.')
        ? found
        : `Microsoft.Communication.${found}`
      : undefined,
});

const forbiddenHeaders = /^(aeg-|content-|host$|authorization$)/i;

/** Up to ten headers (https://learn.microsoft.com/azure/event-grid/delivery-properties). */
export const headers: Field<Readonly<Record<string, string>>> = {
  expected: 'up to ten header names, each with a value of at most 4096 bytes',
  example: '{ X-Tenant: acme }',
  read: (found, key, report) => {
    const entries = found.kind === 'map' ? [...found.entries] : undefined;
    const good = entries?.every(
      ([header, { value }]) =>
        /^[\w!#$%&'*+.^`|~-]+$/.test(header) &&
        !forbiddenHeaders.test(header) &&
        value.kind === 'scalar' &&
        /^[\x20-\x7e\t]{0,4096}$/.test(value.text),
    );
    if (!entries || entries.length > 10 || !good) {
      const what = entries
        ? `${entries.length} headers: ${entries.map(([header]) => header).join(', ')}`
        : 'no map';
      report.add({
        kind: 'value',
        key,
        ...placeOf(found.origin),
        found: what,
        expected: headers.expected,
        fix: 'Write headers: { X-Tenant: acme }, say, without aeg- headers, Host, Authorization and Content-….',
      });
      return undefined;
    }
    const values = entries.map(
      ([header, { value }]) => [header, value.kind === 'scalar' ? value.text : ''] as const,
    );
    return { value: Object.fromEntries(values) };
  },
};
