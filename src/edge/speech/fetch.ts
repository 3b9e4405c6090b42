/** Requests to speech providers over HTTP, and what their failures mean. */
import type { SpeechFailure } from '../../app/ports/speech.ts';
import { failed } from './failed.ts';

export interface FetchRequest {
  readonly url: string;
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Wall time. */
  readonly timeoutMs: number;
  readonly mostBytes: number;
}

export interface FetchAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** False where there was more than `mostBytes`. */
  readonly whole: boolean;
}

/** The guarded one of `edge/callbacks` (`createPoster(…).fetch`): checked addresses, no redirects, bounded. */
export type Fetch = (
  request: FetchRequest,
) => Promise<FetchAnswer | { readonly failed: string; readonly how: 'forbidden' | 'unreachable' | 'silent' }>;

export interface HttpProviderOptions {
  /** `https://example.cognitiveservices.azure.com/`, `https://api.example.com/`. */
  readonly endpoint: string;
  readonly key: string;
  readonly fetch: Fetch;
  /** For one request; 20 s when absent. */
  readonly timeoutMs?: number;
}

/** Ten minutes of 24 kHz audio, the most that is spoken in one piece. */
const mostBytes = 32 * 2 ** 20;
const usualTimeoutMs = 20_000;

const without = { forbidden: 'forbidden', unreachable: 'connection', silent: 'timeout' } as const;

/** The body of a 2xx answer. */
export async function askProvider(
  { fetch, timeoutMs = usualTimeoutMs }: HttpProviderOptions,
  request: Pick<FetchRequest, 'url' | 'headers' | 'body'>,
): Promise<Uint8Array | SpeechFailure> {
  const answer = await fetch({ ...request, method: 'POST', timeoutMs, mostBytes });
  if ('failed' in answer) return failed(without[answer.how], answer.failed);
  const { status, body, whole } = answer;
  const host = URL.parse(request.url)?.host ?? 'The provider';
  if (status < 200 || status > 299) {
    const code = errorCode(body);
    if (identityCodes.has(code))
      return failed(
        'identity-refused',
        `${host} answered ${status} ${code}. Let its key in there, or give the identity behind it the role that it lacks.`,
      );
    return failed(kindOf(status), `${host} answered ${status}. ${advice(status)}`);
  }
  if (!whole) return failed('bad-answer', `${host} answered with more than ${mostBytes >> 20} MB.`);
  return body;
}

/** Of Azure: keys are switched off for the resource (`disableLocalAuth`); the principal lacks a role. */
const identityCodes: ReadonlySet<string> = new Set(['AuthenticationTypeDisabled', 'PermissionDenied']);

/** `{ "error": { "code": … } }`; empty where the body is something else. */
function errorCode(body: Uint8Array): string {
  const { error } = (jsonOf(body) ?? {}) as { readonly error?: { readonly code?: unknown } };
  return typeof error?.code === 'string' ? error.code : '';
}

function kindOf(status: number): SpeechFailure['because'] {
  if (status === 401) return 'authentication';
  if (status === 403) return 'forbidden';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 429) return 'throttled';
  if (status >= 500) return 'provider-error';
  return status >= 400 ? 'bad-request' : 'bad-answer';
}

function advice(status: number): string {
  const kind = kindOf(status);
  if (kind === 'authentication') return 'Correct the key of the speech provider.';
  if (kind === 'forbidden') return 'The key may not do this, or its quota is used up.';
  if (kind === 'throttled') return 'It gets too many requests; try again later.';
  if (kind === 'bad-answer') return 'Redirects are not followed: name the address it redirects to.';
  if (kind === 'bad-request') return 'Check the endpoint, the language and the voice.';
  return 'The fault is on its side; try again later.';
}

/** JSON of an answer; undefined where it is none. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    // Whoever asks says what is wrong with it.
    return undefined;
  }
}

export const endpointUrl = (endpoint: string, path: string): string =>
  `${endpoint.replace(/\/+$/, '')}${path}`;
