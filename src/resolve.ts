/**
 * `node --import ringback/resolve app.js`: the one name under which recordings are downloaded leads to this machine, for the
 * official client refuses every other. The same as the line `127.0.0.1 ringback.asm.skype.com` in the hosts file.
 */
import dns, { type LookupAddress, type LookupOptions } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

const name = 'ringback.asm.skype.com';
const here: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

type Options = LookupOptions | number | undefined;
type Done = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

function found(options: Options): readonly LookupAddress[] {
  const { family = 0 } = typeof options === 'number' ? { family: options } : (options ?? {});
  const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family;
  return wanted === 0 ? here : here.filter((each) => each.family === wanted);
}

const wantsAll = (options: Options): boolean => typeof options === 'object' && options.all === true;
const isOurs = (hostname: string): boolean => hostname.toLowerCase() === name;

const { lookup } = dns;
const { lookup: lookupPromise } = dns.promises;

Object.assign(dns, {
  lookup(hostname: string, ...rest: [Done] | [Options, Done]): void {
    const [options, done] = rest.length === 1 ? [undefined, rest[0]] : rest;
    if (!isOurs(hostname)) {
      (lookup as (...all: unknown[]) => void)(hostname, ...rest);
      return;
    }
    const addresses = found(options);
    process.nextTick(() =>
      wantsAll(options)
        ? done(null, [...addresses])
        : done(null, addresses[0]!.address, addresses[0]!.family),
    );
  },
});
Object.assign(dns.promises, {
  async lookup(hostname: string, options?: Options): Promise<LookupAddress | LookupAddress[]> {
    if (!isOurs(hostname))
      return (lookupPromise as (...all: unknown[]) => Promise<LookupAddress>)(hostname, options);
    return wantsAll(options) ? [...found(options)] : found(options)[0]!;
  },
});
syncBuiltinESMExports();
