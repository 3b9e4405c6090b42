import type { IncomingMessage } from 'node:http';

export type ReadBody =
  | { readonly bytes: Buffer }
  | { readonly failed: 'too-large' | 'too-slow' | 'aborted'; readonly received: number };

/** A client that has sent too much is listened to for this many bytes more, so that it reads the answer instead of a reset. */
const LINGER_BYTES = 8_388_608;

const nothing = Buffer.alloc(0);

/** Undefined when there is no body, which is told without waiting. */
export function readBody(
  raw: IncomingMessage,
  { bodyBytes, bodyTimeoutMs }: { readonly bodyBytes: number; readonly bodyTimeoutMs: number },
): Promise<ReadBody> | undefined {
  const { 'content-length': length, 'transfer-encoding': encoding } = raw.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return undefined;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let received = 0;
    const finish = (result: ReadBody): void => {
      clearTimeout(timer);
      raw.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      // Errors after this are the socket's own affair.
      raw.on('error', () => {});
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      received += chunk.length;
      if (received <= bodyBytes) chunks.push(chunk);
      else if (received > bodyBytes + LINGER_BYTES) finish({ failed: 'too-large', received });
    };
    const onEnd = (): void => {
      if (received > bodyBytes) finish({ failed: 'too-large', received });
      else finish({ bytes: chunks.length === 1 ? (chunks[0] ?? nothing) : Buffer.concat(chunks, received) });
    };
    const onClose = (): void => finish({ failed: 'aborted', received });
    const timer = setTimeout(
      () => finish({ failed: received > bodyBytes ? 'too-large' : 'too-slow', received }),
      bodyTimeoutMs,
    );
    raw.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}
