/** The opaque `incomingCallContext`: names an offer, bound to the resource it was made to; random ids make it unguessable. */
export interface IncomingContext {
  readonly callId: string;
  readonly offerId: string;
  readonly resourceId: string;
}

export function writeContext({ callId, offerId, resourceId }: IncomingContext): string {
  return btoa(JSON.stringify({ cc: callId, of: offerId, rs: resourceId }))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Undefined when the text was not written by `writeContext`. */
export function readContext(text: string): IncomingContext | undefined {
  try {
    const value: unknown = JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/')));
    const { cc, of: offerId, rs } = value as Record<string, unknown>;
    if (typeof cc !== 'string' || typeof offerId !== 'string' || typeof rs !== 'string') return undefined;
    return { callId: cc, offerId, resourceId: rs };
  } catch {
    // Neither base64 nor JSON: somebody else's text. Saying so is the caller's part.
    return undefined;
  }
}
