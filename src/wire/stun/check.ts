/** Connectivity checks of ICE, RFC 8445 7: requests of the far end are judged and answered, ours are made and their answers read. */
import { fingerprinted, isFrom, signed } from './integrity.ts';
import { type Address, readMapped, writeMapped } from './mapped-address.ts';
import {
  attribute,
  attributeIn,
  bindingMethod,
  putHalf,
  putWord,
  type StunAttribute,
  type StunMessage,
  word,
  writeStun,
} from './message.ts';

export interface Credentials {
  readonly ufrag: string;
  readonly password: string;
}

/** A request of the far end, judged. */
export interface JudgedCheck {
  /** To where it came from. */
  readonly reply: Uint8Array;
  /** Absent: the check was refused with `status`. */
  readonly check?: { readonly nominates: boolean; readonly priority: number };
  readonly status: number;
  readonly reason: string;
}

export interface Judge {
  readonly own: Credentials;
  /** The far end's user name, once its description is known. */
  readonly farUfrag?: string;
  readonly role: 'controlling' | 'controlled';
  readonly from: Address;
}

/** RFC 8489 5: attributes up to 0x7fff have to be understood. */
const understood: ReadonlySet<number> = new Set([
  attribute.username,
  attribute.priority,
  attribute.useCandidate,
]);

/** The answer to a binding request (RFC 8489 9.1.3, RFC 8445 7.3); `undefined` for another method: nobody asks us that. */
export const judgeCheck = (message: StunMessage, judge: Judge): JudgedCheck | undefined => {
  if (message.method !== bindingMethod || message.class !== 'request') return undefined;
  const { own, farUfrag, role, from } = judge;
  const { transaction } = message;
  const username = attributeIn(message, attribute.username);
  if (message.integrityAt === undefined || username === undefined)
    return refused(transaction, 400, 'Bad Request');
  // RFC 8445 7.2.2: the user name of who is asked, then that of who asks.
  const [to, by, ...more] = Buffer.from(username).toString('latin1').split(':');
  const known = to === own.ufrag && more.length === 0 && by !== undefined && (farUfrag ?? by) === by;
  if (!known || !isFrom(message, own.password)) return refused(transaction, 401, 'Unauthorized');
  const strange = message.attributes.filter(({ type }) => type < 0x8000 && !understood.has(type));
  if (strange.length > 0) {
    const types = new Uint8Array(2 * strange.length);
    for (const [i, { type }] of strange.entries()) putHalf(types, 2 * i, type);
    const unknown = { type: attribute.unknownAttributes, value: types };
    return refused(transaction, 420, 'Unknown Attribute', own.password, unknown);
  }
  // RFC 8445 7.3.1.1. A lite agent is controlled by whoever is not, and we control only those who are lite: no tie to break.
  const claimed = role === 'controlled' ? attribute.iceControlled : attribute.iceControlling;
  if (attributeIn(message, claimed) !== undefined)
    return refused(transaction, 487, 'Role Conflict', own.password);
  const priority = attributeIn(message, attribute.priority);
  const mapped = { type: attribute.xorMappedAddress, value: writeMapped(from, transaction) };
  return {
    reply: fingerprinted(signed(response('success', transaction, [mapped]), own.password)),
    check: {
      nominates: attributeIn(message, attribute.useCandidate) !== undefined,
      priority: priority?.length === 4 ? word(priority, 0) : 0,
    },
    status: 200,
    reason: 'OK',
  };
};

const response = (
  kind: 'success' | 'error',
  transaction: Uint8Array,
  attributes: readonly StunAttribute[],
): Uint8Array => writeStun({ class: kind, method: bindingMethod, transaction, attributes });

/** RFC 8489 9.1.4: without `password` where the far end could not be known, so that it has no integrity. */
const refused = (
  transaction: Uint8Array,
  status: number,
  reason: string,
  password?: string,
  ...more: readonly StunAttribute[]
): JudgedCheck => {
  const value = Uint8Array.of(0, 0, Math.floor(status / 100), status % 100, ...Buffer.from(reason));
  const bare = response('error', transaction, [{ type: attribute.errorCode, value }, ...more]);
  return { reply: fingerprinted(password === undefined ? bare : signed(bare, password)), status, reason };
};

export interface OwnCheck {
  readonly own: Credentials;
  readonly far: Credentials;
  /** 12 octets of chance. */
  readonly transaction: Uint8Array;
  /** 8 octets of chance, the same for a leg. */
  readonly tieBreaker: Uint8Array;
  readonly nominates: boolean;
}

/** RFC 8445 7.1.1: what a peer-reflexive candidate of ours would have. Type preference 110, local 65535, component 1. */
const reflexivePriority = 2 ** 24 * 110 + 2 ** 8 * 65_535 + 255;

/** A check of ours, as the controlling side. */
export const writeCheck = ({ own, far, transaction, tieBreaker, nominates }: OwnCheck): Uint8Array => {
  const priority = new Uint8Array(4);
  putWord(priority, 0, reflexivePriority);
  const attributes: StunAttribute[] = [
    { type: attribute.username, value: Buffer.from(`${far.ufrag}:${own.ufrag}`, 'latin1') },
    { type: attribute.priority, value: priority },
    { type: attribute.iceControlling, value: tieBreaker },
    ...(nominates ? [{ type: attribute.useCandidate, value: new Uint8Array(0) }] : []),
  ];
  const bytes = writeStun({ class: 'request', method: bindingMethod, transaction, attributes });
  return fingerprinted(signed(bytes, far.password));
};

export type CheckAnswer =
  | { readonly success: true; readonly mapped: Address }
  | { readonly success: false; readonly status: number; readonly reason: string };

const longestReason = 128;

/** What an answer to a check of ours says; `undefined` for what is none, or is not from who was asked. */
export const readCheckAnswer = (message: StunMessage, farPassword: string): CheckAnswer | undefined => {
  if (message.method !== bindingMethod) return undefined;
  if (message.class === 'success') {
    const mapped = attributeIn(message, attribute.xorMappedAddress);
    const address =
      mapped && isFrom(message, farPassword) ? readMapped(mapped, message.transaction) : undefined;
    return address && { success: true, mapped: address };
  }
  const error = attributeIn(message, attribute.errorCode);
  if (message.class !== 'error' || error === undefined || error.length < 4) return undefined;
  // RFC 8489 9.1.4: 400 and 401 come without integrity; who could not see the transaction cannot answer it.
  const reason = Buffer.from(error.subarray(4, 4 + longestReason))
    .toString()
    .replaceAll(/[^\x20-\x7e]/g, '?');
  return { success: false, status: (error[2]! & 7) * 100 + (error[3]! % 100), reason };
};
