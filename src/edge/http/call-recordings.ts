/** The recording operations of Call Automation; the files themselves are elsewhere. */
import type { Answer } from '../../app/desks/commands.ts';
import type { RecordingCommand, StartedRecording } from '../../app/desks/recording-service.ts';
import type { OperationName } from '../../wire/rest/operations.ts';
import { decodeStartRecording, encodeRecording } from '../../wire/rest/recording-requests.ts';
import { ask, param, refusedByDesk, resourceOf } from './asking.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

type Run = Operation['run'];

export function callRecordings(deps: HttpDependencies) {
  const { recordings } = deps;
  const bodies = createBodies(deps);
  const command = (x: Exchange): RecordingCommand => ({
    resourceId: resourceOf(x),
    recordingId: param(x, 0),
  });

  const startRecording: Run = (x, keep) => {
    const body = bodies(x, (value) => decodeStartRecording(value, deps));
    if ('reply' in body) return body.reply;
    const start = { ...body.ok, resourceId: resourceOf(x), apiVersion: x.apiVersion };
    const encode = (answer: Answer<StartedRecording>): Reply =>
      'refused' in answer ? refusedByDesk(answer) : json(200, encodeRecording(answer.ok));
    return ask(keep, encode, (remember) => recordings.start(start, remember));
  };

  const changing =
    (change: 'pause' | 'resume' | 'stop', status: number): Run =>
    async (x) => {
      const answer = await recordings.change(command(x), change);
      return 'refused' in answer ? refusedByDesk(answer) : { status };
    };

  return {
    startRecording,
    getRecordingProperties: (x) => {
      const answer = recordings.recording(command(x));
      return 'refused' in answer ? refusal(answer.refused) : json(200, encodeRecording(answer.ok));
    },
    stopRecording: changing('stop', 204),
    pauseRecording: changing('pause', 202),
    resumeRecording: changing('resume', 202),
  } satisfies Partial<Record<OperationName, Run>>;
}
