/** What a handset says to be left alone, to be written to again, or to be helped. */

export type Keyword = 'stop' | 'start' | 'help';

/**
 * STOP, START, UNSTOP and HELP are those of ACS (`reference/sms.md` §2). The other words for leaving are those that the
 * CTIA's messaging principles name beside STOP, and that carriers act upon.
 */
const words: Readonly<Record<Keyword, readonly string[]>> = {
  stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'],
  start: ['START', 'UNSTOP'],
  help: ['HELP', 'INFO'],
};

const byWord: ReadonlyMap<string, Keyword> = new Map(
  (Object.entries(words) as [Keyword, readonly string[]][]).flatMap(([keyword, list]) =>
    list.map((word) => [word, keyword] as const),
  ),
);

/** The whole message, whatever its case; undefined: it is a message like any other. */
export const keywordOf = (text: string): Keyword | undefined => byWord.get(text.trim().toUpperCase());
