/**
 * We ourselves as a trunk: where a phone has two calls with us and joins them (RFC 5589 7.3), the INVITE with Replaces
 * that it asks for is one from us to us. Each call gets a leg to the other in the phone's place.
 */
import { ownTrunk } from '../../app/ports/trunk.ts';
import type { Target } from '../sip/api.ts';
import type { Trunk } from './trunk.ts';

const loopback: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** `host`: an address listened on. */
export const ownTrunkAt = (host: string, port: number): Trunk => ({
  name: ownTrunk,
  kind: 'direct-routing',
  host: loopback[host] ?? host,
  port,
  protocol: 'udp',
  media: 'rtp',
  allow: 'none',
  transfer: 'none',
  assertedIdentity: true,
});

/** Sent by our own socket. */
export const isSelf = ({ host, port, protocol }: Target, own: Trunk): boolean =>
  protocol === own.protocol && host === own.host && port === own.port;
