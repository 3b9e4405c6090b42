/** Keeps one engine running: starts it again when it dies, kills it when it no longer answers. */
import type { MediaEvent } from '../../app/ports/media.ts';
import type { EngineLink, OpenLink } from './engine-link.ts';
import type { Answer, Command, EngineSettings, LegStatistics, Question, Report } from './messages.ts';

export interface SupervisedOptions {
  readonly settings: EngineSettings;
  readonly open: OpenLink;
  /** Wall milliseconds without an answer after which an engine counts as mute. */
  readonly heartbeatLimit: number;
  readonly onEvent: (event: MediaEvent) => void;
  readonly onNote: (note: {
    readonly callId: string;
    readonly legId?: string;
    readonly note: string;
  }) => void;
  readonly onReleased: (legId: string, statistics: LegStatistics) => void;
  readonly onQuestion: (question: Question) => Promise<Answer>;
  /** Told each time that an engine answers for the first time, or is gone without having answered. */
  readonly onStarted: (failure?: string) => void;
}

type Without<T, K extends string> = T extends T ? Omit<T, K> : never;
type LegCommand = Without<
  Exclude<
    Extract<Command, { readonly legId: string }>,
    { readonly kind: 'allocate' | 'listen' | 'send-tones' }
  >,
  'seq' | 'callId'
>;
/** About the audio of a call as a whole. */
export type CallCommand = Without<
  Exclude<Extract<Command, { readonly callId: string }>, LegCommand | { readonly kind: 'allocate' }>,
  'seq'
>;

const longestStartMs = 10_000;
const firstDelayMs = 100;
const longestDelayMs = 5000;

export class SupervisedEngine {
  readonly #options: SupervisedOptions;
  readonly #beatMs: number;
  /** Call of every leg that lives here. */
  readonly #legs = new Map<string, string>();
  readonly #asked = new Map<string, ((statistics: LegStatistics | undefined) => void)[]>();
  #link: EngineLink | undefined;
  #ready = false;
  #seq = 0;
  #unansweredMs = 0;
  #beat: NodeJS.Timeout | undefined;
  #respawn: NodeJS.Timeout | undefined;
  #failures = 0;
  #lastFailure = '';
  #deaf = false;
  #stopped = false;

  constructor(options: SupervisedOptions) {
    this.#options = options;
    this.#beatMs = Math.min(1000, options.heartbeatLimit / 5);
  }

  get pid(): number | undefined {
    return this.#link?.pid;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  get legCount(): number {
    return this.#legs.size;
  }

  has(legId: string): boolean {
    return this.#legs.has(legId);
  }

  carries(callId: string): boolean {
    for (const call of this.#legs.values()) if (call === callId) return true;
    return false;
  }

  start(): void {
    this.#stopped = false;
    this.#spawn();
    this.#beat = setInterval(() => this.#ping(), this.#beatMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#beat);
    clearTimeout(this.#respawn);
    this.#legs.clear();
    await this.#link?.close();
  }

  allocate(callId: string, legId: string, rawId?: string): void {
    if (this.#link === undefined) {
      const why = `no media process: ${this.#lastFailure || 'not started'}`;
      queueMicrotask(() => this.#options.onEvent({ kind: 'refused', legId, why }));
      return;
    }
    this.#legs.set(legId, callId);
    this.#send({ kind: 'allocate', callId, legId, ...(rawId === undefined ? {} : { rawId }) });
  }

  /** For a leg of this engine; `callId` is filled in. */
  tell(command: LegCommand): void {
    const callId = this.#legs.get(command.legId);
    if (callId === undefined) return;
    this.#send({ ...command, callId });
    if (command.kind === 'release') this.#legs.delete(command.legId);
  }

  /** From now on it is a leg of this other call. */
  move(legId: string, toCallId: string): void {
    const callId = this.#legs.get(legId);
    if (callId === undefined) return;
    this.#legs.set(legId, toCallId);
    this.#send({ kind: 'move', callId, legId, toCallId });
  }

  /** For a call that has legs here. */
  tellCall(command: CallCommand): void {
    this.#send(command);
  }

  statistics(legId: string): Promise<LegStatistics | undefined> {
    if (!this.#legs.has(legId)) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#asked.set(legId, [...(this.#asked.get(legId) ?? []), resolve]);
      this.tell({ kind: 'statistics', legId });
    });
  }

  deafen(on: boolean): void {
    this.#deaf = on;
    this.#send({ kind: 'deafen', on });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): boolean {
    return this.#link?.signal(signal) ?? false;
  }

  #send(command: Without<Command, 'seq'>): void {
    this.#link?.send({ ...command, seq: ++this.#seq } as Command);
  }

  #spawn(): void {
    this.#ready = false;
    this.#unansweredMs = 0;
    // Handlers know their own link: a mute engine's last words come after its successor has started.
    const link: EngineLink = this.#options.open(this.#options.settings, {
      report: (report) => {
        if (link === this.#link) this.#hear(report);
      },
      gone: (why) => {
        if (link === this.#link) this.#mourn(why);
      },
    });
    this.#link = link;
    if (this.#deaf) this.#send({ kind: 'deafen', on: true });
  }

  #hear(report: Report): void {
    this.#unansweredMs = 0;
    switch (report.kind) {
      case 'ready':
        this.#ready = true;
        this.#failures = 0;
        this.#options.onStarted();
        break;
      case 'pong':
        break;
      case 'note':
        this.#options.onNote(report);
        break;
      case 'statistics': {
        const asked = this.#asked.get(report.legId);
        this.#asked.delete(report.legId);
        for (const answer of asked ?? []) answer(report.statistics);
        if (!this.#legs.has(report.legId)) this.#options.onReleased(report.legId, report.statistics);
        break;
      }
      case 'question':
        void this.#answer(report.questionId, report.question);
        break;
      case 'event':
        // A leg released here may still be heard of until the engine has read that.
        if ('legId' in report.event) {
          if (!this.#legs.has(report.event.legId)) return;
          if (report.event.kind === 'refused') this.#legs.delete(report.event.legId);
        }
        this.#options.onEvent(report.event);
    }
  }

  async #answer(questionId: string, question: Question): Promise<void> {
    const link = this.#link;
    const answer = await this.#options.onQuestion(question);
    // Its successor has asked nothing.
    if (link === this.#link) this.#send({ kind: 'answer', questionId, answer });
  }

  /** Counts beats, not time: if it is this process that was stalled, the answers are waiting to be read. */
  #ping(): void {
    if (this.#link === undefined) return;
    const limit = this.#ready
      ? this.#options.heartbeatLimit
      : Math.max(this.#options.heartbeatLimit, longestStartMs);
    if (this.#unansweredMs >= limit) {
      this.#giveUp();
      return;
    }
    this.#unansweredMs += this.#beatMs;
    this.#send({ kind: 'ping' });
  }

  #giveUp(): void {
    const link = this.#link;
    const wasReady = this.#ready;
    this.#link = undefined;
    const legIds = this.#forgetLegs();
    // SIGKILL ends a stopped process, too.
    link?.signal('SIGKILL');
    this.#replace('the media process did not answer', wasReady);
    if (legIds.length > 0) this.#options.onEvent({ kind: 'process-mute', legIds });
  }

  #mourn(why: string): void {
    const wasReady = this.#ready;
    this.#link = undefined;
    const legIds = this.#forgetLegs();
    if (this.#stopped) return;
    this.#replace(why, wasReady);
    if (legIds.length > 0) this.#options.onEvent({ kind: 'process-died', legIds, why });
  }

  #forgetLegs(): readonly string[] {
    const legIds = [...this.#legs.keys()];
    this.#legs.clear();
    for (const waiting of this.#asked.values()) for (const answer of waiting) answer(undefined);
    this.#asked.clear();
    return legIds;
  }

  /** At once; but an engine that never came up is tried again ever more slowly. */
  #replace(why: string, wasReady: boolean): void {
    this.#ready = false;
    this.#lastFailure = why;
    if (wasReady) {
      this.#spawn();
      return;
    }
    const delay = Math.min(firstDelayMs * 2 ** this.#failures++, longestDelayMs);
    this.#respawn = setTimeout(() => this.#spawn(), delay);
    this.#options.onStarted(why);
  }
}
