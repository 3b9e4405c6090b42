/** Files of recordings: downloaded, in ranges too, and deleted (`reference/call-automation.md` §10). */
import { refuse } from '../../app/desks/refusals.ts';
import type { RecordingPart } from '../../app/ports/recordings.ts';
import {
  contentFailure,
  contentRange,
  objectsPath,
  requestedRange,
} from '../../wire/rest/recording-content.ts';
import { param, resourceOf } from './asking.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

const parts = {
  audio: 'audio/wav',
  video: 'video/mp4',
  acsmetadata: 'application/octet-stream',
} as const satisfies Record<RecordingPart, string>;

export function recordingContent({ recordingFiles, clock }: HttpDependencies): readonly Operation[] {
  const missing = (why: string): Reply => refusal(refuse('call-not-found', clock.now(), why));
  const operation = (rest: Pick<Operation, 'name' | 'method' | 'path' | 'run' | 'produces'>): Operation => ({
    access: 'resource',
    versioned: false,
    repeatable: false,
    failureBody: contentFailure,
    ...rest,
  });

  const download = (x: Exchange, part: RecordingPart): Reply => {
    const content = recordingFiles.content(resourceOf(x), param(x, 0), part);
    if ('missing' in content) return missing(content.missing);
    const { type, size } = content;
    const range = requestedRange(x.headers.range, size);
    const headers = { 'accept-ranges': 'bytes', 'cache-control': 'no-store' };
    if (range === 'unsatisfiable') {
      const message = `the content has ${size} bytes, and ${x.headers.range} asks for what lies behind them`;
      return {
        ...json(416, { status: 416, message }),
        headers: { 'content-range': contentRange(undefined, size) },
      };
    }
    const { from, to } = range ?? { from: 0, to: size };
    return {
      status: range ? 206 : 200,
      type,
      headers: range ? { ...headers, 'content-range': contentRange(range, size) } : headers,
      stream: { length: to - from, pieces: content.read(from, to) },
    };
  };

  return [
    ...Object.entries(parts).map(([part, produces]) =>
      operation({
        name: `download recording ${part}`,
        method: 'GET',
        path: `${objectsPath}{documentId}/content/${part}`,
        produces,
        run: (x) => download(x, part as RecordingPart),
      }),
    ),
    operation({
      name: 'delete recording',
      method: 'DELETE',
      path: `${objectsPath}{documentId}`,
      run: async (x) => {
        const gone = await recordingFiles.remove(resourceOf(x), param(x, 0));
        return gone ? missing(gone.missing) : { status: 200 };
      },
    }),
  ];
}
