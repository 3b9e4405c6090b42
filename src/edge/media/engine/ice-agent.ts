import { randomBytes } from 'node:crypto';
import type { IceCredentials, MediaAddress, RemoteMedia } from '../../../app/ports/trunk.ts';
import { judgeCheck } from '../../../wire/stun/check.ts';
import { parseStun } from '../../../wire/stun/message.ts';
import { IceChecks } from './ice-checks.ts';
import { isSame, nameOf } from './media-address.ts';

type RemoteIce = NonNullable<RemoteMedia['ice']>;

export interface IceOptions {
  readonly own: IceCredentials;
  readonly send: (bytes: Uint8Array, to: MediaAddress) => void;
  readonly note: (note: string) => void;
  /** Of our socket: candidates of the other family are of no use. */
  readonly family: 4 | 6;
}

interface Nominated extends MediaAddress {
  /** PRIORITY of the check; counts where the description does not name the address. */
  readonly asked: number;
  /** Chosen before ICE began anew: whatever is nominated next goes before it. */
  readonly restarted: boolean;
}

/** Refusals answered in a second; a flood of forged checks must not make us send to who did not ask. */
const mostRefusals = 20;
/** Addresses that checks came from; a far end has a handful. */
const mostSources = 32;

/**
 * ICE on the port of one leg (RFC 8445). A lite agent: it answers checks, and the far end chooses. Where the far end is
 * lite itself, `IceChecks` does what a full agent would.
 */
export class IceAgent {
  readonly #options: IceOptions;
  #remote: RemoteIce | undefined;
  #connected = false;
  #checks: IceChecks | undefined;
  /** Where authentic checks came from, by name. */
  readonly #sources = new Set<string>();
  #nominated: Nominated | undefined;
  #refused = 0;
  #lastRefusal = '';
  #refusalsSince = 0;
  #refusalsInSecond = 0;

  constructor(options: IceOptions) {
    this.#options = options;
  }

  /** The far end asked for ICE: audio goes where it finds a path. */
  get active(): boolean {
    return this.#remote !== undefined;
  }

  /** Where audio goes. */
  get path(): MediaAddress | undefined {
    return this.#checks === undefined ? this.#nominated : this.#checks.path;
  }

  /** What the far end's description says of ICE. */
  use(remote: RemoteIce | undefined): void {
    const before = this.#remote;
    const wasConnected = this.#connected;
    this.#remote = remote;
    this.#connected = true;
    if (remote?.ufrag === before?.ufrag && remote?.password === before?.password) return;
    // RFC 8445 9: a restart. What was found goes on until something new is.
    if (wasConnected && this.#nominated) this.#nominated = { ...this.#nominated, restarted: true };
    const { own, send, note, family } = this.#options;
    this.#checks = remote?.lite
      ? new IceChecks({
          own,
          send,
          note,
          far: remote,
          candidates: usable(remote, family),
          random: randomBytes,
        })
      : undefined;
  }

  /** Whether audio may come from there (RFC 8445 12: from a pair that was checked). */
  admits(from: MediaAddress): boolean {
    return this.#checks === undefined
      ? this.#sources.has(nameOf(from))
      : this.#checks.path !== undefined && isSame(this.#checks.path, from);
  }

  hear(bytes: Uint8Array, from: MediaAddress, now: number): void {
    // Without ICE in its description nobody has our password, and an answer would only tell that we are here.
    if (this.#connected && this.#remote === undefined) return;
    const message = parseStun(bytes);
    if (message === undefined) return;
    if (message.class === 'success' || message.class === 'error') {
      this.#checks?.hear(message, from);
      return;
    }
    const farUfrag = this.#remote?.ufrag;
    const judged = judgeCheck(message, {
      own: this.#options.own,
      role: this.#checks === undefined ? 'controlled' : 'controlling',
      from,
      ...(farUfrag === undefined ? {} : { farUfrag }),
    });
    if (judged === undefined) return;
    if (judged.check === undefined) {
      this.#refused++;
      this.#lastRefusal = `${judged.status} ${judged.reason}`;
      if (this.#mayRefuse(now)) this.#options.send(judged.reply, from);
      return;
    }
    if (this.#sources.size === mostSources && !this.#sources.has(nameOf(from))) return;
    this.#sources.add(nameOf(from));
    this.#options.send(judged.reply, from);
    if (judged.check.nominates) this.#nominate(from, judged.check.priority);
  }

  /** Sends what is due. */
  tick(now: number): void {
    this.#checks?.tick(now);
  }

  /** Why audio has nowhere to go. */
  whyNot(): string | undefined {
    if (!this.active || this.path !== undefined) return undefined;
    if (this.#checks !== undefined) return this.#checks.whyNot();
    if (this.#sources.size > 0)
      return `ICE: connectivity checks came from ${[...this.#sources].join(', ')}, and none nominated a pair`;
    return this.#refused === 0
      ? 'ICE: no connectivity check ever came'
      : `ICE: ${this.#refused} connectivity checks came and were refused, the last with ${this.#lastRefusal}`;
  }

  /** RFC 5245 8.1.1.2: of several nominated pairs the one with the highest priority. */
  #nominate({ address, port }: MediaAddress, asked: number): void {
    const found: Nominated = { address, port, asked, restarted: false };
    const before = this.#nominated;
    if (before && !before.restarted && this.#priorityOf(before) > this.#priorityOf(found)) return;
    this.#nominated = found;
    if (before === undefined || !isSame(before, found))
      this.#options.note(`ICE: the far end chose ${nameOf(found)}`);
  }

  /** Of the far end's side alone: ours is the same in all pairs. */
  #priorityOf(pair: Nominated): number {
    return this.#remote?.candidates.find((one) => isSame(one, pair))?.priority ?? pair.asked;
  }

  #mayRefuse(now: number): boolean {
    if (now - this.#refusalsSince >= 1000) {
      this.#refusalsSince = now;
      this.#refusalsInSecond = 0;
    }
    return ++this.#refusalsInSecond <= mostRefusals;
  }
}

const usable = ({ candidates }: RemoteIce, family: 4 | 6): readonly MediaAddress[] =>
  candidates
    .filter(({ address }) => address.includes(':') === (family === 6))
    .toSorted((a, b) => b.priority - a.priority);
