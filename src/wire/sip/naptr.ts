/** A NAPTR record (RFC 3403 4.1). */
export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  readonly replacement: string;
}

export type NamedProtocol = 'udp' | 'tcp' | 'tls';

/** SRV records to ask for, and how what they name is reached. */
export interface Service {
  readonly protocol: NamedProtocol;
  readonly name: string;
}

/** RFC 3263 4.1 and 8. */
const protocols: ReadonlyMap<string, NamedProtocol> = new Map([
  ['SIP+D2U', 'udp'],
  ['SIP+D2T', 'tcp'],
  ['SIPS+D2T', 'tls'],
]);

/**
 * What a domain says of how it is reached, best first; what we cannot use is passed over (RFC 3263 4.1). Whether it is
 * reached over TLS is never DNS's word: who asks for TLS gets nothing less, and who does not is not moved there, because
 * the Contact of its requests would not follow.
 */
export function pointedServices(records: readonly NaptrRecord[], asked: NamedProtocol): readonly Service[] {
  return records
    .toSorted((a, b) => a.order - b.order || a.preference - b.preference)
    .flatMap(({ flags, service, replacement }) => {
      const protocol = protocols.get(service.toUpperCase());
      const usable = protocol && (protocol === 'tls') === (asked === 'tls');
      // RFC 3263 4.1: with the flag "s" the replacement is a name of SRV records.
      if (!usable || flags.toLowerCase() !== 's' || replacement === '' || replacement === '.') return [];
      return [{ protocol, name: replacement }];
    });
}
