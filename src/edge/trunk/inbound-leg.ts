import type { TrunkEvent } from '../../app/ports/trunk.ts';
import type { InboundCall, InboundHandlers } from '../sip/api.ts';
import { callerOf, customHeaders } from './caller.ts';
import { legEnd } from './leg-end.ts';
import type { Leg } from './legs.ts';
import { mediaWarning } from './media-warning.ts';
import { MidCall, type MidCallWorld } from './mid-call.ts';
import { Negotiation } from './negotiation.ts';
import { calledNumber } from './numbers.ts';
import type { Trunk } from './trunk.ts';

export interface InboundLegWorld {
  readonly ownHost: string;
  readonly emit: (event: TrunkEvent) => void;
  readonly arrived: (legId: string, leg: Leg) => void;
  readonly ended: (legId: string) => void;
  /** An INVITE without usable audio was refused. */
  readonly unusable: () => void;
  readonly trunkOfDialog: MidCallWorld['trunkOfDialog'];
}

const refused: InboundHandlers = { ended: () => {} };

/** Takes a call that came over a trunk; the key of the call is the id of the leg. */
export function takeLeg(world: InboundLegWorld, trunk: Trunk, call: InboundCall): InboundHandlers {
  const { key: legId, invite } = call;
  const negotiation = new Negotiation(legId, trunk, world.ownHost, world.emit);
  const offered = invite.sdp === undefined ? undefined : negotiation.readOffer(invite.sdp);
  if (offered && 'unusable' in offered) {
    world.unusable();
    call.reject(488, undefined, [mediaWarning(world.ownHost, offered.unusable)]);
    return refused;
  }
  const remote = trunk.media === 'none' ? undefined : offered;
  if (remote) negotiation.heard(remote);
  const midCall = new MidCall({
    legId,
    trunk,
    negotiation,
    emit: world.emit,
    trunkOfDialog: world.trunkOfDialog,
  });
  midCall.meet(invite.headers);
  world.arrived(legId, {
    direction: 'in',
    trunk: trunk.name,
    call,
    midCall,
    accept(local) {
      negotiation.use(local);
      const answer = invite.sdp === undefined ? negotiation.offer() : negotiation.answer(invite.sdp);
      if (answer !== undefined) call.answer(answer);
    },
  });
  world.emit({
    kind: 'arrived',
    legId,
    trunk: trunk.name,
    ...callerOf(invite),
    to: calledNumber(invite.requestUri),
    headers: customHeaders(invite.headers),
    ...(midCall.refers ? { refers: true } : {}),
    ...(call.replaces ? { replaces: call.replaces.key } : {}),
    ...(remote ? { remote } : {}),
  });
  return {
    acknowledged(sdp) {
      if (trunk.media === 'none') return world.emit({ kind: 'answered', legId });
      const media = remote ?? negotiation.readAnswer(sdp);
      if ('unusable' in media) {
        call.bye();
        world.ended(legId);
        return world.emit({ kind: 'ended', legId, end: { how: 'unusable-media', why: media.unusable } });
      }
      negotiation.heard(media);
      return world.emit({ kind: 'answered', legId, remote: media });
    },
    offer: (sdp) => negotiation.respond(sdp),
    offerAnswered: (sdp) => negotiation.answered(sdp),
    refer: (referral) => midCall.referred(referral),
    ended(callEnd) {
      const end = legEnd(callEnd);
      midCall.beforeEnd(() => {
        world.ended(legId);
        if (end) world.emit({ kind: 'ended', legId, end });
      });
    },
  };
}
