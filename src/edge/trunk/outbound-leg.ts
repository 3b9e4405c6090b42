import type { OutboundLeg, RemoteMedia, TrunkEvent } from '../../app/ports/trunk.ts';
import { bracketed } from '../../wire/sip/uri.ts';
import type { OutboundCall, SeenResponse, SipEndpoint } from '../sip/api.ts';
import { legEnd } from './leg-end.ts';
import type { Leg } from './legs.ts';
import { readMedia } from './media.ts';
import { Negotiation } from './negotiation.ts';
import { type Trunk, targetOf } from './trunk.ts';

export interface OutboundLegWorld {
  readonly endpoint: SipEndpoint;
  /** Host of our own URIs, and of descriptions without media. */
  readonly ownHost: string;
  readonly emit: (event: TrunkEvent) => void;
  readonly ended: (legId: string) => void;
}

/** Places the call of a leg. */
export function placeLeg(world: OutboundLegWorld, trunk: Trunk, leg: OutboundLeg): Leg {
  const { legId } = leg;
  const negotiation = new Negotiation(legId, trunk, world.ownHost, world.emit);
  negotiation.use(leg.local);
  let early: RemoteMedia | undefined;

  const end = (event: TrunkEvent | undefined): void => {
    world.ended(legId);
    if (event) world.emit(event);
  };
  const onAnswer = (response: SeenResponse): void => {
    if (trunk.media === 'none') {
      world.emit({ kind: 'answered', legId });
      return;
    }
    const found = readMedia(response.sdp);
    // RFC 3261 13.2.1: a provisional response may have carried the answer already.
    const remote = 'unusable' in found && response.sdp === undefined ? (early ?? found) : found;
    if ('unusable' in remote) {
      call.bye();
      end({ kind: 'ended', legId, end: { how: 'unusable-media', why: remote.unusable } });
      return;
    }
    negotiation.heard(remote);
    world.emit({ kind: 'answered', legId, remote });
  };

  const call: OutboundCall = world.endpoint.invite(
    {
      key: legId,
      target: targetOf(trunk),
      requestUri: trunkUri(trunk, leg.to),
      to: trunkUri(trunk, leg.to),
      from: callerUri(leg.from, world.ownHost),
      sdp: negotiation.offer(),
      ...(trunk.credentials === undefined ? {} : { credentials: trunk.credentials }),
      ...(leg.displayName === undefined ? {} : { displayName: leg.displayName }),
    },
    {
      progress(response) {
        const sip = { code: response.status, message: response.reason };
        const found =
          trunk.media === 'rtp' && response.sdp !== undefined ? readMedia(response.sdp) : undefined;
        if (!found || 'unusable' in found) world.emit({ kind: 'ringing', legId, sip });
        else {
          early = found;
          world.emit({ kind: 'ringing', legId, sip, remote: found });
        }
      },
      answered: onAnswer,
      offer: (sdp) => negotiation.respond(sdp),
      offerAnswered: (sdp) => negotiation.answered(sdp),
      ended(callEnd) {
        const told = legEnd(callEnd);
        end(told && { kind: 'ended', legId, end: told });
      },
    },
  );
  return { direction: 'out', trunk: trunk.name, call };
}

function trunkUri(trunk: Trunk, number: string): string {
  return `sip:${number}@${bracketed(trunk.host)}:${trunk.port}${trunk.protocol === 'tcp' ? ';transport=tcp' : ''}`;
}

function callerUri(number: string, ownHost: string): string {
  // RFC 3323 4.1.1.3.
  if (!number.startsWith('+')) return 'sip:anonymous@anonymous.invalid';
  return `sip:${number}@${bracketed(ownHost)}`;
}
