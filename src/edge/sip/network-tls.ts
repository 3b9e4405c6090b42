import net from 'node:net';
import tls from 'node:tls';
import type { Address } from './api.ts';
import type { TlsClient, TlsServer } from './network.ts';

const minVersion = 'TLSv1.2';

/** A server for TLS; `ready` is told each socket whose handshake is done. Destroys what is left with `destroyAll`. */
export function tlsServer(
  settings: TlsServer,
  ready: (socket: tls.TLSSocket) => void,
): { readonly server: tls.Server; destroyAll(): void } {
  const { cert, key, ca, requireClient, handshakeMs, connections, connectionsPerSource, refused } = settings;
  const server = tls.createServer(
    {
      ...{ cert, key, minVersion, noDelay: true, keepAlive: true },
      // A client that does not finish its handshake must not hold a socket for Node's two minutes.
      handshakeTimeout: handshakeMs,
      requestCert: requireClient,
      rejectUnauthorized: requireClient,
      // Nobody but the authorities that were named may vouch for a client.
      ...(requireClient ? { ca: [...(ca ?? [])] } : {}),
    },
    ready,
  );
  server.maxConnections = connections;
  const raw = new Set<net.Socket>();
  const perSource = new Map<string, number>();
  server.on('connection', (socket: net.Socket) => {
    const source = socket.remoteAddress ?? '';
    const count = (perSource.get(source) ?? 0) + 1;
    perSource.set(source, count);
    raw.add(socket);
    socket.once('close', () => {
      raw.delete(socket);
      const left = (perSource.get(source) ?? 1) - 1;
      if (left > 0) perSource.set(source, left);
      else perSource.delete(source);
    });
    // Handshakes cost more than anything else that a stranger can ask for.
    if (count > connectionsPerSource) socket.destroy();
  });
  // The first that is seen of a socket in its handshake. Its address is kept once it was read, and is gone by the time
  // that its certificate is refused.
  server.on('keylog', (_secrets, socket) => void socket.remoteAddress);
  server.on('tlsClientError', (error, socket) => {
    // Where the certificate was the reason, Node only says that the connection was closed.
    const code: unknown = socket.authorizationError;
    const why = typeof code === 'string' ? tlsReason(code) : undefined;
    const { remoteAddress, remotePort } = socket;
    refused({ host: remoteAddress ?? '', port: remotePort ?? 0 }, why ?? tlsReasonOf(error) ?? error.message);
    socket.destroy();
  });
  return {
    server,
    destroyAll() {
      for (const socket of raw) socket.destroy();
    },
  };
}

/** `host` is an IP address; the certificate must be for `serverName`, or for the address when there is none. */
export function tlsSocket(to: Address, fromHost: string, settings: TlsClient): tls.TLSSocket {
  const { serverName, ca, cert, key } = settings;
  const named = serverName !== undefined && net.isIP(serverName) === 0;
  return tls.connect({
    ...{ host: to.host, port: to.port, localAddress: fromHost, minVersion },
    // RFC 6066 3: SNI holds names, never addresses.
    ...(named ? { servername: serverName } : {}),
    ...(ca ? { ca: [...ca] } : {}),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
}

/** DNS names and addresses of the certificate the peer proved to have. */
export function certificateNames(socket: tls.TLSSocket): readonly string[] {
  if (!socket.authorized) return [];
  const listed = socket.getPeerCertificate().subjectaltname ?? '';
  return listed.split(', ').flatMap((entry) => /^(?:DNS|IP Address):([^"]+)$/.exec(entry)?.[1] ?? []);
}

const untrusted = 'its certificate is of an authority that is not trusted';

const reasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  INVALID_PURPOSE: 'its certificate is for another purpose',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'it showed no certificate',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'its TLS handshake took too long',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it asks for a certificate and has none of ours',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'it does not trust the authority of our certificate',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'it has no certificate for that name',
  'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED': 'it says that our certificate has expired',
  'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE': 'it refuses our certificate',
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE':
    'it refuses the handshake: no version, cipher or certificate suits both',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  ERR_SSL_HTTP_REQUEST: 'it does not speak TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks no version of TLS that is safe',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it speaks no version of TLS that is safe',
};

function tlsReason(code: string): string {
  return reasons[code] ?? code;
}

/** What a TLS error means, for people, about the peer; `undefined` when it is none of TLS. */
export function tlsReasonOf(error: Error): string | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const host = 'host' in error && typeof error.host === 'string' ? error.host : 'this name';
    return `its certificate is not for ${host}`;
  }
  // OpenSSL before 3.2, which a system's Node may be linked with, says sslv3 where it now says ssl/tls.
  return reasons[code.replace('_SSLV3_ALERT_', '_SSL/TLS_ALERT_')];
}
