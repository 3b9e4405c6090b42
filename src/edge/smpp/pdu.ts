/** PDUs of SMPP 3.4 by the `smpp` package, guarded: whatever the octets are, they are read or called broken. */
import smpp, { PDU, type PduFields } from 'smpp';
import { headerLength } from '../../wire/smpp/frame.ts';
import { readTlvs, type Tlvs } from '../../wire/smpp/tlvs.ts';

export type { PduFields } from 'smpp';

/**
 * Without the package's own reading of texts and dates: it throws on dates that are none, guesses at alphabets, and what
 * it replaces cannot be had back. `short_message` and `message_payload` stay octets.
 */
class Pdu extends PDU {
  override _filter(): void {}
}

export type { Pdu };

export type ReadPdu =
  /** Its TLVs are those of `tlvs`: the package reads beyond the end of one that lacks its zero. */
  | { readonly kind: 'pdu'; readonly pdu: Pdu; readonly tlvs: Tlvs }
  /** The header is right, what follows is not; `command` as the package names it. */
  | { readonly kind: 'broken'; readonly command: string; readonly sequence: number };

const responseBit = 0x80000000;

export const isResponse = ({ command_id }: Pick<Pdu, 'command_id'>): boolean =>
  (command_id & responseBit) !== 0;

/** Octets of a request or an answer. A status other than 0 leaves the body away (SMPP 3.4, 4.1.2 and elsewhere). */
export function writePdu(command: string, sequence: number, fields: PduFields = {}): Buffer {
  return new Pdu(command, { ...fields, sequence_number: sequence }).toBuffer();
}

/** The command that answers; undefined: it is not answered. */
export const answerTo = (command: string): string | undefined =>
  Object.hasOwn(smpp.commands, `${command}_resp`) ? `${command}_resp` : undefined;

/** `octets`: one PDU, as long as its command_length says. */
export function readPdu(octets: Buffer): ReadPdu {
  const command = commandsById.get(octets.readUInt32BE(4));
  if (command === undefined) return { kind: 'pdu', pdu: new Pdu(octets), tlvs: noTlvs };
  const broken = { kind: 'broken', command, sequence: octets.readUInt32BE(12) } as const;
  try {
    const end = endOfFields(command, octets);
    const tlvs = end === undefined ? undefined : readTlvs(octets.subarray(end));
    return tlvs ? { kind: 'pdu', pdu: new Pdu(octets), tlvs } : broken;
  } catch {
    // The package reads past the end of what is too short.
    return broken;
  }
}

const noTlvs: Tlvs = new Map();

const commandsById: ReadonlyMap<number, string> = new Map(
  Object.entries(smpp.commands).map(([command, { id }]) => [id, command]),
);

/**
 * Where the mandatory fields end; undefined where one is cut, which the package would hand over as far as it goes, or
 * missing. Answers may leave their fields away: with a status other than 0 they have none.
 */
function endOfFields(command: string, octets: Buffer): number | undefined {
  const { params = {}, id } = smpp.commands[command]!;
  let at = headerLength;
  for (const [name, { type }] of Object.entries(params)) {
    if (at === octets.length) return (id & responseBit) === 0 ? undefined : at;
    // The octets of a text follow their number.
    at += name === 'short_message' ? 1 + octets[at]! : type.size(type.read(octets, at));
    if (at > octets.length) return undefined;
  }
  return at;
}
