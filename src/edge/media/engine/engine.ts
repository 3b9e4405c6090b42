/** The media engine: every leg of one process. Knows nothing of who drives it. */

import { FolderBlobs } from '../../blobs/folder-blobs.ts';
import type { Command, EngineSettings, LegEvent, UnsequencedReport } from '../messages.ts';
import { CallRooms } from './audio/call-rooms.ts';
import { Leg } from './leg.ts';
import { Pacer, phaseOf } from './pacer.ts';
import { PortRange } from './ports.ts';
import { newIceCredentials, newKeys } from './secrets.ts';
import { Questions } from './streaming/questions.ts';

/** For a leg that exists, or soon will. */
type LegCommand = Extract<Command, { readonly legId: string }> & {
  readonly kind: 'connect' | 'bridge' | 'part' | 'move' | 'ask' | 'release' | 'statistics';
};

interface Entry {
  /** May change: a leg can be moved. */
  callId: string;
  readonly port: number;
  readonly leg: Leg;
}

export class MediaEngine {
  readonly #settings: EngineSettings;
  readonly #report: (report: UnsequencedReport) => void;
  readonly #random: () => number;
  readonly #ports: PortRange;
  readonly #legs = new Map<string, Entry>();
  /** Asked for and not bound yet; with the commands that came meanwhile. */
  readonly #pending = new Map<string, { readonly callId: string; readonly commands: LegCommand[] }>();
  readonly #pacer = new Pacer(
    (frame, phase) => {
      this.#rooms.frame((callId) => phaseOf(callId) === phase);
      for (const { leg, callId } of this.#legs.values()) if (phaseOf(callId) === phase) leg.frame(frame);
    },
    (late) => {
      // First read what waits in the sockets, then judge who is silent.
      if (late) setImmediate(this.#judge);
      else this.#judge();
    },
  );
  readonly #rooms: CallRooms;
  readonly #questions: Questions;
  /** Who is on a leg. */
  readonly #rawIds = new Map<string, string>();
  #deaf = false;
  #closed = false;

  constructor(
    settings: EngineSettings,
    report: (report: UnsequencedReport) => void,
    random: () => number = Math.random,
  ) {
    this.#settings = settings;
    this.#report = report;
    this.#random = random;
    this.#ports = new PortRange(settings, random());
    this.#questions = new Questions((questionId, question) =>
      report({ kind: 'question', questionId, question }),
    );
    this.#rooms = new CallRooms({
      ...(settings.blobs === undefined ? {} : { blobs: new FolderBlobs(settings.blobs) }),
      leg: (legId) => this.#legs.get(legId)?.leg,
      tell: (callId, event) => this.#tell(callId, event),
      note: (callId, note) => report({ kind: 'note', callId, note }),
      questions: this.#questions,
      rawId: (legId) => this.#rawIds.get(legId),
    });
  }

  handle(command: Command): void {
    switch (command.kind) {
      case 'ping':
        this.#report({ kind: 'pong' });
        break;
      case 'deafen':
        this.#deaf = command.on;
        break;
      case 'answer':
        this.#questions.answered(command.questionId, command.answer);
        break;
      case 'allocate':
        if (command.rawId !== undefined) this.#rawIds.set(command.legId, command.rawId);
        void this.#allocate(command.callId, command.legId);
        break;
      case 'connect':
      case 'bridge':
      case 'part':
      case 'move':
      case 'ask':
      case 'release':
      case 'statistics':
        this.#toLeg(command);
        break;
      default:
        this.#rooms.handle(command);
    }
  }

  /** Resolves once all that was recorded is written. */
  async close(): Promise<void> {
    this.#closed = true;
    const written = this.#rooms.close();
    this.#questions.close();
    for (const [legId, entry] of this.#legs) this.#release(legId, entry);
    await written;
  }

  #toLeg(command: LegCommand): void {
    const { legId } = command;
    this.#pending.get(legId)?.commands.push(command);
    const entry = this.#legs.get(legId);
    if (entry === undefined) return;
    switch (command.kind) {
      case 'connect':
        entry.leg.connect(command.remote);
        this.#rooms.join(command.callId, entry.leg);
        break;
      case 'bridge': {
        this.#rooms.pair(command.callId, legId, command.otherLegId);
        this.#pending.get(command.otherLegId)?.commands.push(command);
        break;
      }
      case 'part':
        this.#rooms.part(command.callId, legId, command);
        break;
      case 'move':
        entry.callId = command.toCallId;
        this.#rooms.leave(command.callId, legId, !this.#carries(command.callId));
        this.#rooms.join(command.toCallId, entry.leg);
        break;
      case 'ask':
        // After the packets that wait in the sockets.
        setImmediate(() => entry.leg.attend(performance.now()));
        break;
      case 'statistics':
        this.#reportStatistics(legId, entry);
        break;
      case 'release':
        this.#release(legId, entry);
        break;
    }
  }

  async #allocate(callId: string, legId: string): Promise<void> {
    if (this.#legs.has(legId) || this.#pending.has(legId)) return;
    this.#pending.set(legId, { callId, commands: [] });
    const bound = await this.#ports.bind();
    const waiting = this.#pending.get(legId)?.commands ?? [];
    this.#pending.delete(legId);
    if ('why' in bound) {
      this.#rooms.leave(callId, legId, !this.#carries(callId));
      this.#rawIds.delete(legId);
      this.#tell(callId, { kind: 'refused', legId, why: bound.why });
      return;
    }
    const { socket, port } = bound;
    if (this.#closed) {
      socket.close();
      return;
    }
    const local = {
      address: this.#settings.advertise ?? this.#settings.address,
      port,
      keys: newKeys(),
      ice: newIceCredentials(),
    };
    const leg = new Leg({
      legId,
      socket,
      local,
      random: this.#random,
      tell: (event) => {
        this.#tell(callId, event);
        if (event.kind === 'tone') this.#rooms.key(this.#legs.get(legId)?.callId ?? callId, event.tone);
      },
      note: (note) => this.#report({ kind: 'note', callId, legId, note }),
    });
    socket.on('message', (bytes, from) => {
      if (!this.#deaf) leg.hear(bytes, from, performance.now());
    });
    socket.on('error', (error) => this.#report({ kind: 'note', callId, legId, note: error.message }));
    this.#legs.set(legId, { callId, port, leg });
    this.#pacer.start();
    this.#tell(callId, { kind: 'allocated', legId, local });
    for (const command of waiting) this.#toLeg(command);
  }

  #release(legId: string, entry: Entry): void {
    this.#rawIds.delete(legId);
    this.#legs.delete(legId);
    this.#rooms.leave(entry.callId, legId, !this.#carries(entry.callId));
    this.#reportStatistics(legId, entry);
    entry.leg.close();
    this.#ports.free(entry.port);
    if (this.#legs.size === 0) this.#pacer.stop();
  }

  #carries(callId: string): boolean {
    for (const entry of this.#legs.values()) if (entry.callId === callId) return true;
    for (const entry of this.#pending.values()) if (entry.callId === callId) return true;
    return false;
  }

  readonly #judge = (): void => {
    const now = performance.now();
    for (const { leg } of this.#legs.values()) leg.judge(now);
  };

  #reportStatistics(legId: string, { callId, leg }: Entry): void {
    this.#report({ kind: 'statistics', callId, legId, statistics: leg.statistics() });
  }

  #tell(callId: string, event: LegEvent): void {
    this.#report({ kind: 'event', callId, event });
  }
}
