/** The phone's row in the call log of a call. */
import { until } from '../../scenarios/stage/wait.ts';
import { signedRequest } from '../../src/main/signed-request.ts';

/** Code and subcode of the phone's end, once it is written. */
export function loggedEnd(
  server: Parameters<typeof signedRequest>[0],
  callId: string,
): Promise<readonly [number, number]> {
  return until('the phone’s row in the call log', async () => {
    const log = (await signedRequest(server, 'GET', `calls/${callId}/summary`, undefined)) as {
      readonly value: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
    };
    const row = log.value.find(({ properties }) => properties.endpointType === 'PSTN')?.properties;
    if (!row) return { notYet: JSON.stringify(log) };
    return { is: [Number(row.participantEndReason), Number(row.participantEndSubCode)] };
  });
}
