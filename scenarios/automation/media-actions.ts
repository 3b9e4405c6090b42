/** What applications do to the audio of a call. */
import type { HttpReply, PlacedCall, Stage } from '../scenario.ts';
import { phone } from './transfer-request.ts';

/** The provider that is inside the server. */
export const embeddedSpeech = 'https://ringback.cognitiveservices.azure.com/';

/** A call set up with this speech provider. */
export const withSpeech = (endpoint: string) => ({
  body: { callIntelligenceOptions: { cognitiveServicesEndpoint: endpoint } },
});

/** Settings that link a provider to the application's resource. */
export const linking = (manners: string): string => `
resources:
  - name: dev
    id: 2fd14f97-5cf0-45a2-a59b-45a43541727c
    keys: [DEVELOPMENT_KEY]
    admin: true
    cognitiveServices: [{ endpoint: SPEECH/${manners}, kind: azure, key: a key of a speech provider }]
`;

/** An application in a call with a phone, which is heard. */
export async function talkingTo(
  { app, reached }: Pick<Stage, 'app' | 'reached'>,
  to: string | readonly string[] = phone,
  options: Parameters<Stage['app']['call']>[1] = {},
): Promise<PlacedCall> {
  const call = await app.call(to, options);
  await call.event('CallConnected');
  await reached(call, /first (audio )?packet/i);
  return call;
}

export const phoneNumber = (number: string) => ({ kind: 'phoneNumber', phoneNumber: { value: number } });
export const fileSource = (uri: string) => ({ kind: 'file', file: { uri } });
export const textSource = (text: string) => ({ kind: 'text', text: { text, sourceLocale: 'en-US' } });

type Body = Readonly<Record<string, unknown>>;

export const tryPlay = (call: PlacedCall, source: Body, more: Body = {}): Promise<HttpReply> =>
  call.ask('play', { playSources: [source], ...more });

export async function play(call: PlacedCall, source: Body, more: Body = {}): Promise<void> {
  expectAccepted(await tryPlay(call, source, more));
}

/** Listens to this phone. */
export const tryRecognise = (
  call: PlacedCall,
  number: string,
  recognizeInputType: 'dtmf' | 'choices' | 'speech',
  options: Body,
  more: Body = {},
): Promise<HttpReply> =>
  call.ask('recognize', {
    recognizeInputType,
    recognizeOptions: { targetParticipant: phoneNumber(number), ...options },
    ...more,
  });

export async function recognise(...asked: Parameters<typeof tryRecognise>): Promise<void> {
  expectAccepted(await tryRecognise(...asked));
}

export const startRecording = (
  { app }: Pick<Stage, 'app'>,
  { connectionId }: PlacedCall,
  more: Body = {},
): Promise<HttpReply> =>
  app.request({
    method: 'POST',
    path: '/calling/recordings',
    body: {
      callConnectionId: connectionId,
      recordingContentType: 'audio',
      recordingChannelType: 'mixed',
      recordingFormatType: 'wav',
      ...more,
    },
  });

export const recordingIdIn = ({ body }: HttpReply): string =>
  (body as { readonly recordingId: string }).recordingId;

export function expectAccepted(reply: HttpReply): HttpReply {
  if (reply.status < 300) return reply;
  throw new Error(`${reply.observed.where} was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
}
