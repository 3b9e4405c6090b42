/** Trunks of the configuration as the telephone side takes them. */
import type { SessionTimerConfig, TrunkConfig } from '../config/config.ts';
import type { Credentials, SessionPolicy } from '../edge/sip/api.ts';
import type { Trunk } from '../edge/trunk/trunk.ts';

/** `port`: where it listens, which of the simulated carrier is known only once it does. */
export function trunkOf(config: TrunkConfig, port: number): Trunk {
  const { name, kind, host, protocol, media, ice, allow, serverName, srv } = config;
  const { credentials, authenticate, register, sessionTimer, transfer, assertedIdentity } = config;
  return {
    name,
    kind,
    host,
    port,
    protocol,
    media,
    ice,
    srv,
    allow,
    transfer,
    assertedIdentity,
    ...(serverName === undefined ? {} : { serverName }),
    ...(credentials === undefined ? {} : { credentials: loginOf(credentials) }),
    ...(authenticate === undefined ? {} : { authenticate }),
    ...(register === undefined
      ? {}
      : { register: { aor: register.aor, expiresSeconds: register.expires / 1000 } }),
    ...(sessionTimer === undefined ? {} : { session: sessionOf(sessionTimer) }),
  };
}

/** What a trunk of `media: srtp` gives away, in words, where its SIP can be read on the way. */
export function keysInClear({ name, media, protocol, simulated }: TrunkConfig): readonly string[] {
  if (media !== 'srtp' || protocol === 'tls' || simulated) return [];
  return [
    `trunk ${name}: media: srtp over protocol: ${protocol} tells its keys to everybody on the way; protocol: tls keeps them secret`,
  ];
}

const loginOf = ({ user, password, realm }: NonNullable<TrunkConfig['credentials']>): Credentials => ({
  user,
  password,
  ...(realm === undefined ? {} : { realm }),
});

/** RFC 4028 counts whole seconds; less than 90 are asked for by nobody. */
function sessionOf(timer: SessionTimerConfig | 'off'): SessionPolicy {
  if (timer === 'off') return { min: 90, off: true };
  const { expires, minimum, refresher } = timer;
  return {
    expires: Math.round(expires / 1000),
    min: Math.round(minimum / 1000),
    ...(refresher === 'auto' ? {} : { refresher }),
  };
}
