/** Phrases as words, so that "Sales, please!" and "sales please" are one. */

const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** Up to 99 as a number, longer ones digit by digit: "42" is forty two, "911" nine one one. */
function numberWords(digits: string): readonly string[] {
  const value = Number(digits);
  if (digits.length > 2 || (digits.length === 2 && value < 10)) return [...digits].flatMap(numberWords);
  if (value < 20) return [small[value]!];
  const ten = tens[Math.floor(value / 10) - 2]!;
  return value % 10 === 0 ? [ten] : [ten, small[value % 10]!];
}

/** In lower case, without accents and punctuation; numbers as English words. */
export const wordsOf = (phrase: string): readonly string[] =>
  phrase
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/&/g, ' and ')
    .replace(/\p{Mark}/gu, '')
    .split(/[^\p{L}\p{N}']+/u)
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '')
    .flatMap((word) => (/^[0-9]+$/.test(word) ? numberWords(word) : [word]));

/** The phrase that has exactly the words of the text. */
export function phraseIn(phrases: readonly string[], text: string): string | undefined {
  const said = wordsOf(text).join(' ');
  return phrases.find((phrase) => wordsOf(phrase).join(' ') === said);
}
