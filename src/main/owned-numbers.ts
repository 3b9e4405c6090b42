/** The numbers and short codes of the configuration, as texts see them. */
import type { HeldNumber, OwnedNumbers } from '../app/ports/owned-numbers.ts';
import type { Config } from '../config/config.ts';
import { isTollFree } from '../domain/sms/addresses.ts';

/** `current`: as it stands, for numbers may change under a running server. */
export function configuredNumbers(current: () => Config): OwnedNumbers {
  let read: { readonly config: Config; readonly held: ReadonlyMap<string, HeldNumber> } | undefined;
  const held = (): ReadonlyMap<string, HeldNumber> => {
    const config = current();
    if (read?.config !== config)
      read = { config, held: new Map(numbersOf(config).map((one) => [one.number, one])) };
    return read.held;
  };
  return {
    find: (number) => held().get(number),
    ofResource: (resourceId) => [...held().values()].filter((one) => one.resourceId === resourceId),
  };
}

/** The numbers, and the short codes of the configuration. */
export function withShortCodes(numbers: OwnedNumbers, config: Config): OwnedNumbers {
  const codes = new Map(shortCodesOf(config).map((one) => [one.number, one]));
  return {
    find: (number) => codes.get(number) ?? numbers.find(number),
    ofResource: (resourceId) => [
      ...numbers.ofResource(resourceId),
      ...[...codes.values()].filter((one) => one.resourceId === resourceId),
    ],
  };
}

const idOf = ({ resources }: Config, name: string): string =>
  resources.find((resource) => resource.name === name)?.id ?? name;

const numbersOf = (config: Config): readonly HeldNumber[] =>
  config.numbers.map(({ number, resource, capabilities: { calling, sms } }) => ({
    number,
    resourceId: idOf(config, resource),
    kind: isTollFree(number) ? 'tollFree' : 'geographic',
    country: number.startsWith('+44') ? 'GB' : 'US',
    takesCalls: calling.includes('inbound'),
    placesCalls: calling.includes('outbound'),
    takesTexts: sms.includes('inbound'),
    sendsTexts: sms.includes('outbound'),
  }));

const shortCodesOf = (config: Config): readonly HeldNumber[] =>
  config.sms.shortCodes.map(({ code, resource, country }) => ({
    number: code,
    resourceId: idOf(config, resource),
    kind: 'shortCode',
    country,
    takesCalls: false,
    placesCalls: false,
    takesTexts: true,
    sendsTexts: true,
  }));
