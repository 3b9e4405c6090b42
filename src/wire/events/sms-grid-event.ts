/** The data of SMS events in Event Grid (`reference/sms.md` §4), in camelCase as the official models read it. */
import type { Outcome } from '../../domain/call/outcome.ts';
import type { DeliveryAttempt, SmsGridEvent } from '../../domain/sms/grid-events.ts';
import type { Situation } from '../../domain/sms/rulings.ts';

type Data = Readonly<Record<string, unknown>>;

const iso = (at: number): string => new Date(at).toISOString();

/** What the documentation prints where nothing is wrong. */
const noError = 'No Error';
const success: Situation = 'delivered@reporting';

/** Code and words: the code is read from this text. */
export const deliveryStatusDetails = ({ code, name, situation }: Outcome): string =>
  `${code}: ${situation === success ? noError : name}`;

/** Events know two ends, and nothing between. */
export const deliveryStatus = ({ situation }: Outcome): 'Delivered' | 'Failed' =>
  situation === success ? 'Delivered' : 'Failed';

export const deliveryAttempt = ({ at, segmentsSucceeded, segmentsFailed }: DeliveryAttempt): Data => ({
  timestamp: iso(at),
  segmentsSucceeded,
  segmentsFailed,
});

export function smsGridData(event: SmsGridEvent): Data {
  const { messageId, from, to, receivedAt } = event;
  const receivedTimestamp = iso(receivedAt);
  if (event.type === 'SMSReceived') {
    const { text: message, segmentCount } = event;
    return { messageId, from, to, message, receivedTimestamp, segmentCount };
  }
  const { outcome, attempt, tag } = event;
  return {
    messageId,
    from,
    to,
    deliveryStatus: deliveryStatus(outcome),
    deliveryStatusDetails: deliveryStatusDetails(outcome),
    receivedTimestamp,
    deliveryAttempts: [deliveryAttempt(attempt)],
    ...(tag === undefined ? {} : { tag }),
  };
}
