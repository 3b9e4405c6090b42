/** SMS: the number in `deliveryStatusDetails` of a delivery report. */

import type { Row } from './row.ts';

export const sms = {
  'sms/2000': {
    surface: 'sms',
    code: 2000,
    name: 'Delivered',
    meaning: 'The carrier reported that the message reached the handset.',
    advice: 'Nothing to do. It is the one code that goes with status Delivered.',
    printed: ['sms:2000/-'],
    standing: 'ruled',
  },
  'sms/4000': {
    surface: 'sms',
    code: 4000,
    name: 'Stopped by the fraud rule',
    meaning:
      'The sender sent more than the `sms.fraud` rule takes for normal, so the message was held back as suspect.',
    advice:
      'Slow down, or widen the rule (`sms.fraud`, or `sms.volume` of the number in `numbers`) if the volume is meant.',
    printed: ['sms:4000/-'],
    standing: 'ruled',
  },
  'sms/4001': {
    surface: 'sms',
    code: 4001,
    name: 'Sender has a wrong format',
    meaning: 'The carrier did not accept the sender as a number, short code or name.',
    advice:
      'Send from an E.164 number or a short code in digits. Obvious mistakes fail in the request; this one was found by the carrier.',
    printed: ['sms:4001/-'],
    standing: 'ruled',
  },
  'sms/4002': {
    surface: 'sms',
    code: 4002,
    name: 'Recipient has a wrong format',
    meaning: 'The carrier could not read the recipient as a phone number.',
    advice: 'Write it in E.164: plus sign, country code, no spaces and no leading zero after it.',
    printed: ['sms:4002/-'],
    standing: 'ruled',
  },
  'sms/4003': {
    surface: 'sms',
    code: 4003,
    name: 'Destination not supported by this sender',
    meaning:
      'No route takes messages from this kind of sender to that country, a toll-free number to a foreign one for instance.',
    advice: 'Compare sender and country with `sms.routes`, and choose a sender that may go there.',
    printed: ['sms:4003/-'],
    standing: 'ruled',
  },
  'sms/4004': {
    surface: 'sms',
    code: 4004,
    name: 'Recipient does not exist',
    meaning: 'The carrier says that nobody has this number.',
    advice: 'Drop it from your list after checking its digits; trying again costs money and reputation.',
    printed: ['sms:4004/-'],
    standing: 'ruled',
  },
  'sms/4005': {
    surface: 'sms',
    code: 4005,
    name: "Blocked by the recipient's carrier",
    meaning: 'The carrier refused the message for its content or its sender.',
    advice:
      'Look at links and wording, register the sender where the country asks for it, and ask the carrier with the message id.',
    printed: ['sms:4005/-'],
    standing: 'ruled',
  },
  'sms/4006': {
    surface: 'sms',
    code: 4006,
    name: 'Handset cannot be reached',
    meaning: 'The number exists, but the handset was off or out of coverage until the carrier gave up.',
    advice:
      'Send again later. Raising `deliveryReportTimeoutInSeconds` only changes how long you wait for the report.',
    printed: ['sms:4006/-'],
    standing: 'ruled',
  },
  'sms/4007': {
    surface: 'sms',
    code: 4007,
    name: 'Recipient has opted out',
    meaning:
      'The recipient texted STOP to this sender, or the carrier holds such an opt-out, so nothing was delivered.',
    advice:
      'Mark the pair of numbers in your application and send no more. START from the handset lifts it; `/sms/optouts:check` tells the state.',
    printed: ['sms:4007/-'],
    standing: 'ruled',
  },
  'sms/4008': {
    surface: 'sms',
    code: 4008,
    name: 'Message quota used up',
    meaning: 'The profile the sender belongs to has sent all the messages it may.',
    advice:
      'Queue what is left until the quota starts anew, or raise `sms.perDay` of the number in `numbers`.',
    printed: ['sms:4008/-'],
    standing: 'ruled',
  },
  'sms/4009': {
    surface: 'sms',
    code: 4009,
    name: 'Sender is not entitled',
    meaning: 'The number may not send texts: it is marked `sms.entitled: false`.',
    advice:
      "Find out why it was barred before you lift the mark in `numbers`. On Azure this is the fraud department's decision, to be asked of support.",
    printed: ['sms:4009/-'],
    standing: 'ruled',
  },
  'sms/4010': {
    surface: 'sms',
    code: 4010,
    name: 'Toll-free number not verified',
    meaning: 'A toll-free sender that has not been verified sent more than such a number may.',
    advice:
      'Submit the verification; here, set `sms.verified: true` on the number in `numbers` to test the time after it.',
    printed: ['sms:4010/-'],
    standing: 'ruled',
  },
  'sms/4020': {
    surface: 'sms',
    code: 4020,
    name: "Carrier's volume limit reached",
    meaning: 'The carrier counts messages of this sender or campaign and takes no more of them at present.',
    advice: 'Spread the campaign over time or senders, and ask the carrier for the figures.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'ruled',
  },
  'sms/5000': {
    surface: 'sms',
    code: 5000,
    name: 'Delivery failed',
    meaning: 'The carrier could not deliver and gave a reason that has no code of its own.',
    advice:
      "Look up the carrier's error in the message's record, `ringback explain MESSAGE-ID`, and ask the carrier what it stands for.",
    printed: ['sms:5000/-'],
    standing: 'ruled',
  },
  'sms/5001': {
    surface: 'sms',
    code: 5001,
    name: 'Temporarily unavailable',
    meaning:
      "The carrier's system could not take the message, or the connection to it was lost and every retry was spent.",
    advice:
      'Send it again later; in the meantime `ringback carriers` shows whether the connection to the carrier is back.',
    printed: ['sms:5001/-'],
    standing: 'ruled',
  },
  'sms/5002': {
    surface: 'sms',
    code: 5002,
    name: 'No delivery report',
    meaning:
      'Whether it arrived is not known: this carrier sends no reports (`receipts: none` on the route), or none came before the time-out.',
    advice:
      'Do not send it again on this ground alone, as it may well have arrived. Choose a route with receipts where proof matters.',
    printed: ['sms:5002/-'],
    reading:
      'The table speaks only of carriers without reports; Ringback also uses it when the report time-out passes, for which no other code fits.',
    standing: 'ruled',
  },
  'sms/9999': {
    surface: 'sms',
    code: 9999,
    name: 'Unknown failure',
    meaning: "The carrier's receipt said unknown or could not be read.",
    advice:
      'Try once more, and keep the raw receipt from the server log for the carrier if it happens again.',
    printed: ['sms:9999/-'],
    standing: 'ruled',
  },
} as const satisfies Record<string, Row>;
