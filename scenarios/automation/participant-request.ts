import type { HttpReply, Observation, PlacedCall, Stage } from '../scenario.ts';
import { connected, endingCall } from './transfer-request.ts';

/** Of the resource that throw-away servers have, and of one that they have not. */
export const ownUser = (name: string): string => `8:acs:2fd14f97-5cf0-45a2-a59b-45a43541727c_${name}`;
export const strangeUser = '8:acs:11111111-2222-4333-8444-555566667777_bob';

export const userModel = (rawId: string) => ({
  kind: 'communicationUser',
  rawId,
  communicationUser: { id: rawId },
});
export const phoneModel = (value: string) => ({ kind: 'phoneNumber', phoneNumber: { value } });

/** POST to `participants:ACTION` of a call. */
export const aboutParticipants = (
  { app }: Pick<Stage, 'app'>,
  { connectionId }: PlacedCall,
  action: string,
  body: object,
): Promise<HttpReply> =>
  app.request({
    method: 'POST',
    path: `/calling/callConnections/${connectionId}/participants:${action}`,
    body,
  });

/** What an application is answered that asks this in a call with a phone. */
export async function answeredInCall(stage: Stage, action: string, body: object): Promise<Observation> {
  const call = await connected(stage);
  return endingCall(call, (await aboutParticipants(stage, call, action, body)).observed);
}

/** Like `aboutParticipants`, where it must be accepted. */
export async function accepted(stage: Stage, call: PlacedCall, action: string, body: object): Promise<void> {
  const { status, body: said } = await aboutParticipants(stage, call, action, body);
  if (status !== 202) throw new Error(`participants:${action}: ${status} ${JSON.stringify(said)}`);
}

/** The user is called by a client, which does this. */
export async function withClient({ admin }: Stage, user: string, does: string): Promise<void> {
  const { status, body } = await admin({
    method: 'POST',
    path: '/ringback/v1/endpoints',
    body: { user, does },
  });
  if (status !== 201) throw new Error(`endpoint of ${user}: ${status} ${JSON.stringify(body)}`);
}
