/** What the server can be told of texts, after defaults. Durations are milliseconds. */

export interface SmsConfig {
  /** The SMSC inside this process is the carrier `simulated`. */
  readonly simulated: boolean;
  /** `documented`: 200 texts of a number, 6000 of a short code and 600 of all names of a resource in 60 s. */
  readonly rates: 'documented' | 'none';
  /** How long receipts are waited for where a request does not say. */
  readonly reportTimeout: number;
  /** More texts of one number than `messages` are taken for fraud. */
  readonly fraud: { readonly messages: number | undefined; readonly within: number };
  /** Texts in 24 h of a toll-free number that is not verified. */
  readonly unverifiedPerDay: number;
  /** On one carrier, before the next or the end. */
  readonly tries: number;
  readonly firstRetry: number;
  readonly longestRetry: number;
  /** How long the parts of a handset's text wait for each other. */
  readonly partsWithin: number;
  /** What keywords are answered with; not set: nothing. */
  readonly replies: {
    readonly stop: string | undefined;
    readonly start: string | undefined;
    readonly help: string | undefined;
  };
  /** Without the simulated one. */
  readonly carriers: readonly SmsCarrierConfig[];
  /** In the order in which they are tried. */
  readonly routes: readonly SmsRouteConfig[];
}

export interface SmsCarrierConfig {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly bind: 'transceiver' | 'pair';
  readonly tls:
    | {
        readonly caFile: string | undefined;
        readonly serverName: string | undefined;
        readonly certFile: string | undefined;
        readonly keyFile: string | undefined;
      }
    | undefined;
  /** Submits that may be without an answer at a time. */
  readonly window: number;
  readonly submitsPerSecond: number | undefined;
  /** Wall time of silence before it is asked whether it is there. */
  readonly enquireLink: number;
  /** Wall time for any answer. */
  readonly answerWithin: number;
}

export interface SmsRouteConfig {
  readonly senders: readonly ('e164' | 'short-code' | 'alphanumeric')[];
  /** Anchored: matches whole numbers in E.164. */
  readonly pattern: RegExp;
  readonly carrier: string;
  readonly priority: number;
  readonly receipts: 'yes' | 'none';
  readonly optOutError: string | undefined;
}

/** Of one of our numbers. */
export interface NumberSmsConfig {
  readonly entitled: boolean;
  readonly verified: boolean;
  readonly perDay: number | undefined;
  readonly volume: number | undefined;
}
