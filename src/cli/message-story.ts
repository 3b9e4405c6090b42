/** What happened to a chat message, as text. */
import type { MessageStory } from '../app/ports/administration.ts';

export function renderStory(story: MessageStory): string {
  const { messageId, threadId, topic, state, sentAt, sender, readBy, entries } = story;
  const read = readBy.map(({ user, readAt, upTo }) => {
    const later = upTo === messageId ? '' : `, with everything up to ${upTo}`;
    return `  ${user} at ${readAt}${later}`;
  });
  return [
    `Message ${messageId} of thread ${threadId} ("${topic}")`,
    `${state}; sent ${sentAt} by ${sender ?? 'the service'}`,
    '',
    'What happened to it:',
    ...entries.map(({ at, text }) => `  ${at}  ${text}`),
    '',
    ...(read.length === 0 ? ['Read by nobody so far.'] : ['Read by:', ...read]),
  ].join('\n');
}
