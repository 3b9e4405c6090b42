/** An SRV record (RFC 2782). */
export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly name: string;
  readonly port: number;
}

/**
 * The records in the order in which they are tried (RFC 2782, "Usage rules"): by priority, and among equals by chance,
 * in proportion to their weights. `chance` gives numbers from 0 to below 1.
 */
export function orderServices(records: readonly SrvRecord[], chance: () => number): readonly SrvRecord[] {
  // RFC 2782: a single record for the root means that the service is decidedly not available.
  const usable = records.filter(({ name }) => name !== '' && name !== '.');
  const priorities = [...new Set(usable.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    drawByWeight(
      usable.filter((record) => record.priority === priority),
      chance,
    ),
  );
}

function drawByWeight(records: readonly SrvRecord[], chance: () => number): readonly SrvRecord[] {
  // RFC 2782: those of weight 0 come first, so that they have a small chance.
  const left = records.toSorted((a, b) => Math.sign(a.weight) - Math.sign(b.weight));
  const drawn: SrvRecord[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    const lot = Math.floor(chance() * (total + 1));
    let sum = 0;
    const index = left.findIndex(({ weight }) => {
      sum += weight;
      return sum >= lot;
    });
    drawn.push(...left.splice(Math.max(index, 0), 1));
  }
  return drawn;
}

/** RFC 3263 4.1: the name to ask for the servers of a domain. */
export function serviceName(protocol: 'udp' | 'tcp' | 'tls', domain: string): string {
  return protocol === 'tls' ? `_sips._tcp.${domain}` : `_sip._${protocol}.${domain}`;
}
