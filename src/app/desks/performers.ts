/** What each effect does in the world. Called once its fact is stored. */
import type { Call } from '../../domain/call/call.ts';
import type { Effect } from '../../domain/call/effects.ts';
import type { Cancel, Quiet } from '../ports/clock.ts';
import type { NumberUse } from '../ports/directory.ts';
import type { MediaPort } from '../ports/media.ts';
import type { Records } from '../ports/records.ts';
import type { OutboundLeg, TrunkPort } from '../ports/trunk.ts';

export interface World {
  readonly trunk: TrunkPort;
  readonly media: MediaPort;
  readonly numberUse: NumberUse;
  readonly records: Records;
  readonly quiet: Quiet;
}

/** A media process that never answers must not stop a manual clock. */
const mediaAnswerMs = 500;

type EffectKind = Effect['effect'];
type Perform<K extends EffectKind> = (effect: Extract<Effect, { effect: K }>, call: Call) => void;

/** Answers awaited from the media host, by leg: a manual clock waits for them. */
export class MediaAnswers {
  readonly #quiet: Quiet;
  readonly #awaited = new Map<string, Cancel>();

  constructor(quiet: Quiet) {
    this.#quiet = quiet;
  }

  await(legId: string): void {
    this.#awaited.get(legId)?.();
    this.#awaited.set(legId, this.#quiet.hold('media host', mediaAnswerMs));
  }

  came(legId: string): void {
    this.#awaited.get(legId)?.();
    this.#awaited.delete(legId);
  }
}

export function performers(world: World, answers: MediaAnswers): { readonly [K in EffectKind]: Perform<K> } {
  const { trunk, media, numberUse, records } = world;
  return {
    'allocate-media': ({ legId }, call) => {
      answers.await(legId);
      media.allocate(call.callId, legId);
    },
    'connect-media': ({ legId, remote }) => media.connect(legId, remote),
    'bridge-media': ({ legId, otherLegId }) => media.bridge(legId, otherLegId),
    'ask-media': ({ legId }) => {
      answers.await(legId);
      media.ask(legId);
    },
    'release-media': ({ legId }) => {
      answers.came(legId);
      media.release(legId);
    },
    invite: ({ leg, local }, call) => {
      const outbound: OutboundLeg = {
        callId: call.callId,
        legId: leg.id,
        trunk: leg.trunk ?? '',
        to: leg.party.kind === 'phoneNumber' ? leg.party.number : leg.party.rawId,
        from: leg.ours,
        headers: leg.headers,
        ...(leg.displayName === undefined ? {} : { displayName: leg.displayName }),
        ...(local === undefined ? {} : { local }),
      };
      trunk.invite(outbound);
    },
    ring: ({ legId }) => trunk.ring(legId),
    accept: ({ legId, local }) => trunk.accept(legId, local),
    cancel: ({ legId }) => trunk.cancel(legId),
    refer: ({ legId, number, headers }) => trunk.refer(legId, number, headers),
    notify: ({ legId, status }) => trunk.notify(legId, status),
    'hang-up': ({ legId }) => trunk.hangUp(legId),
    refuse: ({ legId, status }) => trunk.refuse(legId, status),
    'free-number': ({ number }) => numberUse.free(number),
    // Stored as outbox entries together with their fact (`entries.ts`).
    callback: () => undefined,
    announce: () => undefined,
    record: ({ record }, call) => records.participant(call.callId, call.resourceId, record),
  };
}
