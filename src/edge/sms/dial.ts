/** A connection to a carrier, plain or over TLS. */
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import tls from 'node:tls';
import { whyOf } from '../smpp/reasons.ts';
import type { SmppCarrierSettings, SmppTls } from './settings.ts';

/** What the files of `SmppTls` hold. */
export interface TlsMaterial {
  readonly serverName?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Rejects with an error that names the key and the file. */
export async function readTls(carrier: string, settings: SmppTls): Promise<TlsMaterial> {
  const { serverName, caFile, certFile, keyFile } = settings;
  const read = async (key: string, file: string): Promise<string> => {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      throw new Error(
        `tls.${key} of the SMS carrier ${carrier}: ${file} cannot be read (${(error as Error).message}).\n` +
          '  Name a file in PEM that the server may read.',
        { cause: error },
      );
    }
  };
  return {
    ...(serverName === undefined ? {} : { serverName }),
    ...(caFile === undefined ? {} : { ca: await read('caFile', caFile) }),
    ...(certFile === undefined ? {} : { cert: await read('certFile', certFile) }),
    ...(keyFile === undefined ? {} : { key: await read('keyFile', keyFile) }),
  };
}

/** Resolves once octets may be sent; rejects with why not, in words. `signal`: not wanted any more. */
export function dial(
  { host, port }: Pick<SmppCarrierSettings, 'host' | 'port'>,
  material: TlsMaterial | undefined,
  withinMs: number,
  signal: AbortSignal,
): Promise<net.Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<net.Socket>();
  const socket = material ? tlsSocket(host, port, material) : net.connect({ host, port });
  const give = (why: string): void => {
    socket.destroy();
    reject(new Error(why));
  };
  const limit = setTimeout(() => give(`no connection within ${withinMs} ms`), withinMs);
  const failed = (error: Error): void => give(whyOf(error));
  const broken = (): void => give('it closed the connection before it was made');
  const abort = (): void => give('we stop');
  signal.addEventListener('abort', abort, { once: true });
  // One that was given up may fail once more, with nobody left to tell.
  socket.on('error', () => {});
  socket.once('error', failed);
  socket.once('close', broken);
  socket.once(material ? 'secureConnect' : 'connect', () => {
    socket.off('error', failed);
    socket.off('close', broken);
    resolve(socket);
  });
  return promise.finally(() => {
    clearTimeout(limit);
    signal.removeEventListener('abort', abort);
  });
}

function tlsSocket(host: string, port: number, { serverName, ca, cert, key }: TlsMaterial): tls.TLSSocket {
  const name = serverName ?? host;
  return tls.connect({
    ...{ host, port, minVersion: 'TLSv1.2' as const },
    // RFC 6066 3: SNI holds names, never addresses.
    ...(net.isIP(name) === 0 ? { servername: name } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
}
