/** Real-time notifications, put together. */
import type { ChatEvents } from '../app/ports/chat-events.ts';
import type { Identities } from '../app/ports/identities.ts';
import { Sessions } from '../edge/realtime/sessions.ts';
import { createWebsockets } from '../edge/realtime/websockets.ts';
import type { Foundation } from './foundation.ts';

export interface Realtime {
  readonly sessions: Sessions;
  readonly upgrade: ReturnType<typeof createWebsockets>['upgrade'];
}

/** Characters that may wait for one device: a thousand messages of the largest size do not. */
const mostLength = 8 * 1_048_576;

export function openRealtime(
  { config, clock, quiet, log, trouble }: Foundation,
  parts: { readonly events: ChatEvents; readonly identities: Pick<Identities, 'onRevoked'> },
): Realtime {
  const sessions = new Sessions({
    ...parts,
    clock,
    quiet,
    bounds: {
      sessions: config.chat.devices,
      events: config.chat.unconfirmedNotifications,
      length: mostLength,
    },
    onClosed: ({ id, user }, why) => log.line('info', 'device-disconnected', { device: id, user, why }),
  });
  const { upgrade } = createWebsockets({
    redeem: (socketId) => sessions.redeem(socketId),
    trouble: trouble('realtime'),
  });
  return { sessions, upgrade };
}
