/** For tests: a desk over the real store; the world around it is only written down. */
import assert from 'node:assert/strict';
import { limits } from '../../domain/call/told-call.fixture.ts';
import { phoneNumber } from '../../domain/ids/identifier.ts';
import type { NumberPlan } from '../../domain/numbers/route.ts';
import { ManualClock } from '../../edge/clock/manual-clock.ts';
import { QuietWatch } from '../../edge/clock/quiet-watch.ts';
import { NumberCounts } from '../../edge/records/number-use.ts';
import { SlidingWindows } from '../../edge/records/rate-windows.ts';
import { type OpenedStore, openStore } from '../../edge/store/open-store.ts';
import type { OutboxEntry } from '../ports/store.ts';
import type { OutboundLeg } from '../ports/trunk.ts';
import { CallService } from './call-service.ts';

const plan: NumberPlan = {
  numbers: [
    {
      number: '+18005550100',
      resourceId: 'res',
      blocked: false,
      takesCalls: true,
      placesCalls: true,
      maxConcurrentCalls: 1,
    },
    { number: '+18005550101', resourceId: 'res', blocked: false, takesCalls: true, placesCalls: true },
  ],
  ranges: [],
  trunks: [{ name: 'carrier', kind: 'carrier', media: 'none' }],
  routes: [{ pattern: /\+1500\d+/, trunk: 'carrier' }],
};

export class Office {
  readonly quiet = new QuietWatch();
  readonly clock = new ManualClock(Date.UTC(2026, 0, 1), this.quiet);
  readonly store: OpenedStore = openStore({
    file: ':memory:',
    answerWithin: 50,
    hold: (what) => this.quiet.hold(what),
  });
  readonly did: string[] = [];
  readonly owed: OutboxEntry[] = [];
  readonly legs: string[] = [];
  readonly invited: OutboundLeg[] = [];
  /** REFER and NOTIFY: leg, then number or status. */
  readonly referred: (readonly [string, string | number])[] = [];
  readonly numberUse = new NumberCounts();
  /** Trunks by which users are reached. */
  readonly clients = new Map<string, string>();
  readonly service: CallService;
  readonly parts: ConstructorParameters<typeof CallService>[0];

  constructor(ceilings = {}) {
    const note = (what: string) => (): void => void this.did.push(what);
    let id = 0;
    this.parts = {
      store: this.store,
      clock: this.clock,
      quiet: this.quiet,
      ids: { next: () => `id-${++id}` },
      directory: { plan: () => plan, subscribers: () => [] },
      numberUse: this.numberUse,
      clients: { trunkTo: (rawId) => this.clients.get(rawId) },
      rate: new SlidingWindows(),
      ceilings,
      limits,
      compat: { code560487: 487 },
      defaultResourceId: 'res',
      trunkMedia: () => false,
      outbox: { owe: (entries) => void this.owed.push(...entries) },
      records: {
        fact: () => {},
        participant: () => {},
        operation: () => {},
        defect: () => assert.fail('a decision threw'),
        refused: note('refused'),
      },
      media: {
        allocate: note('allocate'),
        connect: () => {},
        bridge: () => {},
        part: note('part'),
        play: note('play'),
        stopPlaying: note('stop playing'),
        listen: note('listen'),
        stopListening: note('stop listening'),
        sendTones: note('send tones'),
        startRecording: note('start recording'),
        changeRecording: note('change recording'),
        openStream: note('open stream'),
        updateStream: note('update stream'),
        closeStream: note('close stream'),
        canMove: () => true,
        move: note('move'),
        ask: () => {},
        release: () => {},
      },
      speaking: {
        prepare: note('prepare'),
        understand: note('understand'),
        forget: note('forget'),
      },
      recordings: { keep: note('keep') },
      trunk: {
        invite: (leg) => {
          this.did.push('invite');
          this.legs.push(leg.legId);
          this.invited.push(leg);
        },
        cancel: note('cancel'),
        ring: note('ring'),
        accept: note('accept'),
        refuse: note('refuse'),
        hangUp: note('hang-up'),
        refer: (legId, number) => void this.referred.push([legId, number]),
        notify: (legId, status) => void this.referred.push([legId, status]),
        hold: note('hold'),
        resume: note('resume'),
      },
    };
    this.service = new CallService(this.parts);
  }

  create(): ReturnType<CallService['create']> {
    return this.service.create({
      resourceId: 'res',
      targets: [phoneNumber('+15005552000')],
      callbackUri: 'https://app.example/events',
      apiVersion: '2026-03-12',
      sourceCallerId: '+18005550100',
    });
  }

  /** The last thing owed of each type, in order. */
  types(): readonly string[] {
    return this.owed.map(({ event }) => String((event as { type?: string }).type));
  }
}
