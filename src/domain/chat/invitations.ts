/** Of people who are to be in a thread: who may, and who is left out and why (`reference/chat.md` §2). */
import type { Actor } from './access.ts';
import type { NewParticipant } from './inputs.ts';

export interface LeftOut {
  readonly id: string;
  /** `foreign`: of another resource, or no user of ours by its kind; `unknown`: ours, and not there. */
  readonly why: 'foreign' | 'unknown';
}

/** The resource of a user: `8:acs:<resource>_<user>`. */
const resourceOf = (rawId: string): string | undefined => /^8:acs:([^_]+)_/.exec(rawId)?.[1]?.toLowerCase();

export function sortOut(
  asked: readonly NewParticipant[],
  by: Pick<Actor, 'id' | 'resourceId'>,
  exists: (rawId: string) => boolean,
): { readonly invited: readonly NewParticipant[]; readonly leftOut: readonly LeftOut[] } {
  const invited: NewParticipant[] = [];
  const leftOut: LeftOut[] = [];
  for (const one of asked) {
    if (resourceOf(one.id) !== by.resourceId.toLowerCase()) leftOut.push({ id: one.id, why: 'foreign' });
    else if (one.id !== by.id && !exists(one.id)) leftOut.push({ id: one.id, why: 'unknown' });
    else invited.push(one);
  }
  return { invited, leftOut };
}
