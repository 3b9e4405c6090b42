/** Why a call ended, as text. */
import type { ExplainedParticipant, Explanation } from '../app/explain/timeline.ts';
import { breakable, clockTime, columns } from './table.ts';
import { wrap } from './wrap.ts';

const labelled = (label: string, text: string): string => {
  const left = `  ${`${label}:`.padEnd(12)} `;
  return (
    left +
    wrap(breakable(text, columns - left.length), { width: columns - left.length }).replaceAll(
      '\n',
      `\n${' '.repeat(left.length)}`,
    )
  );
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Its own words only where they differ from those of the call. */
function participant({ who, row, name, words }: ExplainedParticipant, ofCall: string | undefined): string {
  if (row === undefined) return `${who}: in the call`;
  return `${who}: ${row} ${name ?? ''}${words === undefined || words === ofCall ? '' : ` (${words})`}`;
}

function participants({ participants: all, end }: Explanation): readonly string[] {
  return all.map((one, index) =>
    labelled(index === 0 ? 'Each side' : '', participant(one, end?.words)).replace(/^ {2}: /, '    '),
  );
}

function ended(explanation: Explanation, end: NonNullable<Explanation['end']>): readonly string[] {
  const { row, name, category, words, meaning, advice, reproduce, detail, sip, q850, otherwise, situation } =
    end;
  const carried = [
    ...(sip ? [`SIP ${sip.code} ${sip.message}`] : []),
    ...(q850 ? [`Q.850 cause ${q850.code} ${q850.message}`.trimEnd()] : []),
  ];
  return [
    `Ended with ${row}: ${name}`,
    '',
    labelled('Cause', `${sentence(words)} (${situation})`),
    ...(detail === undefined ? [] : [labelled('Namely', detail)]),
    ...(carried.length === 0 ? [] : [labelled('Carried', carried.join('; '))]),
    labelled('Category', category ?? 'none printed'),
    labelled('Meaning', meaning),
    ...(advice === '' ? [] : [labelled('What to do', advice)]),
    ...otherwise.map((text) => labelled('Otherwise', sentence(text))),
    ...participants(explanation),
    ...(reproduce === '' ? [] : [labelled('See it', reproduce)]),
  ];
}

function alive(explanation: Explanation): readonly string[] {
  const { standing = [], waitingFor = [] } = explanation.live ?? {};
  return [
    'Still alive',
    '',
    ...standing.map((text) => labelled('Stands', sentence(text))),
    ...waitingFor.map(({ what, due }) =>
      labelled('Waits for', due === undefined ? what : `${what}, until ${clockTime(due)} UTC`),
    ),
    ...participants(explanation),
  ];
}

/** Row, category, meaning, cause in words, advice, how to see it again. */
export function verdictBlock(explanation: Explanation): string {
  const { end } = explanation;
  return (end ? ended(explanation, end) : alive(explanation)).join('\n');
}

/** The verdict, and the facts that led there. */
export function renderVerdict(explanation: Explanation): string {
  const because = explanation.because.map(({ offsetMs, text }) => {
    const left = `  ${(offsetMs / 1000).toFixed(3).padStart(9)}  `;
    return (
      left +
      wrap(breakable(text, columns - left.length), { width: columns - left.length }).replaceAll(
        '\n',
        `\n${' '.repeat(left.length)}`,
      )
    );
  });
  return [
    `Call ${explanation.callId}`,
    verdictBlock(explanation),
    '',
    explanation.end ? 'What led there:' : 'What happened so far:',
    ...because,
    '',
    `Everything, with every SIP message: ringback call ${explanation.callId}`,
  ].join('\n');
}
