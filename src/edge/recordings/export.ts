/** Puts a file into the container of an application: Azure Blob Storage by its REST API, with the SAS of the container's URL. */
import type { RecordedContent } from '../../app/ports/recordings.ts';

export interface SendRequest {
  readonly url: string;
  readonly method: 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Wall time. */
  readonly timeoutMs: number;
}

/** The guarded client of everything that leaves the server. */
export type Send = (
  request: SendRequest,
) => Promise<
  | { readonly status: number; readonly body: string }
  | { readonly failed: string; readonly how: 'forbidden' | 'unreachable' | 'silent' }
>;

export interface Exporting {
  readonly send: Send;
  /** Waits on the server's clock; rejects when the server stops. */
  readonly pause: (ms: number) => Promise<void>;
  /** Above this size a file goes in blocks of it. */
  readonly blockBytes?: number;
}

export interface Exported {
  /** Of the blob, without the SAS. */
  readonly url: string;
}

export interface NotExported {
  readonly failed: string;
}

/** Put Block and Put Block List are as old as this; Azurite and every storage account serve it. */
const serviceVersion = '2021-12-02';
const answerWithinMs = 60_000;
const pausesMs = [1000, 5000] as const;

/** `container`: its URL with the SAS; `path`: of the blob in it. */
export async function putBlob(
  { send, pause, blockBytes = 4 << 20 }: Exporting,
  container: string,
  path: string,
  file: RecordedContent,
): Promise<Exported | NotExported> {
  const url = new URL(container);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  const bare = `${url.origin}${url.pathname}`;

  const put = async (
    parameters: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): Promise<string | undefined> => {
    const target = new URL(url);
    // Appended: what the SAS signs stays as it was written.
    for (const [name, value] of Object.entries(parameters))
      target.search += `${target.search === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`;
    for (const wait of [...pausesMs, undefined]) {
      const answer = await send({
        url: target.href,
        method: 'PUT',
        headers: { ...headers, 'x-ms-version': serviceVersion, 'x-ms-date': new Date().toUTCString() },
        body,
        timeoutMs: answerWithinMs,
      });
      const failed = failure(answer);
      if (failed === undefined || failed.final || wait === undefined) return failed?.why;
      await pause(wait);
    }
    return undefined;
  };

  const whole = async (): Promise<string | undefined> => {
    const bytes = await readAll(file, 0, file.size);
    return put({}, bytes, { 'x-ms-blob-type': 'BlockBlob', 'content-type': file.type });
  };
  const inBlocks = async (): Promise<string | undefined> => {
    const ids: string[] = [];
    for (let from = 0; from < file.size; from += blockBytes) {
      const id = Buffer.from(String(ids.length).padStart(6, '0')).toString('base64');
      ids.push(id);
      const bytes = await readAll(file, from, Math.min(from + blockBytes, file.size));
      const failed = await put({ comp: 'block', blockid: id }, bytes, {
        'content-type': 'application/octet-stream',
      });
      if (failed !== undefined) return failed;
    }
    const list = `<?xml version="1.0" encoding="utf-8"?><BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join('')}</BlockList>`;
    return put({ comp: 'blocklist' }, list, {
      'content-type': 'application/xml',
      'x-ms-blob-content-type': file.type,
    });
  };
  const failed = await (file.size > blockBytes ? inBlocks() : whole());
  return failed === undefined ? { url: bare } : { failed };
}

/** `final`: the same request will not fare better. */
function failure(
  answer: Awaited<ReturnType<Send>>,
): { readonly why: string; readonly final: boolean } | undefined {
  if ('failed' in answer) return { why: answer.failed, final: answer.how === 'forbidden' };
  const { status, body } = answer;
  if (status === 201) return undefined;
  const said = /<Code>([^<]{1,100})<\/Code>/.exec(body)?.[1];
  const why = `the storage answered ${status}${said === undefined ? '' : ` ${said}`} instead of 201`;
  return { why, final: status < 500 && status !== 408 && status !== 429 };
}

async function readAll(file: RecordedContent, from: number, to: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.read(from, to)) pieces.push(piece);
  return Buffer.concat(pieces);
}
