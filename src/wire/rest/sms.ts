/** The SMS API: its versions, bodies, answers and errors (reference: sms). */
import type { Outcome } from '../../domain/call/outcome.ts';
import type { DeliveryAttempt } from '../../domain/sms/grid-events.ts';
import type { Situation } from '../../domain/sms/rulings.ts';
import { deliveryAttempt, deliveryStatus, deliveryStatusDetails } from '../events/sms-grid-event.ts';
import { type Decoded, present, type Take } from './decoded.ts';
import { Fields, flag, listOf, type Model, opaque, text, wholeNumber } from './fields.ts';

/** Stable ones first, newest first. */
export const smsVersions = [
  '2026-01-23',
  '2025-09-17',
  '2024-02-05',
  '2021-03-07',
  '2025-08-01-preview',
  '2025-05-29-preview',
  '2024-12-10-preview',
] as const;

/** Opt-outs, the report time-out and partners came with 2025-09-17 and its previews, reports by id with 2026-01-23. */
export const optOutVersions: readonly string[] = smsVersions.filter((version) => version >= '2024-12-10');
export const reportVersions: readonly string[] = ['2026-01-23', '2025-08-01-preview'];

export interface SendBody {
  readonly from: string;
  readonly recipients: readonly {
    readonly to: string;
    readonly repeatabilityRequestId?: string;
    readonly repeatabilityFirstSent?: string;
  }[];
  readonly text: string;
  readonly report: boolean;
  readonly reportTimeoutSeconds?: number;
  readonly tag?: string;
}

export interface SmsLimits {
  readonly recipients: number;
  readonly messageLength: number;
  readonly reportTimeout: { readonly least: number; readonly most: number };
}

const recipientModel: Model = {
  to: 'served',
  repeatabilityRequestId: 'served',
  repeatabilityFirstSent: 'served',
};
const longestTag = 2048;

/** What stands in a list, with its fields. Wrong values in it are its own affair, wrong types that of the request. */
const recipient: Take<SendBody['recipients'][number]> = (value, field) => {
  const fields = new Fields(value, recipientModel, `${field}.`);
  const to = fields.required('to', opaque(256));
  const id = fields.optional('repeatabilityRequestId', opaque(1024));
  const sent = fields.optional('repeatabilityFirstSent', opaque(1024));
  return fields.result(() => ({
    to: to!,
    ...present({ repeatabilityRequestId: id, repeatabilityFirstSent: sent }),
  }));
};

type SendOptions = Pick<SendBody, 'report' | 'reportTimeoutSeconds' | 'tag'>;

const optionsOf =
  (version: string, { reportTimeout: { least, most } }: SmsLimits): Take<SendOptions> =>
  (value, field) => {
    const newer = optOutVersions.includes(version);
    const model: Model = {
      enableDeliveryReport: 'served',
      tag: 'served',
      ...(newer ? { deliveryReportTimeoutInSeconds: 'served', messagingConnect: 'refused' } : {}),
    };
    const fields = new Fields(value, model, `${field}.`);
    const report = fields.required('enableDeliveryReport', flag);
    const tag = fields.optional('tag', opaque(longestTag));
    const timeout = newer
      ? fields.optional('deliveryReportTimeoutInSeconds', wholeNumber(least, most))
      : undefined;
    return fields.result(() => ({ report: report!, ...present({ tag, reportTimeoutSeconds: timeout }) }));
  };

const sendModel: Model = {
  from: 'served',
  smsRecipients: 'served',
  message: 'served',
  smsSendOptions: 'served',
};

export function decodeSend(body: unknown, version: string, limits: SmsLimits): Decoded<SendBody> {
  const fields = new Fields(body, sendModel);
  const from = fields.required('from', text({ max: 64 }));
  const recipients = fields.required('smsRecipients', listOf(recipient, { min: 1, max: limits.recipients }));
  const message = fields.required('message', opaque(limits.messageLength));
  const options = fields.optional('smsSendOptions', optionsOf(version, limits));
  return fields.result(() => ({
    from: from!,
    recipients: recipients!,
    text: message!,
    report: false,
    ...options,
  }));
}

export interface OptOutBody {
  readonly from: string;
  readonly recipients: readonly string[];
}

const optOutRecipient: Take<string> = (value, field) => {
  const fields = new Fields(value, { to: 'served' }, `${field}.`);
  const to = fields.required('to', opaque(256));
  return fields.result(() => to!);
};

export function decodeOptOuts(body: unknown, limits: SmsLimits): Decoded<OptOutBody> {
  const fields = new Fields(body, { from: 'served', recipients: 'served' });
  const from = fields.required('from', text({ max: 64 }));
  const recipients = fields.required(
    'recipients',
    listOf(optOutRecipient, { min: 1, max: limits.recipients }),
  );
  return fields.result(() => ({ from: from!, recipients: recipients! }));
}

/** One recipient's result. */
export type SentItem =
  | { readonly to: string; readonly messageId: string; readonly repeatable: boolean }
  | {
      readonly to: string;
      readonly status: 400 | 503;
      readonly why: string;
      readonly repeatability?: true;
    };

export function encodeSent(item: SentItem): object {
  const { to } = item;
  if ('messageId' in item) {
    const { messageId, repeatable } = item;
    const result = repeatable ? { repeatabilityResult: 'accepted' } : {};
    return { to, messageId, httpStatusCode: 202, ...result, successful: true };
  }
  const result = item.repeatability ? { repeatabilityResult: 'rejected' } : {};
  return { to, httpStatusCode: item.status, ...result, errorMessage: item.why, successful: false };
}

/** `isOptedOut`: absent where the recipient is wrong; told by `check` alone. */
export function encodeOptOut(
  { to, isOptedOut }: { readonly to: string; readonly isOptedOut?: boolean },
  tells: boolean,
): object {
  if (isOptedOut === undefined)
    return { to, httpStatusCode: 400, errorMessage: 'Invalid recipient phone number format' };
  return { to, httpStatusCode: 200, ...(tells ? { isOptedOut } : {}) };
}

export interface DeliveryReport {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly tag?: string;
  /** Absent: it has not ended. */
  readonly end?: { readonly outcome: Outcome; readonly attempt: DeliveryAttempt };
}

/** Neither delivered nor failed, for all that the carrier says. */
const unknown: readonly string[] = [
  'state-unknown@reporting',
  'receipt-unreadable@reporting',
] satisfies readonly Situation[];

export function encodeReport({ messageId, from, to, tag, end }: DeliveryReport): object {
  const who = { messageId, from, to, ...present({ tag }) };
  if (!end) return { deliveryStatus: 'Pending', deliveryAttempts: [], ...who };
  const { outcome, attempt } = end;
  return {
    deliveryStatus: unknown.includes(outcome.situation) ? 'Unknown' : deliveryStatus(outcome),
    deliveryStatusDetails: deliveryStatusDetails(outcome),
    deliveryAttempts: [deliveryAttempt(attempt)],
    receivedTimestamp: new Date(outcome.at).toISOString(),
    ...who,
  };
}

export const encodeNoReport = (traceId: string): object => ({
  type: 'https://tools.ietf.org/html/rfc9110#section-15.5.5',
  title: 'Not Found',
  status: 404,
  traceId,
});

const byStatus: Readonly<Record<number, string>> = {
  400: 'InvalidInput',
  401: 'Denied',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  408: 'RequestTimeout',
  413: 'PayloadTooLarge',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** As recorded: no word about the number; what is ours to say stands in `innererror`. */
const senderNotOwned: Outcome['situation'] = 'sender-not-owned@request';

export function encodeSmsError({ situation, code, subCode, name, detail = name }: Outcome): object {
  const foreign = situation === senderNotOwned;
  const inner = foreign || subCode !== undefined;
  return {
    error: {
      code: foreign ? 'Unauthorized' : (byStatus[code] ?? String(code)),
      message: foreign ? '' : detail,
      ...(inner ? { innererror: { code: String(subCode ?? code), message: detail } } : {}),
    },
  };
}
