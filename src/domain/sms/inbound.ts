/** A handset's text to one of our numbers. */
import type { Instant } from '../ids/instant.ts';
import { type Keyword, keywordOf } from './keywords.ts';

export interface InboundText {
  readonly id: string;
  readonly resourceId: string;
  readonly carrier: string;
  readonly from: string;
  readonly to: string;
  readonly at: Instant;
  /** Parts that came, of how many. */
  readonly parts: number;
  readonly of: number;
}

/** What it says is not journalled. */
export type InboundFact =
  | { readonly fact: 'text-received'; readonly text: InboundText }
  | { readonly fact: 'opted-out' | 'opted-in'; readonly by: string; readonly sender: string }
  | { readonly fact: 'keyword-answered'; readonly keyword: Keyword; readonly messageId: string };

export interface Reception {
  readonly facts: readonly InboundFact[];
  /** What becomes of the opt-out of this handset towards this number. */
  readonly optOut?: 'set' | 'lifted';
}

/** `reply`: what is sent back, if this keyword is answered. */
export function receive(text: InboundText, says: string, reply?: { readonly messageId: string }): Reception {
  const keyword = keywordOf(says);
  const { from: by, to: sender } = text;
  const optOut = keyword === 'stop' ? 'set' : keyword === 'start' ? 'lifted' : undefined;
  const facts: InboundFact[] = [{ fact: 'text-received', text }];
  if (optOut) facts.push({ fact: optOut === 'set' ? 'opted-out' : 'opted-in', by, sender });
  if (keyword && reply) facts.push({ fact: 'keyword-answered', keyword, messageId: reply.messageId });
  return { facts, ...(optOut ? { optOut } : {}) };
}
