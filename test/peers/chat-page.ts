/** Runs in a browser: a user's device by the official Chat SDK, which hands on what it hears. */
import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { chatEvents } from './chat-events.ts';

export interface DeviceLogin {
  readonly endpoint: string;
  readonly token: string;
}

declare global {
  /** The client that the page is logged in with. */
  var chat: ChatClient;
  var login: (as: DeviceLogin) => Promise<void>;
  /** Given by the test. */
  var hear: (event: string, value?: unknown) => Promise<void>;
  var newToken: () => Promise<string>;
}

globalThis.login = async ({ endpoint, token }) => {
  const tokenRefresher = () => newToken();
  globalThis.chat = new ChatClient(
    endpoint,
    new AzureCommunicationTokenCredential({ token, tokenRefresher }),
  );
  chat.on('realTimeNotificationConnected', () => void hear('connected'));
  chat.on('realTimeNotificationDisconnected', () => void hear('disconnected'));
  await chat.startRealtimeNotifications();
  for (const event of chatEvents) chat.on(event as 'chatMessageReceived', (value) => void hear(event, value));
};
