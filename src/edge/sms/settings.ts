/** What a carrier is reached by, as configured. */

export interface SmppTls {
  /** PEM of the authorities that may vouch for it; absent: those of the system. */
  readonly caFile?: string;
  /** The name in its certificate, where that is not `host`. */
  readonly serverName?: string;
  /** PEM of the certificate that it asks us for, and its key. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

export interface SmppCarrierSettings {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Up to 15 octets (SMPP 3.4, 5.2.1). */
  readonly systemId: string;
  /** Up to 8 octets. */
  readonly password: string;
  /** Up to 12 octets; mostly empty. */
  readonly systemType: string;
  /** One connection for both directions, or one for each. */
  readonly bind: 'transceiver' | 'pair';
  readonly tls?: SmppTls;
  /** Submits that may be without an answer at a time. */
  readonly window: number;
  /** Absent: as fast as the window allows. */
  readonly submitsPerSecond?: number;
  /** Wall milliseconds of silence before the carrier is asked whether it is there; 0: never. */
  readonly enquireLink: number;
  /** Wall milliseconds for any answer. */
  readonly answerWithin: number;
}

/** Wall milliseconds; each wait doubles from the first to the longest. */
export interface Backoff {
  readonly first: number;
  readonly longest: number;
}

export interface CarrierTiming {
  /** Between attempts to bind. */
  readonly rebind: Backoff;
  /** Without submits after a throttled answer. */
  readonly throttled: Backoff;
  /** For the connection, TLS included. */
  readonly connectWithin: number;
}

export const defaultTiming: CarrierTiming = {
  rebind: { first: 1000, longest: 60_000 },
  throttled: { first: 250, longest: 8000 },
  connectWithin: 10_000,
};

/** Of the attempt with this index, from 0. */
export const waitOf = ({ first, longest }: Backoff, index: number): number =>
  Math.min(first * 2 ** Math.min(index, 30), longest);

/** For people: where it is. */
export const targetOf = ({ host, port, tls }: SmppCarrierSettings): string =>
  `${tls ? 'smpps' : 'smpp'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
