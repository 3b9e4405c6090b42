/** The media engine: every leg of one process. Knows nothing of who drives it. */
import type { Command, EngineSettings, LegEvent, UnsequencedReport } from '../messages.ts';
import { Leg } from './leg.ts';
import { Pacer } from './pacer.ts';
import { PortRange } from './ports.ts';
import { newIceCredentials, newKeys } from './secrets.ts';

/** For a leg that exists, or soon will. */
type LegCommand = Exclude<Command, { readonly kind: 'ping' | 'deafen' | 'allocate' }>;

interface Entry {
  readonly callId: string;
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
  readonly #pending = new Map<string, LegCommand[]>();
  readonly #pacer = new Pacer(
    (frame) => {
      for (const { leg } of this.#legs.values()) leg.frame(frame);
    },
    (late) => {
      // First read what waits in the sockets, then judge who is silent.
      if (late) setImmediate(this.#judge);
      else this.#judge();
    },
  );
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
  }

  handle(command: Command): void {
    switch (command.kind) {
      case 'ping':
        this.#report({ kind: 'pong' });
        break;
      case 'deafen':
        this.#deaf = command.on;
        break;
      case 'allocate':
        void this.#allocate(command.callId, command.legId);
        break;
      default:
        this.#toLeg(command);
    }
  }

  close(): void {
    this.#closed = true;
    for (const [legId, entry] of this.#legs) this.#release(legId, entry);
  }

  #toLeg(command: LegCommand): void {
    const { legId } = command;
    this.#pending.get(legId)?.push(command);
    const entry = this.#legs.get(legId);
    if (entry === undefined) return;
    switch (command.kind) {
      case 'connect':
        entry.leg.connect(command.remote);
        break;
      case 'bridge': {
        const other = this.#legs.get(command.otherLegId);
        if (other !== undefined) entry.leg.bridge(other.leg);
        this.#pending.get(command.otherLegId)?.push(command);
        break;
      }
      case 'ask':
        // After the packets that wait in the sockets.
        setImmediate(() => entry.leg.listen(performance.now()));
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
    this.#pending.set(legId, []);
    const bound = await this.#ports.bind();
    const waiting = this.#pending.get(legId) ?? [];
    this.#pending.delete(legId);
    if ('why' in bound) {
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
      tell: (event) => this.#tell(callId, event),
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
    this.#legs.delete(legId);
    this.#reportStatistics(legId, entry);
    entry.leg.close();
    this.#ports.free(entry.port);
    if (this.#legs.size === 0) this.#pacer.stop();
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
