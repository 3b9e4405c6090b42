/** What changed about the trunks between two looks at them. */
import type { TrunkStatus } from '../app/ports/administration.ts';
import { counted } from './table.ts';

type Health = TrunkStatus['health'];

export type TrunkChange =
  /** First seen. */
  | {
      readonly change: 'found';
      readonly trunk: string;
      readonly health: Health;
      readonly liveCalls: number;
      readonly why?: string;
    }
  | {
      readonly change: 'health';
      readonly trunk: string;
      readonly was: Health;
      readonly health: Health;
      readonly why?: string;
    }
  | { readonly change: 'calls'; readonly trunk: string; readonly was: number; readonly liveCalls: number }
  /** A server with other settings answers now. */
  | { readonly change: 'gone'; readonly trunk: string }
  | { readonly change: 'server-silent'; readonly why: string }
  | { readonly change: 'server-answers' };

const because = ({ health, why }: TrunkStatus): { readonly why?: string } =>
  why === undefined || health === 'up' ? {} : { why };

/** In the order of `after`, then what is no longer there. */
export function trunkChanges(
  before: readonly TrunkStatus[],
  after: readonly TrunkStatus[],
): readonly TrunkChange[] {
  const changes = after.flatMap((now): readonly TrunkChange[] => {
    const { name: trunk, health, liveCalls } = now;
    const was = before.find(({ name }) => name === trunk);
    if (!was) return [{ change: 'found', trunk, health, liveCalls, ...because(now) }];
    return [
      ...(was.health === health
        ? []
        : [{ change: 'health', trunk, was: was.health, health, ...because(now) } as const]),
      ...(was.liveCalls === liveCalls
        ? []
        : [{ change: 'calls', trunk, was: was.liveCalls, liveCalls } as const]),
    ];
  });
  const gone = before.filter(({ name }) => !after.some((now) => now.name === name));
  return [...changes, ...gone.map(({ name }) => ({ change: 'gone', trunk: name }) as const)];
}

const reason = (why: string | undefined): string => (why === undefined ? '' : ` (${why})`);

export function changeLine(change: TrunkChange): string {
  switch (change.change) {
    case 'found':
      return `${change.trunk} is ${change.health}${reason(change.why)}, ${counted(change.liveCalls, 'live call')}`;
    case 'health':
      return `${change.trunk} was ${change.was} and is ${change.health}${reason(change.why)}`;
    case 'calls':
      return `${change.trunk} has ${counted(change.liveCalls, 'live call')}, had ${change.was}`;
    case 'gone':
      return `${change.trunk} is no longer a trunk of this server`;
    case 'server-silent':
      return `the server gives no answer: ${change.why.replace(/\s+/g, ' ')}`;
    case 'server-answers':
      return 'the server answers again';
  }
}
