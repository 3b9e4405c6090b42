/** Ids of texts as ACS writes them: the time to the second, then a GUID; of what is sent, the region too. */
import type { Instant } from '../../domain/ids/instant.ts';

const stamp = (at: Instant): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 14);

export const outgoingId = (at: Instant, guid: string): string => `Outgoing_${stamp(at)}${guid}_noam`;
export const inboundId = (at: Instant, guid: string): string => `Incoming_${stamp(at)}${guid}`;

/** Whether it may be one: what else is asked for is not looked up. */
export const isTextId = (id: string): boolean => /^(?:Outgoing|Incoming)_\d{14}[\w-]{36}(?:_\w+)?$/.test(id);
