/**
 * The three functions of the `reflect-metadata` proposal that tsyringe, under @peculiar/x509, asks for when it is
 * loaded. Importing this has an effect, which is the point: it must come before that import. The package
 * `reflect-metadata` would bring 50 kB for the same.
 */
type Key = string | symbol;
type Reflected = typeof Reflect & {
  getMetadata?: (key: Key, target: object) => unknown;
  getOwnMetadata?: (key: Key, target: object) => unknown;
  defineMetadata?: (key: Key, value: unknown, target: object) => void;
};

const metadata = new WeakMap<object, Map<Key, unknown>>();
const own = (key: Key, target: object): unknown => metadata.get(target)?.get(key);

const reflect: Reflected = Reflect;
reflect.getOwnMetadata ??= own;
reflect.getMetadata ??= (key, target) => {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (metadata.get(at)?.has(key)) return own(key, at);
  }
  return undefined;
};
reflect.defineMetadata ??= (key, value, target) => {
  const entries = metadata.get(target) ?? new Map<Key, unknown>();
  metadata.set(target, entries.set(key, value));
};
