import type { HttpReply, Observation, PlacedCall, Stage } from '../scenario.ts';

/** Answers and stays silent. */
export const phone = '+15005552000';

/** An application asks that the phone it talks to be handed over. */
export const askTransfer = (
  { app }: Pick<Stage, 'app'>,
  { connectionId }: PlacedCall,
  to: string,
): Promise<HttpReply> =>
  app.request({
    method: 'POST',
    path: `/calling/callConnections/${connectionId}:transferToParticipant`,
    body: { targetParticipant: { kind: 'phoneNumber', phoneNumber: { value: to } } },
  });

/** The call would go on; what was observed of it is enough. */
export async function endingCall(call: PlacedCall, observed: Observation): Promise<Observation> {
  await call.hangUp();
  return observed;
}

/** An application in a call with a phone. */
export async function connected({ app }: Pick<Stage, 'app'>): Promise<PlacedCall> {
  const call = await app.call(phone);
  await call.event('CallConnected');
  return call;
}
