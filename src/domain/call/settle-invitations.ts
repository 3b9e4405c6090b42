/** How invitations end, once it is known what became of those who were invited. */
import type { Invitation } from './call.ts';
import type { Draft } from './draft.ts';
import { outcome } from './outcome.ts';
import { partStanding } from './settle-transfers.ts';

function settleOne(draft: Draft, invitation: Invitation): void {
  const standing = partStanding(draft.call, invitation.partId);
  if (standing.is === 'there') {
    const reached = outcome('established@connected', draft.at);
    draft.add({ fact: 'invitation-ended', invitation, as: 'succeeded', outcome: reached });
  } else if (standing.is === 'not-reached') {
    draft.add({ fact: 'invitation-ended', invitation, as: 'failed', outcome: standing.because });
  }
}

export function settleInvitations(draft: Draft): void {
  for (const invitation of Object.values(draft.call.invitations)) settleOne(draft, invitation);
}
