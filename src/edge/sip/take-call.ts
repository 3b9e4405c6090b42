import type { Dialog } from '../../wire/sip/dialog.ts';
import type { Header } from '../../wire/sip/header.ts';
import {
  type InboundEvent,
  type InboundCall as InboundState,
  newInboundCall,
  stepInbound,
} from '../../wire/sip/inbound-call.ts';
import type { InboundCall, InboundHandlers, ProgressOptions, Target } from './api.ts';
import { authorizing } from './authorizing.ts';
import { CallRunner } from './call-runner.ts';
import { CallSurroundings, type CallsWorld, callWorld, dialogId } from './call-world.ts';
import { seenInvite } from './seen.ts';
import type { LiveServerTransaction } from './server-transactions.ts';

/** Ties an INVITE that came to a machine and shows it to the user. */
export function takeCall(
  world: CallsWorld,
  transaction: LiveServerTransaction,
  dialog: Dialog,
  key: string,
  replaces: InboundCall['replaces'],
  onInvite: (call: InboundCall) => InboundHandlers,
): void {
  const { calls, product } = world;
  const { request: invite, flow, toTag } = transaction;
  const source: Target = { ...flow.remote, protocol: flow.protocol };
  const requester = authorizing(world.requester, world.credentials(source), world.names);
  const runner = new CallRunner<InboundState, InboundEvent>(
    newInboundCall(invite, dialog),
    stepInbound,
    callWorld(world, requester, { key, localTag: toTag, near: () => flow }),
    new CallSurroundings(world.contact(source, invite.uri), world, world.sessionWith(source)),
  );
  runner.serve(transaction);
  transaction.onCancel = (request) => runner.feed({ kind: 'cancelled', request });
  let lastAck = '';
  calls.add(toTag, {
    key,
    callId: dialog.callId,
    remoteTag: dialog.remoteTag,
    get stage() {
      return runner.state.phase === 'arrived' ? 'ringing-here' : runner.state.phase;
    },
    request: (server) => runner.feedRequest(server, { kind: 'request', request: server.request }),
    ack: (request) => runner.feed({ kind: 'ack', request }),
    isRepeatedAck(text) {
      const repeated = text === lastAck;
      lastAck = text;
      return repeated;
    },
    stop: () => {
      if (runner.state.phase === 'arrived') runner.command({ kind: 'reject', status: 503, headers: [] });
      else runner.command({ kind: 'bye', headers: [] });
    },
    drop: () => runner.drop(),
  });

  const all = (headers: readonly Header[] | undefined): readonly Header[] => [...product, ...(headers ?? [])];
  const progress = (
    status: number,
    sdp?: string,
    { headers, reliable = false }: ProgressOptions = {},
  ): void => {
    if (!(status > 100 && status < 200)) throw new RangeError(`${status} is no provisional status`);
    const event = { kind: 'progress', status, headers: all(headers), reliable } as const;
    runner.command(sdp === undefined ? event : { ...event, sdp });
  };
  const call: InboundCall = {
    key,
    invite: seenInvite(invite),
    source,
    ...(replaces && { replaces }),
    ...(transaction.user === undefined ? {} : { user: transaction.user }),
    ring: (options) => progress(180, undefined, options),
    progress,
    answer: (sdp, headers) => runner.command({ kind: 'answer', sdp, headers: all(headers) }),
    reject(status, reason, headers) {
      if (!(status >= 300 && status < 700)) throw new RangeError(`${status} is no failure status`);
      const event = { kind: 'reject', status, headers: all(headers) } as const;
      runner.command(reason === undefined ? event : { ...event, reason });
    },
    refer: (options) => runner.refer(options),
    get dialog() {
      return runner.state.phase === 'arrived' ? undefined : dialogId(runner.state);
    },
    offer: (sdp, method) => runner.offer(sdp, method),
    bye: (headers) => runner.command({ kind: 'bye', headers: headers ?? [] }),
    ignore() {
      runner.ignore();
      calls.remove(toTag);
    },
  };
  runner.handle(onInvite(call));
  // RFC 3261 17.2.1: 100 at once unless something better has gone out.
  if (!transaction.answered) transaction.reply({ status: 100 });
}
