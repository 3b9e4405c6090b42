/** What went wrong on the way to a receiver, in words that say what to do. */

export interface ErrorLike {
  readonly code: string;
  readonly message: string;
  readonly reason?: string;
  /** Read before the failure; above 0: the connection had served an earlier request. */
  readonly earlierBytes: number;
}

/** Errors of sockets and undici carry their kind in `code`; aggregates carry it in their first part. */
export function readError(error: unknown): ErrorLike {
  const first = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  const { code, message, reason, socket } = (
    typeof first === 'object' && first !== null ? first : {}
  ) as Record<string, unknown>;
  const { bytesRead } = (typeof socket === 'object' && socket !== null ? socket : {}) as Record<
    string,
    unknown
  >;
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : String(error),
    ...(typeof reason === 'string' ? { reason } : {}),
    earlierBytes: typeof bytesRead === 'number' ? bytesRead : 0,
  };
}

const unknownIssuer =
  'its certificate comes from a CA that is not trusted here. Give that CA in outbound.caFile, or use a certificate from `ringback cert NAME`.';

const words: Readonly<Record<string, (host: string) => string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: (host) =>
    `TLS to ${host} failed: its certificate is self-signed. Give it in outbound.caFile, or use one from \`ringback cert NAME\`.`,
  SELF_SIGNED_CERT_IN_CHAIN: (host) => `TLS to ${host} failed: ${unknownIssuer}`,
  UNABLE_TO_GET_ISSUER_CERT: (host) => `TLS to ${host} failed: ${unknownIssuer}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (host) => `TLS to ${host} failed: ${unknownIssuer}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (host) => `TLS to ${host} failed: ${unknownIssuer}`,
  CERT_HAS_EXPIRED: (host) => `TLS to ${host} failed: its certificate has expired. Renew it.`,
  CERT_NOT_YET_VALID: (host) =>
    `TLS to ${host} failed: its certificate is not valid yet. Compare the clocks of both machines.`,
  ERR_SSL_WRONG_VERSION_NUMBER: (host) =>
    `TLS to ${host} failed: it does not speak TLS on this port. Is the port its plain http one?`,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: (host) =>
    `TLS to ${host} failed: it does not speak TLS on this port. Is the port its plain http one?`,
  EPROTO: (host) => `TLS to ${host} failed in the handshake. Is the port a TLS one?`,
  ECONNREFUSED: (host) =>
    `${host} refused the connection: nothing listens there. Start the receiver, or correct the port.`,
  ECONNRESET: (host) => `${host} closed the connection before it answered.`,
  EPIPE: (host) => `${host} closed the connection before it answered.`,
  UND_ERR_SOCKET: (host) => `${host} closed the connection before it answered.`,
  ENOTFOUND: (host) => `The name of ${host} does not resolve. Correct the host name.`,
  EAI_AGAIN: (host) => `The name of ${host} could not be resolved just now: the name server did not answer.`,
  EHOSTUNREACH: (host) => `${host} cannot be reached from this machine: there is no route to it.`,
  ENETUNREACH: (host) => `${host} cannot be reached from this machine: there is no route to it.`,
  EACCES: (host) => `This machine does not permit a connection to ${host}.`,
  UND_ERR_HEADERS_OVERFLOW: (host) => `${host} answered with more than 16 kB of headers.`,
};

export function failureWords(error: ErrorLike, host: string): string {
  if (error.code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = error.reason ?? error.message;
    return `TLS to ${host} failed: its certificate is for another name. ${names.replace(/\.?$/, '.')} Use a certificate that names it (\`ringback cert NAME\`).`;
  }
  const known = words[error.code];
  if (known) return known(host);
  if (error.code.startsWith('HPE_')) return `${host} did not answer in HTTP: ${error.message}`;
  if (error.code.startsWith('ERR_SSL_') || error.code.startsWith('ERR_TLS_')) {
    return `TLS to ${host} failed: ${error.message}`;
  }
  return `The request to ${host} failed: ${error.message}${error.code ? ` (${error.code})` : ''}`;
}
