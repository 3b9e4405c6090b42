/** Answers, in the server process, what the streams of a media process must know. */
import type { Answer, Question, Where, Words } from './messages.ts';

export interface StreamServices {
  /** Resolves the host of a URL and checks every address of it; `roots`: PEM of CAs beside those of the system. */
  resolve(url: string): Promise<
    | { readonly addresses: readonly string[]; readonly roots: readonly string[] }
    /** We would not open it, whoever asks. */
    | { readonly forbidden: string }
    | { readonly unresolvable: string }
  >;
  /** The token that the resource's callbacks carry. */
  authorization(resourceId: string): Promise<string>;
  /** Bounded in time; removes the utterance. */
  transcribe(utterance: Omit<Extract<Question, { about: 'words' }>, 'about'>): Promise<Words>;
}

/** Never rejects. */
export async function answerTo(question: Question, services: StreamServices | undefined): Promise<Answer> {
  if (!services) return { fault: 'internal', why: 'this server opens no streams' };
  try {
    if (question.about === 'where') return await whereTo(question, services);
    const { about: _, ...utterance } = question;
    return await services.transcribe(utterance);
  } catch (error) {
    return { fault: 'internal', why: error instanceof Error ? error.message : String(error) };
  }
}

async function whereTo(
  { resourceId, url }: Extract<Question, { about: 'where' }>,
  services: StreamServices,
): Promise<Where> {
  const found = await services.resolve(url);
  if ('forbidden' in found) return { fault: 'forbidden', why: found.forbidden };
  if ('unresolvable' in found) return { fault: 'handshake-failed', why: found.unresolvable };
  return { ...found, authorization: `Bearer ${await services.authorization(resourceId)}` };
}
