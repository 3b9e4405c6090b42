/** Crypto suites of SRTP that are served: RFC 4568 6.2 and, for AES-256, RFC 6188. */
export interface SrtpSuite {
  /** Octets of the master key; the session key is as long. */
  readonly keyLength: number;
  /** Octets of the authentication tag behind each packet. */
  readonly tagLength: number;
}

/** Octets of the master salt, and of the session salt. */
export const saltLength = 14;

const suites = {
  AES_CM_128_HMAC_SHA1_80: { keyLength: 16, tagLength: 10 },
  AES_CM_128_HMAC_SHA1_32: { keyLength: 16, tagLength: 4 },
  AES_256_CM_HMAC_SHA1_80: { keyLength: 32, tagLength: 10 },
} as const satisfies Record<string, SrtpSuite>;

export type SrtpSuiteName = keyof typeof suites;

export const srtpSuiteNames = Object.keys(suites) as readonly SrtpSuiteName[];

/** Throws for a suite that is not served: SDP that names one was refused before. */
export const srtpSuite = (name: string): SrtpSuite => {
  if (!Object.hasOwn(suites, name))
    throw new Error(`SRTP: no suite ${name}; there are ${srtpSuiteNames.join(', ')}`);
  return suites[name as SrtpSuiteName];
};
