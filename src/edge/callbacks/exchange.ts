import type { Dispatcher } from 'undici';
import type { FetchAnswer } from './poster.ts';

/** The time was over before the answer was there. */
export class AnswerLate extends Error {}

/**
 * One request and its answer, whose body is cut off after `mostBytes` together with its connection. `dispatch` instead of
 * `request`: without the streams that the latter makes of every answer, a callback costs half as much. Rejects with the
 * error of the socket, or `AnswerLate`.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  withinMs: number,
  mostBytes: number,
): Promise<FetchAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let late = false;
    let status = 0;
    let headers: FetchAnswer['headers'] = {};
    const parts: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => {
      late = true;
      controller?.abort(new AnswerLate());
    }, withinMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve({
        status,
        headers,
        body: Buffer.concat(parts).subarray(0, mostBytes),
        whole: size <= mostBytes,
      });
    };
    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        if (late) started.abort(new AnswerLate());
      },
      onResponseStart(_controller, code, answered) {
        status = code;
        headers = flat(answered);
      },
      onResponseData(reading, part) {
        parts.push(part);
        size += part.length;
        if (size <= mostBytes) return;
        done();
        reading.abort(new Error('the rest of the body is not wanted'));
      },
      onResponseEnd: done,
      onResponseError(_controller, error) {
        clearTimeout(timer);
        reject(late ? new AnswerLate() : error);
      },
    });
  });
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): FetchAnswer['headers'] {
  const flattened: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    flattened[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return flattened;
}
