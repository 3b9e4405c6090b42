import { allow, supportedWith } from '../../wire/sip/call.ts';
import type { Draft } from '../../wire/sip/format.ts';
import type { Header } from '../../wire/sip/header.ts';
import {
  newOutboundCall,
  type OutboundEvent,
  type OutboundCall as OutboundState,
  stepOutbound,
} from '../../wire/sip/outbound-call.ts';
import { askOf } from '../../wire/sip/session-timer.ts';
import { fromPeopleOnOneLine, quote } from '../../wire/sip/syntax.ts';
import { safeUri } from '../../wire/sip/uri.ts';
import type { InviteOptions, OutboundCall, OutboundHandlers, SessionPolicy } from './api.ts';
import { authorizing } from './authorizing.ts';
import { CallRunner } from './call-runner.ts';
import { CallSurroundings, type CallsWorld, callWorld, dialogId } from './call-world.ts';
import type { ClientTransaction, ClientUser } from './client-transactions.ts';
import type { Flow } from './flow.ts';

/** Places a call: ties its machine to its transactions. */
export function placeCall(
  world: CallsWorld,
  options: InviteOptions,
  handlers: OutboundHandlers,
): OutboundCall {
  const { calls, names } = world;
  const credentials = options.credentials ?? world.credentials(options.target);
  const requester = authorizing(world.requester, credentials, names);
  const callId = names.callId();
  const key = options.key ?? callId;
  const localTag = names.tag();
  const contact = world.contact(options.target, options.requestUri);
  const session = options.session ?? world.session;
  const first = inviteDraft(options, { callId, localTag, contact, session, world });
  let current = first;
  let transaction: ClientTransaction | undefined;
  let near: Flow | undefined;

  function send(draft: Draft): void {
    current = draft;
    const release = runner.hold();
    const user: ClientUser = {
      response: (response) => runner.feed({ kind: 'response', response }),
      failed: (why, detail) => runner.feed({ kind: 'failed', why, detail }),
      ended() {
        // The call may last for hours, with nothing left of its INVITE to cancel.
        if (current === draft) transaction = undefined;
        release();
      },
    };
    requester.request(draft, options.target, key, user, (started) => {
      transaction = started;
      near = started.flow;
    });
  }

  const ours = callWorld(
    world,
    requester,
    { key, localTag, near: () => near },
    {
      invite: send,
      cancel(headers, settled) {
        if (!transaction) return settled();
        const draft = cancelDraft(current, headers);
        requester.requestOver(transaction.flow, draft, key, quietUser(settled), transaction);
      },
      abandon: () => transaction?.abandon(),
    },
  );
  const runner = new CallRunner<OutboundState, OutboundEvent>(
    newOutboundCall(first, localTag),
    stepOutbound,
    ours,
    new CallSurroundings(contact, world, session),
  );
  runner.handle(handlers);
  calls.add(localTag, {
    key,
    callId,
    get remoteTag() {
      return confirmedTag(runner.state);
    },
    get stage() {
      const { state } = runner;
      if (state.phase === 'inviting' || state.phase === 'answering') return 'ringing-there';
      return state.phase === 'talking' ? state.session.phase : 'over';
    },
    request(server) {
      runner.feedRequest(server, { kind: 'request', request: server.request });
    },
    ack: (request) => runner.feed({ kind: 'ack', request }),
    isRepeatedAck: () => false,
    stop: () => runner.command({ kind: 'bye', headers: [] }),
    drop: () => runner.drop(),
  });
  send(first);
  return {
    key,
    callId,
    cancel: (headers = []) => runner.command({ kind: 'cancel', headers }),
    bye: (headers = []) => runner.command({ kind: 'bye', headers }),
    refer: (wanted) => runner.refer(wanted),
    get dialog() {
      return dialogId(runner.state.phase === 'talking' ? runner.state.session : undefined);
    },
    offer: (sdp, method) => runner.offer(sdp, method),
  };
}

function confirmedTag(state: OutboundState): string | undefined {
  return state.phase === 'talking' && state.session.phase === 'up'
    ? state.session.dialog.remoteTag
    : undefined;
}

function quietUser(settled: () => void): ClientUser {
  return { response: () => {}, failed: () => {}, ended: settled };
}

interface DraftNames {
  readonly callId: string;
  readonly localTag: string;
  readonly contact: string;
  readonly session: SessionPolicy;
  readonly world: CallsWorld;
}

function inviteDraft(options: InviteOptions, names: DraftNames): Draft {
  const { callId, localTag, contact, session, world } = names;
  const display =
    options.displayName === undefined ? '' : `${quote(fromPeopleOnOneLine(options.displayName))} `;
  const draft = {
    method: 'INVITE',
    uri: safeUri(options.requestUri),
    callId,
    cseq: 1,
    from: `${display}<${safeUri(options.from)}>;tag=${localTag}`,
    to: `<${safeUri(options.to)}>`,
    routes: [],
    headers: [
      { name: 'Contact', value: contact },
      ...[allow, supportedWith(session)],
      ...askOf(session),
      ...[...world.product, ...(options.headers ?? [])],
    ],
  };
  return options.sdp === undefined ? draft : { ...draft, sdp: options.sdp };
}

// RFC 3261 9.1: Request-URI, Call-ID, To, From, CSeq number and Route of the request it cancels.
function cancelDraft(invite: Draft, headers: readonly Header[]): Draft {
  const { uri, callId, cseq, from, to, routes } = invite;
  return { method: 'CANCEL', uri, callId, cseq, from, to, routes, headers };
}
