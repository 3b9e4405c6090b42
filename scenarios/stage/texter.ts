/** A service that sends texts and takes their delivery reports. */
import type { HttpReply, HttpRequest, Observation, Texter } from '../scenario.ts';
import type { Inbox } from './inbox.ts';

const apiVersion = '2026-01-23';
const reported = 'SMSDeliveryReportReceived';

interface SendResult {
  readonly value: readonly { readonly messageId?: string; readonly errorMessage?: string }[];
}

export function texter(inbox: Inbox, send: (request: HttpRequest) => Promise<HttpReply>): Texter {
  return {
    async send({ to, from = '+18005550100', reportTimeout }) {
      const timeout = reportTimeout === undefined ? {} : { deliveryReportTimeoutInSeconds: reportTimeout };
      const body = {
        from,
        smsRecipients: [{ to }],
        message: 'a text of a scenario',
        smsSendOptions: { enableDeliveryReport: true, ...timeout },
      };
      const reply = await send({ method: 'POST', path: '/sms', body, apiVersion });
      const [item] = (reply.body as Partial<SendResult> | undefined)?.value ?? [];
      const messageId = item?.messageId;
      if (messageId === undefined)
        throw new Error(`the text was not accepted: ${reply.status} ${JSON.stringify(reply.body)}`);
      return {
        messageId,
        async report(): Promise<Observation> {
          const event = await inbox.next(
            `the delivery report of ${messageId}`,
            ({ type, data }) => type === reported && data.messageId === messageId,
          );
          const details = String(event.data.deliveryStatusDetails);
          return { where: `event ${reported}`, code: Number.parseInt(details, 10), message: details };
        },
      };
    },
  };
}
