/** User data headers (3GPP TS 23.040, 9.2.3.24): what stands before the text where esm_class says so. */

/** A part of a concatenated message. */
export interface Place {
  /** Shared by the parts: of 8 bits, or of 16. */
  readonly reference: number;
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

export interface UserData {
  readonly segment?: Place;
  readonly body: Uint8Array;
}

/** esm_class, bit 6: a header precedes the text. */
export const headerIndicator = 0x40;

const eightBits = 0x00;
const sixteenBits = 0x08;

/** A reference above 255 takes the longer form. */
export function concatenationHeader({ reference, number, of }: Place): Uint8Array {
  return reference > 0xff
    ? Uint8Array.of(6, sixteenBits, 4, reference >> 8, reference & 0xff, of, number)
    : Uint8Array.of(5, eightBits, 3, reference, of, number);
}

/** Undefined: the header does not fit what carries it. Elements that are not of concatenation are skipped. */
export function readUserData(octets: Uint8Array): UserData | undefined {
  const end = (octets[0] ?? 0) + 1;
  if (octets.length === 0 || end > octets.length) return undefined;
  const body = octets.subarray(end);
  let segment: Place | undefined;
  for (let at = 1; at < end; ) {
    const length = octets[at + 1];
    if (length === undefined || at + 2 + length > end) return undefined;
    // The last one of a kind counts (9.2.3.24); a place that cannot be is as if it were absent (9.2.3.24.1).
    segment = concatenation(octets[at]!, octets.subarray(at + 2, at + 2 + length)) ?? segment;
    at += 2 + length;
  }
  return segment ? { segment, body } : { body };
}

function concatenation(element: number, value: Uint8Array): Place | undefined {
  if (element === eightBits && value.length === 3) return place(value[0]!, value[2]!, value[1]!);
  if (element === sixteenBits && value.length === 4)
    return place((value[0]! << 8) | value[1]!, value[3]!, value[2]!);
  return undefined;
}

/** Undefined where the numbers cannot be: they come from the carrier. */
export function place(reference: number, number: number, of: number): Place | undefined {
  return number >= 1 && number <= of ? { reference, number, of } : undefined;
}
