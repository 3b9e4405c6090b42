/** What happens in threads, for whoever carries it to the participants' devices. */
import type { Told } from '../../domain/chat/events.ts';
import type { Instant } from '../../domain/ids/instant.ts';

export type { ChatEvent, ChatEventName, Told } from '../../domain/chat/events.ts';

/** One event that reached a device, or that its device confirmed. */
export interface Notified {
  readonly threadId: string;
  /** Of the message that the event is about, where it is about one. */
  readonly messageId?: number;
  readonly event: string;
  /** Raw id. */
  readonly user: string;
  /** The session or connection it went to. */
  readonly device: string;
  readonly how: 'sent' | 'acknowledged';
  readonly at: Instant;
}

export interface ChatEvents {
  /**
   * Called once for each event, when it is stored and before its request is answered, in order within a thread.
   * `recipients` are entitled to it; nobody else is. Returns what takes the listener off.
   */
  subscribe(listener: (told: Told) => void): () => void;
  /** Kept for `explain MESSAGE-ID`; loss on a crash is accepted. */
  notified(notice: Notified): void;
}
