/** Fields of createCall that set up a websocket for audio or its transcript; started later, or never. */

const websocket = { transportType: 'websocket' };

export const streaming = (transportUrl: string) => ({
  body: {
    mediaStreamingOptions: {
      ...websocket,
      transportUrl,
      audioChannelType: 'mixed',
      contentType: 'audio',
      startMediaStreaming: false,
    },
  },
});

export const transcribing = (transportUrl: string, speechEndpoint: string) => ({
  body: {
    callIntelligenceOptions: { cognitiveServicesEndpoint: speechEndpoint },
    transcriptionOptions: { ...websocket, transportUrl, locale: 'en-US', startTranscription: false },
  },
});
