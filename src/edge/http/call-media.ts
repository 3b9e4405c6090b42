/** The media operations of Call Automation: each decodes, asks the desk and says that it was accepted. */
import type { Answer } from '../../app/desks/commands.ts';
import type { OperationCommand, StreamChange } from '../../app/desks/media-commands.ts';
import { decodePlay, decodeRecognize, decodeSendDtmf, decodeTarget } from '../../wire/rest/media-requests.ts';
import type { OperationName } from '../../wire/rest/operations.ts';
import { decodeStreaming, decodeTranscription } from '../../wire/rest/stream-requests.ts';
import { ask, commandOf, refusedByDesk } from './asking.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { json, type Reply } from './exchange.ts';
import type { Operation } from './operation.ts';

type Run = Operation['run'];

/** Answered with this status and no body, or refused. */
const accepted =
  (status: number) =>
  (answer: Answer<undefined>): Reply =>
    'refused' in answer ? refusedByDesk(answer) : { status };

export function callMedia(deps: HttpDependencies) {
  const { media } = deps;
  const bodies = createBodies(deps);

  const play: Run = async (x) => {
    const body = bodies(x, (value) => decodePlay(value, deps));
    if ('reply' in body) return body.reply;
    return accepted(202)(await media.play({ ...body.ok, ...commandOf(x) }));
  };

  const recognize: Run = async (x) => {
    const body = bodies(x, (value) => decodeRecognize(value, deps));
    if ('reply' in body) return body.reply;
    return accepted(202)(await media.recognize({ ...body.ok, ...commandOf(x) }));
  };

  const continuous =
    (on: boolean): Run =>
    async (x) => {
      const body = bodies(x, (value) => decodeTarget(value, deps));
      if ('reply' in body) return body.reply;
      return accepted(200)(await media.continuousTones({ ...body.ok, ...commandOf(x), on }));
    };

  const sendDtmfTones: Run = (x, keep) => {
    const body = bodies(x, (value) => decodeSendDtmf(value, deps));
    if ('reply' in body) return body.reply;
    const command: OperationCommand = { ...body.ok, ...commandOf(x) };
    const { operationContext } = command;
    const encode = (answer: Answer<undefined>): Reply =>
      'refused' in answer
        ? refusedByDesk(answer)
        : json(202, operationContext === undefined ? {} : { operationContext });
    return ask(keep, encode, (remember) => media.sendTones({ ...body.ok, ...commandOf(x) }, remember));
  };

  const streaming =
    (kind: StreamChange['kind'], change: StreamChange['ask']): Run =>
    async (x) => {
      const withLocale = kind === 'transcript' && change !== 'stop';
      const body = bodies(x, (value) =>
        withLocale ? decodeTranscription(value, deps) : decodeStreaming(value, deps),
      );
      if ('reply' in body) return body.reply;
      return accepted(202)(await media.stream({ ...body.ok, ...commandOf(x), kind, ask: change }));
    };

  return {
    startMediaStreaming: streaming('audio', 'start'),
    stopMediaStreaming: streaming('audio', 'stop'),
    startTranscription: streaming('transcript', 'start'),
    stopTranscription: streaming('transcript', 'stop'),
    updateTranscription: streaming('transcript', 'update'),
    play,
    recognize,
    cancelAllMediaOperations: async (x) => accepted(202)(await media.cancelAll(commandOf(x))),
    startContinuousDtmfRecognition: continuous(true),
    stopContinuousDtmfRecognition: continuous(false),
    sendDtmfTones,
  } satisfies Partial<Record<OperationName, Run>>;
}
