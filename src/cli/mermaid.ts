/** A timeline as a Mermaid sequence diagram. */
import type { Timeline, TimelineEntry } from '../app/explain/timeline.ts';

/** What Mermaid's grammar, its entity placeholders or a browser would read as markup. */
const entities: Readonly<Record<string, string>> = {
  '#': '#35;',
  ';': '#59;',
  '"': '#quot;',
  '<': '#lt;',
  '>': '#gt;',
  '&': '#amp;',
  '`': '#96;',
};

/** One line of text that Mermaid shows as it is. */
export function escapeText(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ')
    .trim()
    .replace(/[#;"<>&`]/g, (character) => entities[character] ?? character)
    // `%%` starts a comment or a directive anywhere in a line.
    .replaceAll('%%', '#37;#37;');
  // Mermaid drops the last character of what it takes for a style statement.
  const safe = /style|classDef/.test(line) ? line.replaceAll(':', '#58;') : line;
  return safe === '' ? '(empty)' : safe;
}

const longest = 120;

/** Cut before escaping, so that no entity is cut in two. */
function shown({ text, offsetMs }: TimelineEntry): string {
  const characters = [...text];
  const cut = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
  return escapeText(`+${(offsetMs / 1000).toFixed(3)} ${cut}`);
}

function arrow({ kind, detail = {} }: TimelineEntry): string {
  if (kind === 'delivery') return detail.failed === true ? '--x' : '->>';
  if (kind === 'event') return '-->>';
  if (detail.unanswered === true || (kind === 'request' && detail.failed === true)) return '--x';
  return kind === 'sip' && detail.status !== undefined ? '-->>' : '->>';
}

/** The server stands in the middle: applications on its left, phones on its right. */
function side(lifeline: string): number {
  if (lifeline === 'ringback') return 1;
  return lifeline.startsWith('carrier') ? 2 : 0;
}

/** Text of a `sequenceDiagram` that renders whatever the far ends wrote into it. */
export function renderMermaid(timeline: Timeline): string {
  const named = ['ringback', ...timeline.entries.flatMap(({ from, to }) => [from, to])];
  const lifelines = [...new Set(named)].sort((a, b) => side(a) - side(b));
  const id = (lifeline: string): string => `p${lifelines.indexOf(lifeline)}`;
  const lines = timeline.entries.map((entry) =>
    entry.from === entry.to
      ? `Note over ${id(entry.from)}: ${shown(entry)}`
      : `${id(entry.from)}${arrow(entry)}${id(entry.to)}: ${shown(entry)}`,
  );
  const participants = lifelines.map((lifeline) => `participant ${id(lifeline)} as ${escapeText(lifeline)}`);
  return ['sequenceDiagram', ...[...participants, ...lines].map((line) => `  ${line}`)].join('\n');
}
