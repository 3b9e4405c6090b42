/** One log line per fact of a text, and the count of their ends. What a text says is never in it. */
import type { SmsServiceDependencies } from '../app/desks/sms-service.ts';
import { withoutText } from '../domain/sms/carrier-words.ts';
import type { Fact } from '../domain/sms/facts.ts';
import { type LogLines, levelOf } from '../edge/records/log-lines.ts';
import type { Metrics } from '../edge/records/metrics.ts';

type Told = Pick<SmsServiceDependencies, 'onFact' | 'onInbound' | 'onStray' | 'onStrayReceipt'>;

/** Of a text that says so much that it is cut. */
const longest = 200;

export function smsLog(log: LogLines, metrics: Metrics): Told {
  return {
    onFact: (messageId, fact) => {
      if (fact.fact === 'message-ended') metrics.outcome(fact.outcome);
      if (!log.wants(fact.fact)) return;
      const level = fact.fact === 'message-ended' ? levelOf(fact.outcome) : 'info';
      log.line(level, fact.fact, { messageId, ...worthTelling(fact) });
    },
    onInbound: (messageId, fact) => {
      const { fact: event, ...rest } = fact;
      log.line('info', event, { messageId, ...('text' in rest ? rest.text : rest) });
    },
    onStray: ({ carrier, from, to }, why) => log.line('warn', 'text-for-nobody', { carrier, from, to, why }),
    onStrayReceipt: ({ carrier, carrierMessageId, receipt }) =>
      log.line('warn', 'receipt-for-nobody', {
        carrier,
        carrierMessageId: carrierMessageId.slice(0, longest),
        state: receipt.state,
        error: receipt.error,
        raw: withoutText(receipt.raw),
      }),
  };
}

function worthTelling(fact: Fact): Readonly<Record<string, unknown>> {
  switch (fact.fact) {
    case 'message-accepted': {
      const { from, to, parts, alphabet, routes, resourceId } = fact.message;
      const carriers = routes.map(({ carrier }) => carrier);
      return { resourceId, from: from.address, to, parts, alphabet, carriers };
    }
    case 'message-ended': {
      const { row, code, situation, detail } = fact.outcome;
      return { row, code, situation, detail };
    }
    case 'carrier-changed':
      return { carriers: fact.routes.map(({ carrier }) => carrier) };
    default: {
      const { fact: _name, ...rest } = fact;
      return rest;
    }
  }
}
