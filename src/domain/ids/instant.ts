/** Milliseconds since the epoch, on Ringback's clock (real or manual). */
export type Instant = number;
