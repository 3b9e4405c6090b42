import { allow, type CallContext, type Over, supported } from '../../wire/sip/call.ts';
import type { Draft } from '../../wire/sip/format.ts';
import type { Header } from '../../wire/sip/header.ts';
import {
  newOutboundCall,
  type OutboundEvent,
  type OutboundCall as OutboundState,
  stepOutbound,
} from '../../wire/sip/outbound-call.ts';
import type { Session } from '../../wire/sip/session.ts';
import { askFor, type SessionPolicy } from '../../wire/sip/session-timer.ts';
import { fromPeopleOnOneLine, quote } from '../../wire/sip/syntax.ts';
import type {
  Credentials,
  DialogId,
  InviteOptions,
  OutboundCall,
  OutboundHandlers,
  Target,
  Timing,
} from './api.ts';
import { authorizing } from './authorizing.ts';
import { CallRunner, type CallWorld } from './call-runner.ts';
import type { Calls } from './calls.ts';
import type { ClientTransaction, ClientUser } from './client-transactions.ts';
import type { Flow } from './flow.ts';
import type { Names } from './names.ts';
import type { Requester } from './requester.ts';
import type { RunnerTimers } from './transaction-runner.ts';

/** What the machines of all calls are told. */
export interface ContextWorld {
  readonly timing: Timing;
  readonly session: SessionPolicy;
  /** In [0, 1). */
  random(): number;
}

export interface PlaceCallWorld extends ContextWorld {
  readonly calls: Calls;
  readonly names: Names;
  readonly timers: RunnerTimers;
  readonly requester: Requester;
  readonly product: readonly Header[];
  contact(target: Target, uri?: string): string;
  credentials(target: Target): Credentials | undefined;
  bug(error: unknown): void;
}

export function callContext(contact: string, world: ContextWorld): CallContext {
  const { timing, session } = world;
  return {
    contact,
    timing,
    session,
    get chance() {
      return world.random();
    },
  };
}

/** Places a call: ties its machine to its transactions. */
export function placeCall(
  world: PlaceCallWorld,
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
  const first = inviteDraft(options, { callId, localTag, contact, world });
  let current = first;
  let transaction: ClientTransaction | undefined;
  let near: Flow | undefined;

  function send(draft: Draft): void {
    current = draft;
    const user: ClientUser = {
      response: (response) => runner.feed({ kind: 'response', response }),
      failed: (why, detail) => runner.feed({ kind: 'failed', why, detail }),
      ended: runner.hold(),
    };
    requester.request(draft, options.target, key, user, (started) => {
      transaction = started;
      near = started.flow;
    });
  }

  const callWorld: CallWorld = {
    timers: world.timers,
    request(draft, user) {
      requester.routeInDialog(draft, near, (found) => {
        if (typeof found === 'string') unroutable(user, found);
        else requester.requestOver(found, draft, key, user);
      });
    },
    cancel(headers, settled) {
      if (!transaction) return settled();
      const draft = cancelDraft(current, headers);
      requester.requestOver(transaction.flow, draft, key, quietUser(settled), transaction);
    },
    invite: send,
    abandon: () => transaction?.abandon(),
    ack: (draft) => requester.ack(draft, near, key),
    forget: () => calls.remove(localTag),
    bug: world.bug,
  };
  const runner = new CallRunner<OutboundState, OutboundEvent>(
    newOutboundCall(first, localTag),
    stepOutbound,
    callWorld,
    callContext(contact, world),
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
    refer: (options) => runner.asked.refer({ ...options, to: safeUri(options.to) }),
    get dialog() {
      return dialogId(runner.state.phase === 'talking' ? runner.state.session : undefined);
    },
    offer: (sdp, method) => runner.asked.offer(sdp, method),
  };
}

export function dialogId(session: Session | Over | undefined): DialogId | undefined {
  if (session?.phase !== 'up') return undefined;
  const { callId, localTag, remoteTag } = session.dialog;
  return { callId, localTag, remoteTag };
}

function confirmedTag(state: OutboundState): string | undefined {
  return state.phase === 'talking' && state.session.phase === 'up'
    ? state.session.dialog.remoteTag
    : undefined;
}

/** There is no way to send this. Told after the step that wanted to send it. */
export function unroutable(user: ClientUser, why: string): void {
  queueMicrotask(() => {
    user.failed('transport', why);
    user.ended();
  });
}

export function quietUser(settled: () => void): ClientUser {
  return { response: () => {}, failed: () => {}, ended: settled };
}

interface DraftNames {
  readonly callId: string;
  readonly localTag: string;
  readonly contact: string;
  readonly world: PlaceCallWorld;
}

function inviteDraft(options: InviteOptions, { callId, localTag, contact, world }: DraftNames): Draft {
  const { expires } = world.session;
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
      ...[allow, supported],
      ...(expires === undefined ? [] : askFor(expires, 0)),
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

/** What must not stand in a URI is escaped, so that no URI can end its header. */
export function safeUri(uri: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about control characters
  return fromPeopleOnOneLine(uri.replace(/[\x00-\x20\x7f<>"]/g, encodeURIComponent));
}
