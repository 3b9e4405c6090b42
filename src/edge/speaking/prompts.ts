/** From what an application wants to be heard to a blob of samples: fetched or spoken, checked, and kept. */
import { createHash } from 'node:crypto';
import type { Blobs } from '../../app/ports/blobs.ts';
import type { SpeechFailureKind, SpeechPort } from '../../app/ports/speech.ts';
import type { PromptFault } from '../../domain/call/operation-events.ts';
import type { PromptSource } from '../../domain/media/operation.ts';
import { readPrompt } from '../../wire/wav/prompt.ts';
import { bytesOf } from '../../wire/wav/wav.ts';

/** Fetches a file that an application named: guarded, bounded in time and size. */
export type FetchFile = (
  url: string,
  signal: AbortSignal,
) => Promise<{ readonly bytes: Uint8Array } | { readonly failed: string }>;

/** `prompt`: the name of the blob. */
export type Prepared = { readonly prompt: string } | { readonly fault: PromptFault; readonly why: string };

export interface PromptsOptions {
  readonly blobs: Blobs;
  readonly fetchFile: FetchFile;
  /** How many prompts with a cache id are remembered, of all resources together; 1000 when absent. */
  readonly cached?: number;
  /** How many prompts are kept on disk; 2000 when absent. The one that was not asked for the longest goes first. */
  readonly kept?: number;
}

export interface PromptWish {
  readonly source: PromptSource;
  readonly resourceId: string;
  /** Of the speech service that the call was set up with. */
  readonly speech: SpeechPort | undefined;
  readonly signal: AbortSignal;
}

const faults: Readonly<Record<SpeechFailureKind, PromptFault>> = {
  authentication: 'unauthenticated',
  forbidden: 'forbidden',
  'identity-refused': 'identity-refused',
  throttled: 'throttled',
  'bad-request': 'bad-request',
  timeout: 'timed-out',
  connection: 'unreachable',
  'provider-error': 'internal',
  'bad-answer': 'bad-request',
  empty: 'empty',
  'malformed-ssml': 'bad-request',
  'unsupported-language': 'model-unsupported',
  'unknown-words': 'bad-request',
  'not-installed': 'internal',
};

export const faultOf = (kind: SpeechFailureKind): PromptFault => faults[kind];

const isEmpty = (source: PromptSource): boolean =>
  (source.kind === 'text' && source.text.trim() === '') ||
  (source.kind === 'ssml' && source.ssml.replace(/<[^>]*>/g, '').trim() === '');

export class Prompts {
  readonly #options: PromptsOptions;
  /** Blob by resource and cache id; the oldest is forgotten first. */
  readonly #cache = new Map<string, string>();
  /** Names of the blobs, the latest used last. */
  readonly #kept = new Set<string>();

  constructor(options: PromptsOptions) {
    this.#options = options;
  }

  async prepare(wish: PromptWish): Promise<Prepared> {
    const { source, resourceId } = wish;
    if (isEmpty(source)) return { fault: 'empty', why: 'there is no text to be said' };
    const key = source.cacheId === undefined ? undefined : `${resourceId} ${source.cacheId}`;
    const cached = key === undefined ? undefined : this.#cache.get(key);
    if (cached !== undefined && (await this.#options.blobs.size(cached)) !== undefined) {
      await this.#keep(cached);
      return { prompt: cached };
    }
    const made = source.kind === 'file' ? await this.#fetched(source.uri, wish.signal) : await spoken(wish);
    if ('fault' in made) return made;
    const bytes = bytesOf(made.samples);
    // The same sound has the same name: a prompt that a thousand calls play is kept once.
    const prompt = `prompt-${createHash('sha256').update(bytes).digest('hex')}`;
    if ((await this.#options.blobs.size(prompt)) === undefined) await this.#options.blobs.put(prompt, bytes);
    if (key !== undefined) this.#remember(key, prompt);
    await this.#keep(prompt);
    return { prompt };
  }

  /** Drops what an earlier process prepared: nobody of this one was promised it. */
  async clear(): Promise<void> {
    const { blobs } = this.#options;
    const left = (await blobs.names()).filter((name) => /^(?:prompt|utterance)-/.test(name));
    await Promise.all(left.map((name) => blobs.remove(name)));
  }

  async #keep(prompt: string): Promise<void> {
    this.#kept.delete(prompt);
    this.#kept.add(prompt);
    const [oldest] = this.#kept;
    if (this.#kept.size <= (this.#options.kept ?? 2000) || oldest === undefined) return;
    this.#kept.delete(oldest);
    await this.#options.blobs.remove(oldest);
  }

  async #fetched(uri: string, signal: AbortSignal): Promise<Made> {
    const file = await this.#options.fetchFile(uri, signal);
    if ('failed' in file) return { fault: 'unfetched', why: file.failed };
    const prompt = readPrompt(file.bytes);
    if ('samples' in prompt) return prompt;
    return {
      fault: 'wrong-format',
      why: `expected WAV, mono, 16-bit PCM, 16000 Hz; found ${prompt.found}`,
    };
  }

  #remember(key: string, prompt: string): void {
    this.#cache.delete(key);
    this.#cache.set(key, prompt);
    const oldest = this.#cache.keys().next();
    if (this.#cache.size > (this.#options.cached ?? 1000) && !oldest.done) this.#cache.delete(oldest.value);
  }
}

type Made = { readonly samples: Int16Array } | { readonly fault: PromptFault; readonly why: string };

async function spoken({ source, speech }: PromptWish): Promise<Made> {
  if (source.kind === 'file') throw new Error('a file is not spoken');
  if (!speech) return { fault: 'not-linked', why: 'the resource lists no such speech service' };
  const { locale, kind, name } = source.kind === 'text' ? source.voice : {};
  const said = await speech.synthesise({
    said: source.kind === 'text' ? { kind: 'text', text: source.text } : { kind: 'ssml', ssml: source.ssml },
    ...(locale === undefined ? {} : { locale }),
    ...(kind === undefined ? {} : { voiceKind: kind }),
    ...(name === undefined ? {} : { voiceName: name }),
  });
  return said.kind === 'speech' ? said : { fault: faultOf(said.because), why: said.detail };
}
