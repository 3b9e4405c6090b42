/**
 * Rules that stand for rows nobody lists: a subcode made of three digits for the direction and three for the
 * SIP final response of the phone side. A pair that is documented keeps its listed row.
 */

import { rowById } from './catalogue.ts';
import type { Row } from './row.ts';

/** `560`: the call went out to the phone network. `540`: it came in from there. */
export type FamilyPrefix = '560' | '540';

export interface Family {
  readonly id: `call/${FamilyPrefix}xxx`;
  readonly prefix: FamilyPrefix;
  readonly name: string;
  readonly meaning: string;
  readonly advice: string;
  readonly standing: Row['standing'];
  readonly why?: string;
}

export const families: Readonly<Record<FamilyPrefix, Family>> = {
  '560': {
    id: 'call/560xxx',
    prefix: '560',
    name: 'Outbound phone call, ended by the SIP answer xxx',
    meaning:
      'You called a phone number, and the carrier or session border controller gave the final SIP answer xxx. The code is the same three digits; 000 stands for an ordinary hang-up with code 0.',
    advice:
      'Look the three digits up as a SIP response. Dial `+1500555` followed by them and one more digit to get that answer from the simulated carrier.',
    standing: 'ruled',
  },
  '540': {
    id: 'call/540xxx',
    prefix: '540',
    name: 'Inbound phone call, ended by the SIP answer xxx',
    meaning:
      'A phone called one of your `numbers`, and its side of the call ended as the SIP answer xxx says. The code is the same three digits; 000 stands for an ordinary hang-up with code 0.',
    advice:
      'Look the three digits up as a SIP response, and see in `ringback call ID` which message carried it.',
    standing: 'not yet',
    why: 'call logs of refused inbound calls',
  },
};

/** A row by rule or by list, under its id. */
export interface FamilyMember {
  readonly id: string;
  readonly row: Row;
  /** Whether the pair is documented. */
  readonly listed: boolean;
}

/** What the SIP final response of a phone leg is called: the listed row, or one made by the family's rule. */
export function familyRow(prefix: FamilyPrefix, sipStatus: number): FamilyMember {
  const code = sipStatus;
  const subCode = Number(prefix) * 1000 + sipStatus;
  const id = `call/${code}/${subCode}`;
  const listed = rowById(id);
  if (listed) {
    const { id: listedId, ...row } = listed;
    return { id: listedId, row, listed: true };
  }
  const family = families[prefix];
  const known = sipAnswers[sipStatus];
  const says = known ? `SIP ${sipStatus}, ${known.says}` : `SIP ${sipStatus}`;
  const row: Row = {
    surface: 'call',
    code,
    subCode,
    name: known ? `Phone side answered ${sipStatus}: ${known.says}` : `Phone side answered ${sipStatus}`,
    meaning:
      prefix === '560'
        ? `The carrier or session border controller ended the outbound call with ${says}.`
        : `The phone side ended the inbound call with ${says}.`,
    advice: `${known?.advice ?? classAdvice(sipStatus)} The exchange stands in \`ringback call ID\`.${tryIt(prefix, sipStatus)}`,
    printed: [],
    source: `The rule of the subcodes ${prefix}xxx: direction, then SIP response`,
    standing: family.standing,
    ...(family.why === undefined ? {} : { why: family.why }),
  };
  return { id, row, listed: false };
}

/** The family and SIP response a subcode is made of, where it can be one. */
export function familyOf(
  subCode: number,
): { readonly prefix: FamilyPrefix; readonly sipStatus: number } | undefined {
  const sipStatus = subCode % 1000;
  const prefix = String(Math.floor(subCode / 1000));
  if (prefix !== '560' && prefix !== '540') return undefined;
  if (sipStatus !== 0 && (sipStatus < 300 || sipStatus > 699)) return undefined;
  return { prefix, sipStatus };
}

/** Numbers of the simulated carrier answer with the digits in them; those with 410 answer the call and send no audio. */
function tryIt(prefix: FamilyPrefix, sipStatus: number): string {
  return prefix === '560' && sipStatus !== 410
    ? ` To see it, call \`+1500555${sipStatus}0\`, a number of the simulated carrier.`
    : '';
}

function classAdvice(sipStatus: number): string {
  if (sipStatus < 400)
    return 'The phone side points to another address; dial that one, or let the carrier follow it.';
  if (sipStatus < 500)
    return 'The phone side objects to this request; correct number, caller id or trunk settings.';
  if (sipStatus < 600) return 'The phone side has a fault of its own; retry once, then ask the carrier.';
  return 'No device of the callee will take the call; repeating it does not help.';
}

/** SIP responses that carriers give and no documented row covers. RFC 3261 section 21 and its extensions. */
const sipAnswers: Readonly<Record<number, { readonly says: string; readonly advice: string }>> = {
  302: {
    says: 'moved',
    advice: 'Dial the address in its Contact header; the trunk does not follow redirects.',
  },
  400: {
    says: 'malformed request',
    advice: 'Read the reason phrase: it names the header the carrier dislikes.',
  },
  401: {
    says: 'credentials wanted',
    advice: 'Set or correct user name and password of the trunk under `trunks`.',
  },
  402: { says: 'payment required', advice: 'Check the balance of the carrier account.' },
  405: {
    says: 'method not allowed',
    advice: 'The address is no SIP trunk for calls; compare it under `trunks`.',
  },
  406: { says: 'not acceptable', advice: 'Compare the Accept headers of both sides.' },
  407: {
    says: 'credentials wanted',
    advice: 'Set or correct user name and password of the trunk under `trunks`.',
  },
  410: { says: 'number no longer in use', advice: 'Remove the number from your list.' },
  413: { says: 'request too large', advice: 'Send fewer or shorter custom headers with the call.' },
  414: {
    says: 'address too long',
    advice: 'Shorten the dialled number; a rule in `routes` may have doubled it.',
  },
  415: {
    says: 'media type not supported',
    advice: 'The carrier wants a plain SDP offer; check the media setting of the trunk.',
  },
  420: {
    says: 'extension not supported',
    advice: 'The answer lists the extension it does not know in Unsupported.',
  },
  421: { says: 'extension required', advice: 'The answer lists the extension it insists on in Require.' },
  422: { says: 'session interval too small', advice: 'Use a session timer at least as long as its Min-SE.' },
  423: { says: 'interval too brief', advice: 'Use an interval at least as long as its Min-Expires.' },
  433: { says: 'anonymous callers refused', advice: 'Show a caller id: give an owned source number.' },
  436: {
    says: 'identity not verifiable',
    advice: 'The carrier could not fetch the certificate that signs the caller id.',
  },
  437: {
    says: 'identity certificate not supported',
    advice: 'Ask the carrier which authority may sign caller ids.',
  },
  438: {
    says: 'identity invalid',
    advice: 'The signed caller id differs from the one shown; use the same number in both.',
  },
  481: { says: 'call not known', advice: 'The far side forgot the call, by a restart or a timer.' },
  482: {
    says: 'loop detected',
    advice: 'The call came back to itself; check forwarding on the number and `routes`.',
  },
  483: {
    says: 'too many hops',
    advice: 'The call was passed on too often, which is mostly a loop at the carrier.',
  },
  485: { says: 'number ambiguous', advice: 'Dial the number in full, with country code.' },
  488: {
    says: 'media not acceptable',
    advice: 'Compare codecs and encryption (RTP or SRTP) of the offer with what the trunk takes.',
  },
  489: { says: 'event package not known', advice: 'The far side does not take this kind of request.' },
  491: { says: 'request pending', advice: 'Two changes of the call crossed; one of them is to be repeated.' },
  493: { says: 'body cannot be decrypted', advice: 'Send the body in clear, protected by TLS.' },
  494: {
    says: 'security agreement required',
    advice: 'Ask the carrier which security mechanism it demands.',
  },
  501: {
    says: 'not implemented',
    advice: 'The far side lacks this function; use another trunk for the call.',
  },
  502: {
    says: 'bad gateway',
    advice: 'A system behind the carrier answered nonsense; send the carrier the Call-ID.',
  },
  504: {
    says: 'server time-out',
    advice: 'A system behind the carrier is silent; retry, then ask the carrier.',
  },
  505: {
    says: 'SIP version not supported',
    advice: 'The address is hardly a modern SIP trunk; compare it under `trunks`.',
  },
  513: { says: 'message too large', advice: 'Use TCP or TLS for this trunk under `trunks`.' },
  580: {
    says: 'precondition failure',
    advice: 'The carrier could not reserve what the call needs; retry later.',
  },
  600: { says: 'busy everywhere', advice: 'All devices of the callee are in use; call again later.' },
  604: { says: 'exists nowhere', advice: 'Nobody has this number; check its digits.' },
  606: {
    says: 'session not acceptable',
    advice: 'No device of the callee can do the kind of session offered.',
  },
  607: {
    says: 'unwanted',
    advice: 'The callee marked calls from this number as unwanted; do not call again.',
  },
  608: {
    says: 'rejected by an analysis service',
    advice: 'A spam filter refused the call; its Call-Info header tells whom to ask.',
  },
};
