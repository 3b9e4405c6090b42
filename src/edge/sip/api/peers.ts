export type Protocol = 'udp' | 'tcp' | 'tls';

export interface Address {
  /** IP address literal, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Where requests are sent to. `host` may be a name here; it is resolved when something is sent. */
export interface Target extends Address {
  readonly protocol: Protocol;
  /** The name the peer's certificate must be for; `host` when absent. */
  readonly serverName?: string;
  /** Ask for the SRV records of the name first (RFC 3263); `port` counts where there are none. */
  readonly srv?: boolean;
  /**
   * Ask for its NAPTR records before that (RFC 3263 4.1): the name says whether it likes UDP or TCP better, and `protocol`
   * counts where it does not say. TLS stays TLS, and is never begun.
   */
  readonly naptr?: boolean;
}

/** What we answer a 401 or 407 with. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** Answer challenges of this realm only; of any when absent. */
  readonly realm?: string;
}

/** What an inbound request outside a dialog must prove (401, RFC 3261 22.2). */
export interface Authentication {
  readonly realm: string;
  /** Any of these. */
  readonly users: readonly Pick<Credentials, 'user' | 'password'>[];
  /** In the order they are offered; SHA-256 and MD5 when absent. Some peers look at the first one only and know only MD5. */
  readonly algorithms?: readonly ('SHA-256' | 'MD5')[];
  /** `auth-int` takes the body in, which whoever rewrites SDP on the way breaks; `auth` alone when absent. */
  readonly qop?: readonly ('auth' | 'auth-int')[];
}

export interface TlsSettings {
  /** Port to listen on, on every host; 0 picks a free one. Absent: connections are made, none is taken. */
  readonly port?: number;
  /** PEM: our certificate with its chain, and its key. Shown to clients, and to servers that ask for one. */
  readonly cert?: string;
  readonly key?: string;
  /** PEM of the authorities we trust. For servers, the system's roots when absent; for clients, nobody. */
  readonly ca?: readonly string[];
  /** Clients without a certificate of such an authority are refused (mutual TLS). */
  readonly clientCertificates?: 'required';
  /** Wall milliseconds for a handshake; 10 s when absent. */
  readonly handshakeMs?: number;
}
