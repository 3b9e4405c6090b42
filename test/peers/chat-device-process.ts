/** A device of one user: the Chat SDK's browser build in a process of its own, which tells its parent what it hears. */
import { installBrowserGlobals } from './browser-globals.ts';
import { chatEvents } from './chat-events.ts';

interface Order {
  readonly endpoint: string;
  readonly token: string;
  readonly websockets: boolean;
}

const tell = (what: string, value?: unknown): void => void process.send?.({ what, value });

async function begin({ endpoint, token, websockets }: Order): Promise<void> {
  installBrowserGlobals('http://localhost/');
  if (!websockets) Reflect.deleteProperty(globalThis, 'WebSocket');
  const { ChatClient } = await import('@azure/communication-chat');
  const tokens = [token];
  // Tokens are on the server's clock, which may run ahead of the one that a credential of the SDK would look at.
  const credential = {
    getToken: async () => ({ token: tokens.at(-1) ?? '', expiresOnTimestamp: Date.now() + 3_600_000 }),
    dispose: () => {},
  };
  const client = new ChatClient(endpoint, credential);
  await client.startRealtimeNotifications();
  client.on('realTimeNotificationConnected', () => tell('connected'));
  client.on('realTimeNotificationDisconnected', () => tell('disconnected'));
  for (const event of chatEvents) client.on(event as 'chatMessageReceived', (value) => tell(event, value));
  process.on('message', ({ order, token: newer }: { order: string; token?: string }) => {
    if (newer !== undefined) tokens.push(newer);
    if (order === 'stop') void client.stopRealtimeNotifications().then(() => tell('stopped'));
  });
}

process.once('message', (order: Order) => {
  begin(order).catch((error: unknown) => {
    tell('failed', String(error));
    process.exitCode = 1;
    process.disconnect();
  });
});
