/** Which provider speaks and listens for a resource: the "cognitive services" it is linked to. */
import type { SpeechPort } from '../../app/ports/speech.ts';
import { createAzureSpeech } from './azure.ts';
import { createEmbeddedSpeech, type EmbeddedSpeech } from './embedded/provider.ts';
import type { Fetch } from './fetch.ts';
import { createOpenAiSpeech } from './openai.ts';

/** The endpoint that the development resource is linked to. Nothing is sent there: the server answers itself. */
export const embeddedEndpoint = 'https://ringback.cognitiveservices.azure.com/';

/** One linked endpoint, as configured. */
export type SpeechLink =
  | { readonly kind: 'embedded'; readonly endpoint: string }
  | { readonly kind: 'azure'; readonly endpoint: string; readonly key: string }
  | {
      readonly kind: 'openai';
      readonly endpoint: string;
      readonly key: string;
      readonly speechModel?: string;
      readonly transcriptionModel?: string;
    };

export interface SpeechProvidersOptions {
  /** By the name of the resource. */
  readonly links: ReadonlyMap<string, readonly SpeechLink[]>;
  /** `createPoster(…).fetch`. */
  readonly fetch: Fetch;
}

export interface SpeechProviders {
  /** Undefined where the resource is not linked to that endpoint. */
  linkFor(resource: string, endpoint: string): SpeechLink | undefined;
  providerFor(resource: string, endpoint: string): SpeechPort | undefined;
  close(): Promise<void>;
}

/** Upper case in the host, a port that goes without saying and a final slash make no other endpoint. */
const normal = (endpoint: string): string => (URL.parse(endpoint)?.href ?? endpoint).replace(/\/+$/, '');

/** A provider is made when it is first asked for; all resources share the embedded one. */
export function createSpeechProviders({ links, fetch }: SpeechProvidersOptions): SpeechProviders {
  const made = new Map<SpeechLink, SpeechPort>();
  let embedded: EmbeddedSpeech | undefined;
  const make = (link: SpeechLink): SpeechPort => {
    switch (link.kind) {
      case 'embedded':
        embedded ??= createEmbeddedSpeech();
        return embedded;
      case 'azure':
        return createAzureSpeech({ ...link, fetch });
      case 'openai':
        return createOpenAiSpeech({ ...link, fetch });
    }
  };
  const linkFor = (resource: string, endpoint: string): SpeechLink | undefined =>
    links.get(resource)?.find((each) => normal(each.endpoint) === normal(endpoint));
  return {
    linkFor,
    providerFor(resource, endpoint) {
      const link = linkFor(resource, endpoint);
      if (!link) return undefined;
      const provider = made.get(link) ?? make(link);
      made.set(link, provider);
      return provider;
    },
    close: async () => embedded?.close(),
  };
}
