import type { Scenario } from '../scenario.ts';
import { startRecording } from './media-actions.ts';
import { connected, endingCall } from './transfer-request.ts';

export const scenario: Scenario = {
  row: 'automation/400/8557',
  story: 'An application wants a channel for each participant in an MP3 file.',
  observer: 'http',
  async play(stage) {
    const call = await connected(stage);
    const format = { recordingChannelType: 'unmixed', recordingFormatType: 'mp3' };
    return endingCall(call, (await startRecording(stage, call, format)).observed);
  },
};
