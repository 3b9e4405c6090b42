/** What the media processes are told for the websockets of streams: guarded and signed like callbacks. */
import { type LookupAddress, lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { Blobs } from '../app/ports/blobs.ts';
import type { SpeechPort } from '../app/ports/speech.ts';
import type { Config } from '../config/config.ts';
import { addressGuard } from '../edge/callbacks/address-guard.ts';
import type { Signing } from '../edge/callbacks/signing.ts';
import { givenRoots } from '../edge/callbacks/trusted-roots.ts';
import type { StreamServices } from '../edge/media/stream-opener.ts';
import { createTranscribing } from '../edge/speaking/transcribing.ts';

export interface StreamParts {
  readonly config: Pick<Config, 'profile' | 'outbound' | 'allowHttpCallbacks'>;
  /** PEM of the local CA. */
  readonly ca: string;
  readonly signing: Pick<Signing, 'callbackToken'>;
  readonly blobs: Blobs;
  readonly speechOf: (resourceId: string, endpoint: string) => SpeechPort | undefined;
  /** How names become addresses; the system's resolver unless told. */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

const systemResolve = (hostname: string): Promise<readonly LookupAddress[]> =>
  new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

export function streamServices(parts: StreamParts): StreamServices {
  const { config, signing, resolve = systemResolve } = parts;
  const { profile, outbound, allowHttpCallbacks } = config;
  const guard = addressGuard({ profile, allow: outbound.allow, allowHttpCallbacks });
  const { caFile } = outbound;
  const roots = givenRoots({ ca: [parts.ca], ...(caFile === undefined ? {} : { caFile }) });

  const addressesOf = async (hostname: string): Promise<readonly string[]> => {
    const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    return isIP(literal) === 0 ? (await resolve(hostname)).map(({ address }) => address) : [literal];
  };

  return {
    async resolve(address) {
      const url = URL.parse(address);
      if (url?.protocol !== 'wss:' && url?.protocol !== 'ws:')
        return { forbidden: 'The address of a stream is a wss URL.' };
      let addresses: readonly string[];
      try {
        addresses = await addressesOf(url.hostname);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        return { unresolvable: `${url.hostname} could not be resolved: ${code ?? message}` };
      }
      if (addresses.length === 0) return { unresolvable: `${url.hostname} has no address` };
      for (const each of addresses) {
        const why = guard(each, url.protocol === 'wss:' ? 'https' : 'http');
        if (why !== undefined) return { forbidden: why };
      }
      return { addresses, roots };
    },
    authorization: (resourceId) => signing.callbackToken(resourceId),
    transcribe: createTranscribing(parts),
  };
}
