import type { CallEffect } from '../../wire/sip/call.ts';
import type { CallHandlers, SeenResponse } from './api.ts';
import { type Notice, seenReferral } from './asked.ts';
import { seenEnd, seenInfo, seenResponse } from './seen.ts';

/** The handlers of either direction. */
export interface AllHandlers extends CallHandlers {
  progress?(response: SeenResponse): void;
  answered?(response: SeenResponse): void;
  acknowledged?(sdp: string | undefined): void;
}

/** What is told without waiting for a word. */
export type Told = Extract<
  CallEffect,
  { readonly kind: 'progress' | 'answered' | 'acknowledged' | 'offer-answered' | 'info' | 'ended' }
>;

/** The user of one call: its handlers are run so that nothing they throw harms the call. */
export class CallUser {
  readonly #bug: (error: unknown) => void;
  #handlers: AllHandlers | undefined;
  /** What is to be told once the user's own call has returned. */
  #untold: (() => void)[] | undefined;

  constructor(bug: (error: unknown) => void) {
    this.#bug = bug;
  }

  handle(handlers: AllHandlers): void {
    this.#handlers = handlers;
  }

  /** Nothing is told before `act`, a call of the user's own, has returned. */
  holdingBack(act: () => void): void {
    if (this.#untold) {
      act();
      return;
    }
    const untold: (() => void)[] = [];
    this.#untold = untold;
    try {
      act();
    } finally {
      this.#untold = undefined;
    }
    if (untold.length > 0) {
      queueMicrotask(() => {
        for (const tell of untold) tell();
      });
    }
  }

  tell(told: Told): void {
    switch (told.kind) {
      case 'progress':
        this.later(() => this.#handlers?.progress?.(seenResponse(told.response)));
        return;
      case 'answered':
        this.later(() => this.#handlers?.answered?.(seenResponse(told.response)));
        return;
      case 'acknowledged':
        this.later(() => this.#handlers?.acknowledged?.(told.sdp));
        return;
      case 'offer-answered':
        this.later(() => this.#handlers?.offerAnswered?.(told.sdp));
        return;
      case 'info':
        this.later(() => this.#handlers?.info?.(seenInfo(told.request)));
        return;
      case 'ended':
        this.later(() => {
          const handlers = this.#handlers;
          this.#handlers = undefined;
          handlers?.ended(seenEnd(told.end));
        });
        return;
    }
  }

  /** At once, or once the user's own call has returned. */
  later(tell: () => void): void {
    const safely = (): void => {
      try {
        tell();
      } catch (error) {
        this.#bug(error);
      }
    };
    if (this.#untold) this.#untold.push(safely);
    else safely();
  }

  askOffer(sdp: string | undefined): string | undefined {
    try {
      return this.#handlers?.offer?.(sdp);
    } catch (error) {
      this.#bug(error);
      return undefined;
    }
  }

  askRefer(
    effect: Extract<CallEffect, { readonly kind: 'ask-refer' }>,
    notify: (notice: Notice) => void,
  ): number {
    // RFC 3515 2.4.2.
    if (!this.#handlers?.refer) return 603;
    try {
      return this.#handlers.refer(seenReferral(effect, notify));
    } catch (error) {
      this.#bug(error);
      return 500;
    }
  }
}
