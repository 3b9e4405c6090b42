/** What happened to a text, as text. */
import type { TextStory } from '../app/ports/administration.ts';

export function renderTextStory(story: TextStory): string {
  const { messageId, from, to, at, parts, direction, state, end, entries } = story;
  const what = direction === 'out' ? `${state}; accepted` : 'received';
  return [
    `Text ${messageId} from ${from} to ${to}`,
    `${what} ${at}, ${parts} part(s)`,
    ...(end
      ? [
          '',
          `${end.code} ${end.name} (${end.row}, ${end.situation})`,
          ...(end.detail === undefined ? [] : [`  Here: ${end.detail}`]),
          `  It means: ${end.meaning}`,
          `  What to do: ${end.advice}`,
          `  To see it again: ${end.reproduce}`,
        ]
      : []),
    '',
    'What happened to it:',
    ...entries.map((entry) => `  ${entry.at}  ${entry.text}`),
  ].join('\n');
}
