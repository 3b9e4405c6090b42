/**
 * One connection of SMPP, of either side: PDUs in and out, answers matched to requests, enquire_link. Nothing that comes
 * over it throws, is kept without bound, or stops it from reading on: what is broken is answered, and told once.
 */
import type { Socket } from 'node:net';
import { commandStatus } from '../../wire/smpp/command-status.ts';
import { nextPdu } from '../../wire/smpp/frame.ts';
import type { Tlvs } from '../../wire/smpp/tlvs.ts';
import { StreamBuffer } from '../sip/stream-buffer.ts';
import { answerTo, isResponse, type Pdu, type PduFields, readPdu, writePdu } from './pdu.ts';
import { whyOf } from './reasons.ts';

/** What came of a request: its answer, none in time, or the end of the connection before it. */
export type Reply =
  | { readonly kind: 'answer'; readonly pdu: Pdu }
  | { readonly kind: 'late' }
  | { readonly kind: 'closed'; readonly why: string };

export interface Answer {
  /** command_status; 0 when absent. */
  readonly status?: number;
  readonly fields?: PduFields;
  /** Once the answer is on its way. */
  readonly sent?: () => void;
}

/** What the peer did that it should not do. */
export type Misdeed =
  | 'broken-pdu'
  | 'broken-length'
  | 'unknown-command'
  | 'unexpected-answer'
  | 'not-reading';

export interface LinkUser {
  /** A request other than enquire_link and unbind. `none`: it is not answered. */
  request(pdu: Pdu, tlvs: Tlvs): Answer | Promise<Answer> | 'none';
  closed(why: string): void;
  misdeed(what: Misdeed, detail: string): void;
  /** A bug of ours. */
  trouble(error: unknown): void;
}

export interface LinkTiming {
  /** Wall milliseconds for an answer. */
  readonly answerWithin: number;
  /** Wall milliseconds without anything heard before the peer is asked whether it is there; 0: never. */
  readonly enquireLink: number;
}

interface Asked {
  readonly command: string;
  readonly done: (reply: Reply) => void;
  readonly timer: NodeJS.Timeout;
}

const mostUnread = 1 << 20;
/** For what was written last to go out. */
const lingerMs = 1000;
const lastSequence = 0x7fffffff;

export class SmppLink {
  readonly #socket: Socket;
  readonly #user: LinkUser;
  readonly #timing: LinkTiming;
  readonly #buffer = new StreamBuffer();
  readonly #asked = new Map<number, Asked>();
  readonly #enquiry: NodeJS.Timeout | undefined;
  #sequence = 0;
  #heard = true;
  #corked = false;
  #open = true;

  /** `socket`: connected. */
  constructor(socket: Socket, user: LinkUser, timing: LinkTiming) {
    this.#socket = socket;
    this.#user = user;
    this.#timing = timing;
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => this.#received(piece));
    socket.on('error', (error) => this.#end(whyOf(error)));
    socket.on('close', () => this.#end('it closed the connection'));
    if (timing.enquireLink > 0) {
      this.#enquiry = setInterval(() => this.#enquire(), timing.enquireLink);
      this.#enquiry.unref();
    }
  }

  get open(): boolean {
    return this.#open;
  }

  /** `done` is called exactly once, never within this call. */
  ask(command: string, fields: PduFields, done: (reply: Reply) => void): void {
    if (!this.#open) {
      process.nextTick(done, { kind: 'closed', why: 'the connection is closed' });
      return;
    }
    const sequence = this.#nextSequence();
    const octets = writePdu(command, sequence, fields);
    const timer = setTimeout(() => {
      if (this.#asked.delete(sequence)) done({ kind: 'late' });
    }, this.#timing.answerWithin);
    this.#asked.set(sequence, { command, done, timer });
    this.#write(octets);
  }

  /** Says goodbye, waits for the answer `withinMs` at most, and closes. */
  async unbind(withinMs: number): Promise<void> {
    if (this.#open && withinMs > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const limit = setTimeout(resolve, withinMs);
      this.ask('unbind', {}, () => resolve());
      await promise;
      clearTimeout(limit);
    }
    this.close('we unbound');
  }

  /** At once. What was asked and not answered is told so. */
  close(why: string): void {
    this.#end(why);
  }

  #nextSequence(): number {
    do this.#sequence = this.#sequence === lastSequence ? 1 : this.#sequence + 1;
    while (this.#asked.has(this.#sequence));
    return this.#sequence;
  }

  #enquire(): void {
    if (this.#heard) {
      this.#heard = false;
      return;
    }
    this.ask('enquire_link', {}, (reply) => {
      if (reply.kind === 'late')
        this.#end(`it did not answer enquire_link within ${this.#timing.answerWithin} ms`);
    });
  }

  #received(piece: Buffer): void {
    if (!this.#open) return;
    this.#heard = true;
    this.#buffer.append(piece);
    while (this.#open) {
      const { bytes } = this.#buffer;
      const frame = nextPdu(bytes);
      if (frame.kind === 'wait') return;
      if (frame.kind === 'broken') {
        const detail = `a PDU of ${frame.length} octets`;
        this.#user.misdeed('broken-length', detail);
        this.#write(writePdu('generic_nack', 0, { command_status: commandStatus.ESME_RINVCMDLEN }));
        this.#end(`it sent ${detail}, after which nothing can be read`);
        return;
      }
      this.#buffer.take(frame.length);
      this.#take(bytes.subarray(0, frame.length));
    }
  }

  #take(octets: Buffer): void {
    const read = readPdu(octets);
    if (read.kind === 'broken') {
      this.#user.misdeed('broken-pdu', read.command);
      // What it was to answer stays open until its time is up.
      this.#answer(read.command, read.sequence, { status: commandStatus.ESME_RINVCMDLEN });
      return;
    }
    const { pdu, tlvs } = read;
    if (isResponse(pdu)) this.#answered(pdu);
    else this.#requested(pdu, tlvs);
  }

  #answered(pdu: Pdu): void {
    const { sequence_number: sequence, command } = pdu;
    const asked = this.#asked.get(sequence);
    if (!asked || (command !== answerTo(asked.command) && command !== 'generic_nack')) {
      this.#user.misdeed('unexpected-answer', command);
      return;
    }
    this.#asked.delete(sequence);
    clearTimeout(asked.timer);
    asked.done({ kind: 'answer', pdu });
  }

  #requested(pdu: Pdu, tlvs: Tlvs): void {
    const { command, sequence_number: sequence } = pdu;
    switch (command) {
      case 'enquire_link':
        this.#answer(command, sequence, {});
        return;
      case 'unbind':
        this.#answer(command, sequence, {});
        this.#end('it unbound');
        return;
      case 'unknown':
        this.#user.misdeed('unknown-command', `command_id 0x${pdu.command_id.toString(16)}`);
        this.#write(writePdu('generic_nack', sequence, { command_status: commandStatus.ESME_RINVCMDID }));
        return;
    }
    void this.#serve(pdu, tlvs);
  }

  async #serve(pdu: Pdu, tlvs: Tlvs): Promise<void> {
    const { command, sequence_number: sequence } = pdu;
    try {
      const given = this.#user.request(pdu, tlvs);
      const answer = given instanceof Promise ? await given : given;
      if (answer !== 'none') this.#answer(command, sequence, answer);
    } catch (error) {
      this.#user.trouble(error);
      this.#answer(command, sequence, { status: commandStatus.ESME_RSYSERR });
    }
  }

  #answer(command: string, sequence: number, { status = 0, fields = {}, sent }: Answer): void {
    const answer = answerTo(command);
    if (answer !== undefined) this.#write(writePdu(answer, sequence, { ...fields, command_status: status }));
    sent?.();
  }

  #write(octets: Buffer): void {
    if (!this.#open) return;
    if (this.#socket.writableLength > mostUnread) {
      process.nextTick(() => this.#giveUp());
      return;
    }
    if (!this.#corked) {
      // What one turn of the event loop writes goes out in one piece.
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(octets);
  }

  #giveUp(): void {
    if (!this.#open) return;
    this.#user.misdeed('not-reading', `${this.#socket.writableLength} octets wait for it`);
    this.#end('it does not read what it is sent');
  }

  #end(why: string): void {
    if (!this.#open) return;
    this.#open = false;
    clearInterval(this.#enquiry);
    this.#socket.destroySoon();
    // A peer that reads nothing any more keeps nothing open.
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { done, timer } of asked) {
      clearTimeout(timer);
      done({ kind: 'closed', why });
    }
    this.#user.closed(why);
  }
}
