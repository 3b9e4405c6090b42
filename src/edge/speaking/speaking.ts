/** Prepares prompts and understands utterances for calls; what comes of it comes back as events. */
import type { Blobs } from '../../app/ports/blobs.ts';
import type { Quiet } from '../../app/ports/clock.ts';
import type { Recognition, SpeechFailure, SpeechPort } from '../../app/ports/speech.ts';
import type {
  PromptRequest,
  SpeakingEvent,
  SpeakingPort,
  UtteranceRequest,
} from '../../app/ports/speech-services.ts';
import type { PromptFault, Speech, SpeechFault } from '../../domain/call/operation-events.ts';
import { samplesOf } from '../../wire/wav/wav.ts';
import { type FetchFile, faultOf, Prompts } from './prompts.ts';

export interface SpeakingOptions {
  readonly blobs: Blobs;
  /** A manual clock waits for what is being prepared or understood. */
  readonly quiet: Quiet;
  readonly fetchFile: FetchFile;
  /** The speech service of a resource behind an endpoint. */
  readonly speechOf: (resourceId: string, endpoint: string) => SpeechPort | undefined;
  readonly onEvent: (event: SpeakingEvent) => void;
  /** A bug, to be logged. */
  readonly failed: (error: unknown) => void;
}

/** A prompt that takes longer than this must not stop a manual clock. */
const quietMs = 2000;

export class Speaking implements SpeakingPort {
  readonly #options: SpeakingOptions;
  readonly #prompts: Prompts;
  readonly #running = new Map<string, AbortController>();

  constructor(options: SpeakingOptions) {
    this.#options = options;
    this.#prompts = new Prompts(options);
  }

  /** Operations that are being worked for. */
  get busy(): number {
    return this.#running.size;
  }

  /** Before the first call: drops what an earlier process prepared. */
  clear(): Promise<void> {
    return this.#prompts.clear();
  }

  prepare(request: PromptRequest): void {
    const { operationId } = request;
    this.#run(
      request,
      (signal) => this.#prepare(request, signal),
      (why) => ({ operationId, kind: 'prompt-failed', index: 0, fault: 'internal', why }),
    );
  }

  understand(request: UtteranceRequest): void {
    const { operationId } = request;
    const understood = (speech: Speech): SpeakingEvent['event'] => ({
      operationId,
      kind: 'understood',
      speech,
    });
    this.#run(
      request,
      async () => understood(await this.#understand(request)),
      (why) => understood({ fault: 'internal', why }),
    );
  }

  forget(operationId: string): void {
    this.#running.get(operationId)?.abort();
    this.#running.delete(operationId);
  }

  #run(
    { callId, operationId }: { readonly callId: string; readonly operationId: string },
    work: (signal: AbortSignal) => Promise<SpeakingEvent['event']>,
    broken: (why: string) => SpeakingEvent['event'],
  ): void {
    const controller = new AbortController();
    this.#running.set(operationId, controller);
    const release = this.#options.quiet.hold('speech and prompts', quietMs);
    work(controller.signal)
      .then((event) => {
        if (!controller.signal.aborted) this.#options.onEvent({ callId, event });
      })
      .catch((error: unknown) => {
        this.#options.failed(error);
        const why = error instanceof Error ? error.message : String(error);
        if (!controller.signal.aborted) this.#options.onEvent({ callId, event: broken(why) });
      })
      .finally(() => {
        release();
        if (this.#running.get(operationId) === controller) this.#running.delete(operationId);
      });
  }

  async #prepare(
    { operationId, resourceId, speechEndpoint, sources }: PromptRequest,
    signal: AbortSignal,
  ): Promise<SpeakingEvent['event']> {
    const speech =
      speechEndpoint === undefined ? undefined : this.#options.speechOf(resourceId, speechEndpoint);
    const prepared = await Promise.all(
      sources.map((source) => this.#prompts.prepare({ source, resourceId, speech, signal })),
    );
    const index = prepared.findIndex((each) => 'fault' in each);
    const failed = prepared[index];
    if (failed && 'fault' in failed)
      return { operationId, kind: 'prompt-failed', index, fault: failed.fault, why: failed.why };
    const prompts = prepared.flatMap((each) => ('prompt' in each ? [each.prompt] : []));
    return { operationId, kind: 'prompts-ready', prompts };
  }

  async #understand(request: UtteranceRequest): Promise<Speech> {
    const { resourceId, speechEndpoint, utterance, locale, choices } = request;
    const bytes = await this.#options.blobs.get(utterance);
    await this.#options.blobs.remove(utterance);
    const speech = this.#options.speechOf(resourceId, speechEndpoint);
    if (!speech) return { fault: 'not-linked', why: 'the resource lists no such speech service' };
    if (!bytes) return { fault: 'internal', why: 'what was said is no longer there' };
    const phrases = choices?.flatMap((choice) => choice.phrases);
    const found = await speech.recognise({
      audio: samplesOf(bytes),
      locale,
      ...(phrases && phrases.length > 0 ? { phrases } : {}),
    });
    return understoodAs(found);
  }
}

const sure = ({ confidence }: { readonly confidence?: number }): { readonly confidence?: number } =>
  confidence === undefined ? {} : { confidence };

function understoodAs(found: Recognition | SpeechFailure): Speech {
  switch (found.kind) {
    case 'phrase':
      return { heard: 'words', text: found.phrase, ...sure(found) };
    case 'text':
      return { heard: 'words', text: found.text, ...sure(found) };
    case 'silence':
      return { heard: 'silence' };
    case 'no-match':
      return { heard: 'nothing-understood' };
    case 'failed':
      return { fault: speechFault(faultOf(found.because)), why: found.detail };
  }
}

/** What only prompts can suffer from is, for an utterance, a fault of nobody in particular. */
const speechFault = (fault: PromptFault): SpeechFault =>
  fault === 'wrong-format' || fault === 'unfetched' || fault === 'empty' ? 'internal' : fault;
