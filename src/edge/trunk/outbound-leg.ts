import type { OutboundLeg, RemoteMedia, TrunkEvent } from '../../app/ports/trunk.ts';
import type { OutboundCall, SeenResponse, SipEndpoint } from '../sip/api.ts';
import { callerUri, identityHeaders, trunkUri } from './identity.ts';
import { legEnd } from './leg-end.ts';
import type { Leg } from './legs.ts';
import { isDescribed } from './media.ts';
import { MidCall, type MidCallWorld } from './mid-call.ts';
import { Negotiation } from './negotiation.ts';
import { type Trunk, targetOf } from './trunk.ts';

export interface OutboundLegWorld {
  readonly endpoint: SipEndpoint;
  /** Host of our own URIs, and of descriptions without media. */
  readonly ownHost: string;
  readonly emit: (event: TrunkEvent) => void;
  readonly ended: (legId: string) => void;
  readonly trunkOfDialog: MidCallWorld['trunkOfDialog'];
}

/** Places the call of a leg. */
export function placeLeg(world: OutboundLegWorld, trunk: Trunk, leg: OutboundLeg): Leg {
  const { legId } = leg;
  const negotiation = new Negotiation(legId, trunk, world.ownHost, world.emit);
  negotiation.use(leg.local);
  const midCall = new MidCall({
    legId,
    trunk,
    negotiation,
    emit: world.emit,
    trunkOfDialog: world.trunkOfDialog,
  });
  let early: RemoteMedia | undefined;

  const end = (event: TrunkEvent | undefined): void => {
    world.ended(legId);
    if (event) world.emit(event);
  };
  const onAnswer = (response: SeenResponse): void => {
    midCall.meet(response.headers);
    const refers = midCall.refers ? { refers: true } : {};
    if (trunk.media === 'none') {
      world.emit({ kind: 'answered', legId, ...refers });
      return;
    }
    const found = negotiation.readAnswer(response.sdp);
    // RFC 3261 13.2.1: a provisional response may have carried the answer already.
    const remote = 'unusable' in found && response.sdp === undefined ? (early ?? found) : found;
    if ('unusable' in remote) {
      call.bye();
      const how = isDescribed(response.sdp) ? 'unusable-media' : 'invalid-answer';
      end({ kind: 'ended', legId, end: { how, why: remote.unusable } });
      return;
    }
    negotiation.heard(remote);
    world.emit({ kind: 'answered', legId, remote, ...refers });
  };

  const call: OutboundCall = world.endpoint.invite(
    {
      key: legId,
      target: targetOf(trunk),
      requestUri: trunkUri(trunk, leg.to),
      to: trunkUri(trunk, leg.to),
      from: callerUri(leg.from, world.ownHost),
      sdp: negotiation.offer(),
      headers: [...identityHeaders(trunk, leg.from, world.ownHost), ...leg.headers],
      ...(trunk.credentials === undefined ? {} : { credentials: trunk.credentials }),
      ...(trunk.session === undefined ? {} : { session: trunk.session }),
      ...(leg.displayName === undefined ? {} : { displayName: leg.displayName }),
    },
    {
      progress(response) {
        const sip = { code: response.status, message: response.reason };
        const found =
          trunk.media !== 'none' && response.sdp !== undefined
            ? negotiation.readAnswer(response.sdp)
            : undefined;
        if (!found || 'unusable' in found) world.emit({ kind: 'ringing', legId, sip });
        else {
          early = found;
          world.emit({ kind: 'ringing', legId, sip, remote: found });
        }
      },
      answered: onAnswer,
      offer: (sdp) => negotiation.respond(sdp),
      offerAnswered: (sdp) => negotiation.answered(sdp),
      refer: (referral) => midCall.referred(referral),
      ended(callEnd) {
        const told = legEnd(callEnd);
        midCall.beforeEnd(() => end(told && { kind: 'ended', legId, end: told }));
      },
    },
  );
  return { direction: 'out', trunk: trunk.name, call, midCall };
}
