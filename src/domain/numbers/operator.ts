/** What can be told of a number: how it is written, where it belongs, and who operates it, if that is us. */
import { callingCodeOf, countryCodeOf } from './calling-codes.ts';
import { stocked } from './inventory.ts';

export interface OperatorDetails {
  readonly name: string;
}

export interface OperatorInformation {
  /** E.164, as it was asked about. */
  readonly number: string;
  readonly nationalFormat?: string;
  readonly internationalFormat?: string;
  readonly country?: string;
  readonly type?: 'unknown' | 'other' | 'geographic' | 'mobile';
  readonly operator?: OperatorDetails;
}

/** Where each group of digits ends, and what stands around them, at home and from abroad (ITU-T E.123). */
function written(number: string): Pick<OperatorInformation, 'nationalFormat' | 'internationalFormat'> {
  const code = callingCodeOf(number);
  if (code === undefined) return { internationalFormat: number };
  const national = number.slice(1 + code.length);
  if (code === '1' && national.length === 10) {
    const [area, exchange, line] = [national.slice(0, 3), national.slice(3, 6), national.slice(6)];
    return {
      nationalFormat: `(${area}) ${exchange}-${line}`,
      internationalFormat: `+1 ${area}-${exchange}-${line}`,
    };
  }
  const groups = code === '44' ? british(national) : [national];
  const trunkPrefix = ['33', '44', '46', '49', '61'].includes(code) ? '0' : '';
  return {
    nationalFormat: `${trunkPrefix}${groups.join(' ')}`,
    internationalFormat: `+${code} ${groups.join(' ')}`,
  };
}

/** Ofcom's National Telephone Numbering Plan: 02x in 2-4-4, 011x and 01x1 in 3-3-4, most others in 4-6. */
function british(national: string): readonly string[] {
  if (national.length !== 10) return [national];
  if (national.startsWith('2')) return [national.slice(0, 2), national.slice(2, 6), national.slice(6)];
  if (/^(11\d|1\d1|[389])/.test(national))
    return [national.slice(0, 3), national.slice(3, 6), national.slice(6)];
  return [national.slice(0, 4), national.slice(4)];
}

const typeOf = { geographic: 'geographic', mobile: 'mobile', tollFree: 'other', shortCode: 'other' } as const;

/** `held`: what kind of number it is, where it is one of this server's. */
export function operatorInformation(
  number: string,
  { details, held }: { readonly details: boolean; readonly held?: keyof typeof typeOf | undefined },
): OperatorInformation {
  const formats = { number, ...written(number) };
  if (!details) return formats;
  const ours = held ?? stocked(number)?.block.type;
  const country = countryCodeOf(number);
  return {
    ...formats,
    ...(country === undefined ? {} : { country }),
    type: ours === undefined ? 'unknown' : typeOf[ours],
    ...(ours === undefined ? {} : { operator: { name: 'Ringback' } }),
  };
}
