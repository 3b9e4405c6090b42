/** Addresses to bind for the configured `host`: the name of this computer is both of its loopback addresses. */
export const addressesOf = (host: string): readonly string[] =>
  host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
