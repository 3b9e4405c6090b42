/** The numbers of the configuration, as texts see them. */
import type { HeldNumber, OwnedNumbers } from '../app/ports/owned-numbers.ts';
import type { Config } from '../config/config.ts';
import { isTollFree } from '../domain/sms/addresses.ts';

/** `current`: as it stands, for numbers may change under a running server. */
export function configuredNumbers(current: () => Config): OwnedNumbers {
  let read: { readonly config: Config; readonly held: ReadonlyMap<string, HeldNumber> } | undefined;
  const held = (): ReadonlyMap<string, HeldNumber> => {
    const config = current();
    if (read?.config !== config) read = { config, held: heldBy(config) };
    return read.held;
  };
  return {
    find: (number) => held().get(number),
    ofResource: (resourceId) => [...held().values()].filter((one) => one.resourceId === resourceId),
  };
}

function heldBy(config: Config): ReadonlyMap<string, HeldNumber> {
  const idOf = new Map(config.resources.map((resource) => [resource.name, resource.id]));
  const numbers = config.numbers.map(({ number, resource, capabilities }): HeldNumber => {
    const { calling, sms } = capabilities;
    return {
      number,
      resourceId: idOf.get(resource) ?? resource,
      kind: isTollFree(number) ? 'tollFree' : 'geographic',
      country: number.startsWith('+44') ? 'GB' : 'US',
      takesCalls: calling.includes('inbound'),
      placesCalls: calling.includes('outbound'),
      takesTexts: sms.includes('inbound'),
      sendsTexts: sms.includes('outbound'),
    };
  });
  const codes = config.sms.shortCodes.map(
    ({ code, resource, country }): HeldNumber => ({
      number: code,
      resourceId: idOf.get(resource) ?? resource,
      kind: 'shortCode',
      country,
      takesCalls: false,
      placesCalls: false,
      takesTexts: true,
      sendsTexts: true,
    }),
  );
  return new Map([...numbers, ...codes].map((one) => [one.number, one]));
}
