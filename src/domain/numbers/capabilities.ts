/** What numbers can do, what they are, and what they cost a month. */

/** As the phone numbers API has them; short codes have an API of their own. */
export type NumberType = 'geographic' | 'tollFree' | 'mobile';
/** Whom a number is for: a person, or an application. */
export type AssignmentType = 'person' | 'application';
export type CapabilityType = 'none' | 'inbound' | 'outbound' | 'inbound+outbound';

export interface Capabilities {
  readonly calling: CapabilityType;
  readonly sms: CapabilityType;
}

/** A month, in the currency of ISO 4217. */
export interface Cost {
  readonly amount: number;
  readonly currencyCode: string;
}

const directions = (capability: CapabilityType): readonly string[] =>
  capability === 'none' ? [] : capability.split('+');

/** Whether a number that offers the one can be had for the other. */
export function covers(offered: CapabilityType, wanted: CapabilityType): boolean {
  return directions(wanted).every((direction) => directions(offered).includes(direction));
}

export function coversBoth(offered: Capabilities, wanted: Capabilities): boolean {
  return covers(offered.calling, wanted.calling) && covers(offered.sms, wanted.sms);
}

export const isIdle = ({ calling, sms }: Capabilities): boolean => calling === 'none' && sms === 'none';
