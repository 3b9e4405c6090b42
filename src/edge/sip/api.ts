/**
 * What users of the SIP stack see. Nothing here, and nothing below it, knows what the calls are for.
 *
 * ```ts
 * const endpoint = createSipEndpoint({ hosts: ['127.0.0.1'], port: 0, clock: wallClock, onInvite });
 * const [at] = await endpoint.start();
 * const call = endpoint.invite({ target, requestUri, from, to, sdp }, { answered, ended });
 * ```
 */
export type { CallEnd } from '../../wire/sip/call.ts';
export type { Header } from '../../wire/sip/header.ts';
export type { Q850 } from '../../wire/sip/reason.ts';
export type { DialogId, Replaced } from '../../wire/sip/refer.ts';
export type { OfferMethod, OfferResult } from '../../wire/sip/session-offer.ts';
export type { ReferResult } from '../../wire/sip/session-refer.ts';
export type { SessionPolicy } from '../../wire/sip/session-timer.ts';
export type { Timing } from '../../wire/sip/transaction.ts';
export type * from './api/calls.ts';
export type * from './api/endpoint.ts';
export type * from './api/options.ts';
export type * from './api/outside-calls.ts';
export type * from './api/peers.ts';
export type * from './api/told.ts';
