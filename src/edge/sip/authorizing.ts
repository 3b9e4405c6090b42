import net from 'node:net';
import { authorization, type Challenge, parseChallenges } from '../../wire/sip/digest.ts';
import { bodyOf, type Draft } from '../../wire/sip/format.ts';
import type { Header } from '../../wire/sip/header.ts';
import type { Response } from '../../wire/sip/message.ts';
import type { Credentials, Target } from './api.ts';
import type { ClientTransaction, ClientUser } from './client-transactions.ts';
import type { Flow } from './flow.ts';
import type { Names } from './names.ts';
import type { Requester } from './requester.ts';

/** What sends the requests of a call, a registration or a health check. */
export type Sender = Pick<Requester, 'request' | 'requestOver' | 'ack' | 'routeInDialog'>;

/** How often one request is sent again with credentials: for a proxy and the peer behind it, or for a stale nonce. */
const MAX_ROUNDS = 2;
const MAX_REALMS = 8;

interface Known {
  readonly challenge: Challenge;
  /** How often the nonce has been used. */
  count: number;
}

/** What one peer has asked for, and how often each nonce has been used. */
export class Keyring {
  readonly #credentials: Credentials;
  readonly #names: Names;
  readonly #known = new Map<string, Known>();

  constructor(credentials: Credentials, names: Names) {
    this.#credentials = credentials;
    this.#names = names;
  }

  /**
   * Takes the challenges of a 401 or 407. `answered` holds what this request has been given credentials for;
   * false when there is nothing new to say: RFC 3261 22.2 forbids to try again with what was refused.
   */
  learn(response: Response, answered: Set<string>): boolean {
    const { realm } = this.#credentials;
    let news = false;
    for (const challenge of parseChallenges(response.headers)) {
      if (realm !== undefined && challenge.realm !== realm) continue;
      const key = `${challenge.proxy ? 'proxy' : 'peer'} ${challenge.realm}`;
      if (answered.has(key) && !challenge.stale) return false;
      const known = this.#known.get(key);
      if (!known && this.#known.size >= MAX_REALMS) continue;
      // RFC 7616 3.4: nc counts the requests with one nonce.
      const count = known?.challenge.nonce === challenge.nonce ? known.count : 0;
      this.#known.set(key, { challenge, count });
      answered.add(key);
      news = true;
    }
    return news;
  }

  headers(request: Draft): readonly Header[] {
    return [...this.#known.values()].map((known) => {
      known.count += 1;
      const { method, uri } = request;
      const about = { method, uri, body: bodyOf(request) };
      return authorization(known.challenge, this.#credentials, about, known.count, this.#names.tag());
    });
  }
}

interface SentInvite {
  readonly cseq: number;
  cancelled: boolean;
}

/**
 * Answers challenges for the requests of one call: each goes out again in a new transaction with the next CSeq
 * (RFC 3261 22.2), so from then on the numbers on the wire run ahead of those of the machine that makes the requests.
 */
export function authorizing(requester: Sender, credentials: Credentials | undefined, names: Names): Sender {
  return credentials ? new AuthorizingSender(requester, new Keyring(credentials, names)) : requester;
}

const MAX_INVITES = 8;

function forgetOldest(invites: Map<number, unknown>): void {
  const [oldest] = invites.keys();
  if (invites.size > MAX_INVITES && oldest !== undefined) invites.delete(oldest);
}

function pinned(
  { protocol: asked, naptr, host, serverName }: Target,
  { remote, protocol: used }: Flow,
): Target {
  const name = serverName ?? (net.isIP(host) === 0 ? host : undefined);
  const protocol = naptr ? used : asked;
  return { ...remote, protocol, ...(name === undefined ? {} : { serverName: name }) };
}

type Begin = (draft: Draft, user: ClientUser, started: (transaction: ClientTransaction) => void) => void;

export class AuthorizingSender implements Sender {
  readonly #requester: Sender;
  readonly #keyring: Keyring;
  /** By the number in the machine's draft, which its CANCEL repeats. */
  readonly #invites = new Map<number, SentInvite>();
  /** Credentials of each INVITE by the number on the wire, which its responses and so its ACK carry. */
  readonly #carried = new Map<number, readonly Header[]>();
  #cseq = 0;

  constructor(requester: Sender, keyring: Keyring) {
    this.#requester = requester;
    this.#keyring = keyring;
  }

  request: Sender['request'] = (draft, target, key, user, started = () => {}) => {
    // A nonce is known to the server that made it, of the several a name may stand for.
    let server = target;
    this.#send(draft, user, started, (authorized, each, began) =>
      this.#requester.request(authorized, server, key, each, (transaction) => {
        server = pinned(target, transaction.flow);
        began(transaction);
      }),
    );
  };

  requestOver: Sender['requestOver'] = (flow, draft, key, user, cancels) => {
    if (cancels) {
      const invite = this.#invites.get(draft.cseq);
      if (invite) invite.cancelled = true;
      this.#requester.requestOver(flow, { ...draft, cseq: invite?.cseq ?? draft.cseq }, key, user, cancels);
      return;
    }
    this.#send(
      draft,
      user,
      () => {},
      (authorized, each) => this.#requester.requestOver(flow, authorized, key, each),
    );
  };

  ack: Sender['ack'] = (draft, near, key) => {
    // RFC 3261 22.1: an ACK cannot be challenged and carries the credentials of its INVITE.
    const headers = [...draft.headers, ...(this.#carried.get(draft.cseq) ?? [])];
    return this.#requester.ack({ ...draft, headers }, near, key);
  };

  routeInDialog: Sender['routeInDialog'] = (draft, near, use) =>
    this.#requester.routeInDialog(draft, near, use);

  #send(
    draft: Draft,
    user: ClientUser,
    started: (transaction: ClientTransaction) => void,
    begin: Begin,
  ): void {
    const answered = new Set<string>();
    let rounds = 0;
    let open = 0;
    const attempt = (): void => {
      open += 1;
      this.#cseq = Math.max(this.#cseq + 1, draft.cseq);
      const cseq = this.#cseq;
      const credentials = this.#keyring.headers(draft);
      const invite = draft.method === 'INVITE' ? { cseq, cancelled: false } : undefined;
      if (invite) {
        this.#invites.set(draft.cseq, invite);
        this.#carried.set(cseq, credentials);
        forgetOldest(this.#invites);
        forgetOldest(this.#carried);
      }
      const each: ClientUser = {
        response: (response) => {
          const asked = response.status === 401 || response.status === 407;
          if (asked && rounds < MAX_ROUNDS && !invite?.cancelled && this.#keyring.learn(response, answered)) {
            rounds += 1;
            attempt();
          } else user.response(response);
        },
        failed: (why, detail) => user.failed(why, detail),
        ended: () => {
          open -= 1;
          if (open === 0) user.ended();
        },
      };
      begin({ ...draft, cseq, headers: [...draft.headers, ...credentials] }, each, started);
    };
    attempt();
  }
}
