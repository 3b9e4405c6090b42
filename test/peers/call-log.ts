/** The phone's row in the call log of a call. */
import { until } from '../../scenarios/stage/wait.ts';
import { signedRequest } from '../../src/main/signed-request.ts';

type Server = Parameters<typeof signedRequest>[0];
type Properties = Readonly<Record<string, unknown>>;

/** All of the row, once it is written; `type`: of a phone on this side of the call (`PSTN inbound`). */
export function loggedPhone(server: Server, callId: string, type?: string): Promise<Properties> {
  return until('the phone’s row in the call log', async () => {
    const log = (await signedRequest(server, 'GET', `calls/${callId}/summary`, undefined)) as {
      readonly value: readonly { readonly properties: Properties }[];
    };
    const row = log.value
      .map(({ properties }) => properties)
      .find(
        (each) =>
          each.endpointType === 'PSTN' &&
          (type ?? each.pstnParticipantCallType) === each.pstnParticipantCallType,
      );
    return row ? { is: row } : { notYet: JSON.stringify(log) };
  });
}

/** Code and subcode of the phone's end, once it is written. */
export async function loggedEnd(server: Server, callId: string): Promise<readonly [number, number]> {
  const row = await loggedPhone(server, callId);
  return [Number(row.participantEndReason), Number(row.participantEndSubCode)];
}

/** The call that began last. */
export async function newestCall(server: Server): Promise<string> {
  const { value } = (await signedRequest(server, 'GET', 'calls?limit=1', undefined)) as {
    readonly value: readonly { readonly callId: string }[];
  };
  return value[0]?.callId ?? '';
}

/** Code and subcode of the phone's end in the newest call. */
export async function newestEnd(server: Server): Promise<readonly [number, number]> {
  return loggedEnd(server, await newestCall(server));
}
