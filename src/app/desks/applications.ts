/** An application as it comes into a call: by creating it, answering it or connecting to it. */
import type { NewConnection } from '../../domain/call/inputs.ts';
import { communicationUser, type Identifier } from '../../domain/ids/identifier.ts';
import type { Ids } from '../ports/directory.ts';
import type { ApplicationCommand } from './commands.ts';

/** Applications are users of their resource with an id of their own (`call-automation.md` §5, `source`). */
export function applicationOf(ids: Ids, resourceId: string): Identifier {
  return communicationUser(`8:acs:${resourceId}_${ids.next()}`);
}

export function newConnection(
  ids: Ids,
  command: ApplicationCommand,
  role: NewConnection['role'],
  identity: Identifier = applicationOf(ids, command.resourceId),
): Omit<NewConnection, 'targets' | 'source'> {
  return {
    id: ids.next(),
    resourceId: command.resourceId,
    role,
    identity,
    callbackUri: command.callbackUri,
    apiVersion: command.apiVersion,
    ...(command.operationContext === undefined ? {} : { operationContext: command.operationContext }),
    ...(command.speechEndpoint === undefined ? {} : { speechEndpoint: command.speechEndpoint }),
    ...streams(ids, command),
  };
}

function streams(
  ids: Ids,
  { mediaStreaming, transcription }: ApplicationCommand,
): Pick<NewConnection, 'streams'> {
  if (!mediaStreaming && !transcription) return {};
  return {
    streams: {
      ...(mediaStreaming ? { audio: { ...mediaStreaming, id: ids.next(), state: 'inactive' } } : {}),
      ...(transcription ? { transcript: { ...transcription, id: ids.next(), state: 'inactive' } } : {}),
    },
  };
}
