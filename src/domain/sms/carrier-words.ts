/** What a carrier's answers and receipts come to (`reference/sms.md` §5; SMPP 3.4, 5.1.3 and appendix B). */
import type { Receipt } from './inputs.ts';
import type { Route, Trouble } from './message.ts';

/** `lasting`: another try would be refused too. */
export interface Refusal extends Trouble {
  readonly lasting: boolean;
}

const hex = (status: number): string => `0x${status.toString(16).padStart(2, '0').toUpperCase()}`;

export function refusalOf(carrier: string, status: number): Refusal {
  const detail = `carrier ${carrier} answered submit_sm with command_status ${hex(status)}`;
  switch (status) {
    // ESME_RINVSRCADR, ESME_RINVSRCTON, ESME_RINVSRCNPI
    case 0x0a:
    case 0x48:
    case 0x49:
      return { situation: 'sender-malformed@submitting', detail, lasting: true };
    // ESME_RINVDSTADR, ESME_RINVDSTTON, ESME_RINVDSTNPI
    case 0x0b:
    case 0x50:
    case 0x51:
      return { situation: 'recipient-malformed@submitting', detail, lasting: true };
    // ESME_RTHROTTLED
    case 0x58:
      return { situation: 'throttled-throughout@submitting', detail, lasting: false };
    // ESME_RSYSERR, ESME_RMSGQFUL
    case 0x08:
    case 0x14:
      return { situation: 'carrier-unavailable@submitting', detail, lasting: false };
    default:
      return { situation: 'carrier-refused@submitting', detail, lasting: true };
  }
}

/** Bounded, as it is the carrier's, and without the beginning of the message that SMPP 3.4 appendix B puts at its end. */
export const withoutText = (raw: string): string =>
  raw
    .replace(/\btext:.*$/is, '')
    .trim()
    .slice(0, 300);

const quoted = (raw: string): string => JSON.stringify(withoutText(raw));

/** `delivered`, what is wrong, or nothing final yet. */
export function verdictOf(
  { state, error, raw }: Receipt,
  carrier: string,
  route: Route | undefined,
): 'delivered' | 'intermediate' | Trouble {
  const detail = `carrier ${carrier} reported ${state ?? 'something unreadable'}${error === undefined ? '' : `, err ${error}`}: ${quoted(raw)}`;
  if (state === undefined) return { situation: 'receipt-unreadable@reporting', detail };
  switch (state) {
    case 'DELIVRD':
      return 'delivered';
    case 'ENROUTE':
    case 'ACCEPTD':
      return 'intermediate';
    case 'REJECTD':
      return { situation: 'carrier-rejected@reporting', detail };
    case 'EXPIRED':
      return { situation: 'validity-expired@reporting', detail };
    case 'DELETED':
      return { situation: 'deleted-at-carrier@reporting', detail };
    case 'UNKNOWN':
      return { situation: 'state-unknown@reporting', detail };
    case 'UNDELIV':
      if (error !== undefined && error === route?.optOutError)
        return { situation: 'opted-out-at-carrier@reporting', detail };
      if (error === '001') return { situation: 'number-unassigned@reporting', detail };
      if (error === '027') return { situation: 'handset-unreachable@reporting', detail };
      return { situation: 'undeliverable@reporting', detail };
  }
}
