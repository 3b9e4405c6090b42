/** What a development server starts with when nothing is configured. */
import type { NumberConfig, NumberRangeConfig, ResourceConfig, RouteConfig, TrunkConfig } from './config.ts';
import type { NumberSmsConfig, SmsRouteConfig } from './sms-config.ts';

/**
 * PUBLISHED DEVELOPMENT KEY: it stands in this repository for everyone to read and protects nothing.
 * `profile: production` refuses it.
 */
export const developmentKey =
  'GOA3/LywVuvzfZTBhErEFZCqVemR/4A5e2LwejCY6EdLa9XGdr7O8ZF+qjOvc5UxjLkgU/gr0dzsW3w7fmKmug==';

export const developmentResource: ResourceConfig = {
  name: 'dev',
  id: '2fd14f97-5cf0-45a2-a59b-45a43541727c',
  keys: [developmentKey],
  admin: true,
  enabled: true,
  cognitiveServices: [
    {
      endpoint: 'https://ringback.cognitiveservices.azure.com/',
      kind: 'embedded',
      key: undefined,
      speechModel: undefined,
      transcriptionModel: undefined,
    },
  ],
};

const firstNumber = 18005550100;

const anySms: NumberSmsConfig = { entitled: true, verified: true, perDay: undefined, volume: undefined };

/** By the last digit: each is held back for another reason. */
const heldBack: Readonly<Record<number, Partial<NumberSmsConfig>>> = {
  5: { volume: 0 },
  6: { perDay: 0 },
  7: { entitled: false },
  8: { verified: false },
};

/** +18005550100 to +18005550109; the last one may hold one call at a time. */
export function developmentNumbers(resource: string): readonly NumberConfig[] {
  return Array.from({ length: 10 }, (_, i) => ({
    number: `+${firstNumber + i}`,
    resource,
    kind: undefined,
    capabilities: { calling: 'inbound+outbound', sms: 'inbound+outbound' },
    maxConcurrentCalls: i === 9 ? 1 : undefined,
    blocked: false,
    sms: { ...anySms, ...heldBack[i] },
  }));
}

export const developmentRanges: readonly NumberRangeConfig[] = [{ from: '+18005550190', to: '+18005550199' }];

export const simulatedTrunk: TrunkConfig = {
  name: 'simulated',
  kind: 'carrier',
  simulated: true,
  host: '127.0.0.1',
  port: 0,
  protocol: 'udp',
  serverName: undefined,
  srv: false,
  credentials: undefined,
  authenticate: undefined,
  register: undefined,
  sessionTimer: undefined,
  media: 'rtp',
  ice: false,
  allow: ['127.0.0.1/32'],
  maxConcurrentCallsPerNumber: undefined,
  transfer: 'bridge',
  assertedIdentity: false,
};

/** Tried last, so that one's own routes win. */
export const simulatedRoute: RouteConfig = {
  pattern: /^(?:\+1500555\d{4})$/,
  trunk: 'simulated',
  priority: 1000,
};

/** Name of the SMSC inside this process among the carriers of texts. */
export const simulatedSmsCarrier = 'simulated';

/**
 * Every number there is, but for one that no route leads to, and names not to North America, where they are not allowed.
 * Tried last. 070 is what that SMSC says of a handset that has opted out.
 */
export const simulatedSmsRoutes: readonly SmsRouteConfig[] = [
  {
    senders: ['e164', 'short-code'],
    pattern: /^(?:\+(?!442079460100$)\d+)$/,
    carrier: simulatedSmsCarrier,
    priority: 1000,
    receipts: 'yes',
    optOutError: '070',
  },
  {
    senders: ['alphanumeric'],
    pattern: /^(?:\+(?!1|442079460100$)\d+)$/,
    carrier: simulatedSmsCarrier,
    priority: 1000,
    receipts: 'yes',
    optOutError: '070',
  },
];
