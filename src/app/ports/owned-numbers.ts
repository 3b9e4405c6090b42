/** The numbers that resources own: those of the configuration and those bought through the API, read at each decision. */
export type NumberKind = 'geographic' | 'tollFree' | 'mobile' | 'shortCode';

export interface HeldNumber {
  /** E.164; a short code without `+`. */
  readonly number: string;
  readonly resourceId: string;
  readonly kind: NumberKind;
  /** Two letters (ISO 3166-1). */
  readonly country: string;
  readonly takesCalls: boolean;
  readonly placesCalls: boolean;
  readonly takesTexts: boolean;
  readonly sendsTexts: boolean;
}

export interface OwnedNumbers {
  find(number: string): HeldNumber | undefined;
  ofResource(resourceId: string): readonly HeldNumber[];
}
