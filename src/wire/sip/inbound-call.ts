import {
  acceptSdp,
  allow,
  type CallContext,
  type CallEffect,
  type CallStep,
  localEnd,
  type Over,
  over,
  remoteEnd,
  type SessionEvent,
} from './call.ts';
import type { Dialog } from './dialog.ts';
import type { Reply } from './format.ts';
import type { Header } from './header.ts';
import type { Request } from './message.ts';
import { reasonPhrases } from './reason-phrases.ts';
import { sdpOf } from './sdp-body.ts';
import { awaitAck, type Session, stepOver, stepSession } from './session.ts';

interface Arrived {
  readonly phase: 'arrived';
  readonly invite: Request;
  readonly dialog: Dialog;
}

export type InboundCall = Arrived | Session | Over;

export type InboundEvent =
  | {
      readonly kind: 'progress';
      readonly status: number;
      readonly sdp?: string;
      readonly headers: readonly Header[];
    }
  | { readonly kind: 'answer'; readonly sdp: string; readonly headers: readonly Header[] }
  | {
      readonly kind: 'reject';
      readonly status: number;
      readonly reason?: string;
      readonly headers: readonly Header[];
    }
  | { readonly kind: 'cancelled'; readonly request: Request }
  | SessionEvent;

type InboundStep = CallStep<InboundCall>;

export function newInboundCall(invite: Request, dialog: Dialog): InboundCall {
  return { phase: 'arrived', invite, dialog };
}

export function stepInbound(call: InboundCall, event: InboundEvent, context: CallContext): InboundStep {
  if (call.phase === 'arrived') return stepArrived(call, event, context);
  if (
    event.kind === 'progress' ||
    event.kind === 'answer' ||
    event.kind === 'reject' ||
    event.kind === 'cancelled'
  ) {
    // RFC 3261 9.2: a CANCEL after the final response changes nothing.
    return { state: call, effects: [] };
  }
  return call.phase === 'up' ? stepSession(call, event, context) : stepOver(event);
}

function stepArrived(call: Arrived, event: InboundEvent, context: CallContext): InboundStep {
  switch (event.kind) {
    case 'progress': {
      const headers = dialogHeaders(call, context, event.headers);
      const reply = event.sdp === undefined ? { headers } : { headers, sdp: event.sdp };
      return { state: call, effects: [toInvite({ status: event.status, ...reply })] };
    }
    case 'answer':
      return answer(call, event.sdp, event.headers, context);
    case 'reject':
      return reject(event.status, event.reason, event.headers);
    case 'bye':
      return reject(480, undefined, event.headers);
    case 'cancelled':
      // RFC 3261 9.2.
      return {
        state: over,
        effects: [
          toInvite({ status: 487 }),
          { kind: 'ended', end: remoteEnd('cancelled', event.request, 487, 'CANCEL') },
        ],
      };
    case 'request':
      return onEarlyRequest(call, event.request);
    case 'ack':
    case 'offer-decided':
    case 'timer':
      return { state: call, effects: [] };
  }
}

function toInvite(reply: Reply): CallEffect {
  return { kind: 'reply', to: 'invite', reply };
}

// RFC 3261 12.1.1: responses that make a dialog carry Contact and the Record-Route of the request.
function dialogHeaders(call: Arrived, context: CallContext, more: readonly Header[]): readonly Header[] {
  const routes = call.dialog.routes.map((value) => ({ name: 'Record-Route', value }));
  return [...routes, { name: 'Contact', value: context.contact }, allow, ...more];
}

function answer(call: Arrived, sdp: string, headers: readonly Header[], context: CallContext): InboundStep {
  const { invite, dialog } = call;
  const offered = sdpOf(invite) === undefined;
  const unacked = { cseq: invite.cseq, interval: context.timing.t1, offered, first: true };
  const reply = { status: 200, headers: dialogHeaders(call, context, headers), sdp };
  return { state: { phase: 'up', dialog, unacked }, effects: [toInvite(reply), ...awaitAck(context)] };
}

function reject(status: number, reason: string | undefined, headers: readonly Header[]): InboundStep {
  const reply = reason === undefined ? { status, headers } : { status, headers, reason };
  const end = localEnd('final', status, reason ?? reasonPhrases[status] ?? '');
  return { state: over, effects: [toInvite(reply), { kind: 'ended', end }] };
}

function onEarlyRequest(call: Arrived, request: Request): InboundStep {
  const reply = (r: Reply): CallEffect => ({ kind: 'reply', to: 'request', reply: r });
  if (request.cseq <= call.dialog.remoteCseq) return { state: call, effects: [reply({ status: 500 })] };
  const heard: Arrived = { ...call, dialog: { ...call.dialog, remoteCseq: request.cseq } };
  switch (request.method) {
    case 'BYE':
      // RFC 3261 15: a caller may hang up an early dialog; 15.1.2: its pending INVITE gets 487.
      return {
        state: over,
        effects: [
          reply({ status: 200 }),
          toInvite({ status: 487 }),
          { kind: 'ended', end: remoteEnd('cancelled', request, 487, 'BYE') },
        ],
      };
    case 'OPTIONS':
      return { state: heard, effects: [reply({ status: 200, headers: [allow, acceptSdp] })] };
    case 'INVITE':
    case 'UPDATE':
      // RFC 3261 14.2 and RFC 3311 5.2: the first offer is still to be answered.
      return {
        state: heard,
        effects: [reply({ status: 500, headers: [{ name: 'Retry-After', value: '2' }] })],
      };
    default:
      return { state: heard, effects: [reply({ status: 405, headers: [allow] })] };
  }
}
