import { allow } from '../../wire/sip/call.ts';
import type { Draft } from '../../wire/sip/format.ts';
import type { Header } from '../../wire/sip/header.ts';
import {
  newOutboundCall,
  type OutboundEvent,
  type OutboundCall as OutboundState,
  stepOutbound,
} from '../../wire/sip/outbound-call.ts';
import { fromPeopleOnOneLine, quote } from '../../wire/sip/syntax.ts';
import type { InviteOptions, OutboundCall, OutboundHandlers, Target, Timing } from './api.ts';
import { CallRunner, type CallWorld } from './call-runner.ts';
import type { Calls } from './calls.ts';
import type { ClientTransaction, ClientUser } from './client-transactions.ts';
import type { Flow } from './flow.ts';
import type { Names } from './names.ts';
import type { Requester } from './requester.ts';
import type { RunnerTimers } from './transaction-runner.ts';

export interface PlaceCallWorld {
  readonly calls: Calls;
  readonly names: Names;
  readonly timers: RunnerTimers;
  readonly timing: Timing;
  readonly requester: Requester;
  readonly product: readonly Header[];
  contact(target: Target): string;
  bug(error: unknown): void;
}

/** Places a call: ties its machine to its transactions. */
export function placeCall(
  world: PlaceCallWorld,
  options: InviteOptions,
  handlers: OutboundHandlers,
): OutboundCall {
  const { calls, names, requester } = world;
  const callId = names.callId();
  const key = options.key ?? callId;
  const localTag = names.tag();
  const contact = world.contact(options.target);
  const invite = inviteDraft(options, { callId, localTag, contact, product: world.product });
  let transaction: ClientTransaction | undefined;
  let near: Flow | undefined;

  const callWorld: CallWorld = {
    timers: world.timers,
    request(draft, settled) {
      const user = quietUser(settled);
      requester.routeInDialog(draft, near, (flow) => {
        if (typeof flow === 'string') settled();
        else requester.requestOver(flow, draft, key, user);
      });
    },
    cancel(headers, settled) {
      if (!transaction) return settled();
      const draft = cancelDraft(invite, headers);
      requester.requestOver(transaction.flow, draft, key, quietUser(settled), transaction);
    },
    abandon: () => transaction?.abandon(),
    ack: (draft) => requester.ack(draft, near, key),
    forget: () => calls.remove(localTag),
    bug: world.bug,
  };
  const runner = new CallRunner<OutboundState, OutboundEvent>(
    newOutboundCall(invite, localTag),
    stepOutbound,
    callWorld,
    { contact, timing: world.timing },
  );
  runner.handle(handlers);
  calls.add(localTag, {
    key,
    callId,
    get remoteTag() {
      return confirmedTag(runner.state);
    },
    request(server) {
      runner.feedRequest(server, { kind: 'request', request: server.request });
    },
    ack: (request) => runner.feed({ kind: 'ack', request }),
    isRepeatedAck: () => false,
    stop: () => runner.command({ kind: 'bye', headers: [] }),
    drop: () => runner.drop(),
  });
  const user: ClientUser = {
    response: (response) => runner.feed({ kind: 'response', response }),
    failed: (why, detail) => runner.feed({ kind: 'failed', why, detail }),
    ended: runner.hold(),
  };
  requester.request(invite, options.target, key, user, (started) => {
    transaction = started;
    near = started.flow;
  });
  return {
    key,
    callId,
    cancel: (headers = []) => runner.command({ kind: 'cancel', headers }),
    bye: (headers = []) => runner.command({ kind: 'bye', headers }),
  };
}

function confirmedTag(state: OutboundState): string | undefined {
  return state.phase === 'talking' && state.session.phase === 'up'
    ? state.session.dialog.remoteTag
    : undefined;
}

export function quietUser(settled: () => void): ClientUser {
  return { response: () => {}, failed: () => {}, ended: settled };
}

interface DraftNames {
  readonly callId: string;
  readonly localTag: string;
  readonly contact: string;
  readonly product: readonly Header[];
}

function inviteDraft(options: InviteOptions, { callId, localTag, contact, product }: DraftNames): Draft {
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
    headers: [{ name: 'Contact', value: contact }, allow, ...product, ...(options.headers ?? [])],
  };
  return options.sdp === undefined ? draft : { ...draft, sdp: options.sdp };
}

// RFC 3261 9.1: Request-URI, Call-ID, To, From, CSeq number and Route of the request it cancels.
function cancelDraft(invite: Draft, headers: readonly Header[]): Draft {
  const { uri, callId, cseq, from, to, routes } = invite;
  return { method: 'CANCEL', uri, callId, cseq, from, to, routes, headers };
}

/** What must not stand in a URI is escaped, so that no URI can end its header. */
export function safeUri(uri: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about control characters
  return fromPeopleOnOneLine(uri.replace(/[\x00-\x20\x7f<>"]/g, encodeURIComponent));
}
