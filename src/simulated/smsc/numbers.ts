/** What the simulated SMSC does with a message to each of its numbers: data, listed by the docs. */
import { commandStatus } from '../../wire/smpp/command-status.ts';
import type { ReceiptState } from '../../wire/smpp/receipt.ts';

export interface PlannedReceipt {
  readonly state: ReceiptState;
  /** `err` of the text, three digits. */
  readonly error: string;
  /** On the clock, from the answer; at once when absent. */
  readonly afterMs?: number;
  /** In TLVs alone, with no text that could be read. */
  readonly bare?: true;
}

export type SmscBehaviour =
  | {
      readonly does: 'accepts';
      readonly receipts: readonly PlannedReceipt[];
      /** On the clock. */
      readonly answersAfterMs?: number;
      /** The receipts overtake the answer that names the message. */
      readonly receiptsFirst?: true;
    }
  /** So many times, then it delivers; absent: always. */
  | { readonly does: 'refuses'; readonly status: number; readonly times?: number }
  /** Closes the connection instead of an answer, the first time; then it delivers. */
  | { readonly does: 'drops-the-bind' }
  /** No answer at all. */
  | { readonly does: 'plays-dead' };

export interface SmscBlock {
  /** N is any digit. */
  readonly numbers: string;
  readonly behaviour: SmscBehaviour;
  readonly meaning: string;
}

/** What this carrier means by the `err` of its receipts; a route to it is configured with the one for opt-outs. */
export const simulatedErrors = {
  none: '000',
  unassigned: '001',
  unreachable: '027',
  optedOut: '070',
  other: '099',
} as const;

const receipt = (state: ReceiptState, error: string = simulatedErrors.none): PlannedReceipt => ({
  state,
  error,
});

const accepting = (...receipts: readonly PlannedReceipt[]): SmscBehaviour => ({ does: 'accepts', receipts });

const delivered = receipt('DELIVRD');

const delivers = accepting(delivered);

export const smscBlocks: readonly SmscBlock[] = [
  { numbers: '+1500562000N', behaviour: delivers, meaning: 'delivers: receipt DELIVRD' },
  {
    numbers: '+1500564001N',
    behaviour: { does: 'refuses', status: commandStatus.ESME_RINVSRCADR },
    meaning: 'refuses the sender: ESME_RINVSRCADR (0x0A)',
  },
  {
    numbers: '+1500564002N',
    behaviour: { does: 'refuses', status: commandStatus.ESME_RINVDSTADR },
    meaning: 'refuses the recipient: ESME_RINVDSTADR (0x0B)',
  },
  {
    numbers: '+1500564004N',
    behaviour: accepting(receipt('UNDELIV', simulatedErrors.unassigned)),
    meaning: 'receipt UNDELIV err:001, number not assigned',
  },
  { numbers: '+1500564005N', behaviour: accepting(receipt('REJECTD')), meaning: 'receipt REJECTD' },
  {
    numbers: '+1500564006N',
    behaviour: accepting(receipt('UNDELIV', simulatedErrors.unreachable)),
    meaning: 'receipt UNDELIV err:027, handset not reached',
  },
  {
    numbers: '+1500564007N',
    behaviour: accepting(receipt('UNDELIV', simulatedErrors.optedOut)),
    meaning: 'receipt UNDELIV err:070, which is its error for opt-outs',
  },
  {
    numbers: '+1500564020N',
    behaviour: { does: 'refuses', status: commandStatus.ESME_RTHROTTLED },
    meaning: 'is throttled every time: ESME_RTHROTTLED (0x58)',
  },
  {
    numbers: '+1500565000N',
    behaviour: accepting(receipt('UNDELIV', simulatedErrors.other)),
    meaning: 'receipt UNDELIV err:099',
  },
  {
    numbers: '+1500565001N',
    behaviour: { does: 'refuses', status: commandStatus.ESME_RSYSERR },
    meaning: 'refuses every time: ESME_RSYSERR (0x08)',
  },
  { numbers: '+1500565002N', behaviour: accepting(), meaning: 'accepts, and never sends a receipt' },
  { numbers: '+1500569999N', behaviour: accepting(receipt('UNKNOWN')), meaning: 'receipt UNKNOWN' },
  {
    numbers: '+1500568001N',
    behaviour: accepting({ ...delivered, afterMs: 30_000 }),
    meaning: 'delivers: receipt DELIVRD after 30 s',
  },
  {
    numbers: '+1500568002N',
    behaviour: accepting({ ...receipt('EXPIRED'), afterMs: 60_000 }),
    meaning: 'receipt EXPIRED after 60 s',
  },
  {
    numbers: '+1500568003N',
    behaviour: accepting(delivered, delivered),
    meaning: 'delivers, and sends its receipt twice',
  },
  {
    numbers: '+1500568004N',
    behaviour: accepting(delivered, receipt('ENROUTE')),
    meaning: 'delivers, and sends an older receipt, ENROUTE, behind that of the end',
  },
  {
    numbers: '+1500568005N',
    behaviour: accepting(receipt('ENROUTE'), { ...delivered, afterMs: 5000 }),
    meaning: 'receipt ENROUTE at once, DELIVRD after 5 s',
  },
  {
    numbers: '+1500568006N',
    behaviour: { does: 'accepts', receipts: [delivered], receiptsFirst: true },
    meaning: 'delivers so fast that the receipt overtakes the answer',
  },
  {
    numbers: '+1500568007N',
    behaviour: accepting({ ...delivered, bare: true }),
    meaning: 'delivers, and says so in TLVs alone',
  },
  {
    numbers: '+1500568010N',
    behaviour: { does: 'refuses', status: commandStatus.ESME_RTHROTTLED, times: 2 },
    meaning: 'is throttled twice (0x58), then delivers',
  },
  {
    numbers: '+1500568011N',
    behaviour: { does: 'refuses', status: commandStatus.ESME_RMSGQFUL, times: 2 },
    meaning: 'has its queue full twice (0x14), then delivers',
  },
  {
    numbers: '+1500568012N',
    behaviour: { does: 'refuses', status: commandStatus.ESME_RSYSERR, times: 1 },
    meaning: 'is out of order once (0x08), then delivers',
  },
  {
    numbers: '+1500568013N',
    behaviour: { does: 'drops-the-bind' },
    meaning: 'closes the connection instead of an answer, once, then delivers',
  },
  { numbers: '+1500568014N', behaviour: { does: 'plays-dead' }, meaning: 'never answers' },
  {
    numbers: '+1500568015N',
    behaviour: { does: 'accepts', receipts: [delivered], answersAfterMs: 5000 },
    meaning: 'answers after 5 s, then delivers',
  },
];

const byNumbers = new Map(smscBlocks.map(({ numbers, behaviour }) => [numbers, behaviour]));

/** Every other number is somebody's handset, and reached. */
export const smscBehaviourOf = (number: string): SmscBehaviour =>
  byNumbers.get(number.replace(/\d$/, 'N')) ?? delivers;

/** What a number that has done its worst does next. */
export const afterwards: SmscBehaviour = delivers;
