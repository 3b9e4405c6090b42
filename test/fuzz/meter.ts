/**
 * Counts what code does with strings, in characters looked at, so that a test can tell linear from quadratic without a
 * clock. Everything that reads a string is counted: comparisons by index are not, but nothing here loops over those alone.
 */
type Cost = (subject: string, args: readonly unknown[], result: unknown) => number;

const whole: Cost = (subject) => subject.length + 1;
const single: Cost = () => 1;
const sought: Cost = (subject, [, from], result) => {
  const start = typeof from === 'number' ? from : 0;
  return (
    1 + (typeof result === 'number' && result >= 0 ? result - start : Math.max(0, subject.length - start))
  );
};

const stringCosts: Readonly<Record<string, Cost>> = {
  charCodeAt: single,
  slice: single,
  startsWith: (_subject, [sought]) => String(sought).length,
  endsWith: (_subject, [sought]) => String(sought).length,
  indexOf: sought,
  includes: (subject, [searched]) => {
    const at = plainIndexOf.call(subject, String(searched));
    return 1 + (at < 0 ? subject.length : at);
  },
  lastIndexOf: whole,
  trim: single,
  trimEnd: single,
  split: whole,
  replace: whole,
  toLowerCase: whole,
  toUpperCase: whole,
};
const plainIndexOf = String.prototype.indexOf;

interface Counter {
  total: number;
}

/** Puts a counting method in place of a method; the result puts it back. */
function replaceMethod(owner: object, name: string, by: (plain: Method) => Method): () => void {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  if (!original) throw new Error(`no ${name}`);
  Object.defineProperty(owner, name, { ...original, value: by(original.value as Method) });
  return () => Object.defineProperty(owner, name, original);
}

type Method = (this: unknown, ...args: readonly unknown[]) => unknown;

function countStrings(counter: Counter): readonly (() => void)[] {
  return Object.entries(stringCosts).map(([name, cost]) =>
    replaceMethod(
      String.prototype,
      name,
      (plain) =>
        function (...args) {
          const result = Reflect.apply(plain, this, args);
          counter.total += cost(String(this), args, result);
          return result;
        },
    ),
  );
}

/** `replace`, `split` and `test` come here too, once for each place they look at. */
function countExpressions(counter: Counter): () => void {
  return replaceMethod(
    RegExp.prototype,
    'exec',
    (plain) =>
      function (...args) {
        const expression = this as RegExp;
        const from = expression.global || expression.sticky ? expression.lastIndex : 0;
        const found = Reflect.apply(plain, this, args) as RegExpExecArray | null;
        const unfound = expression.sticky ? from : String(args[0]).length;
        const end = found ? found.index + found[0].length : unfound;
        counter.total += 1 + end - from;
        return found;
      },
  );
}

/** Characters looked at while `run` runs. */
export function worked(run: () => void): number {
  const counter: Counter = { total: 0 };
  const undo = [...countStrings(counter), countExpressions(counter)];
  try {
    run();
  } finally {
    for (const restore of undo) restore();
  }
  return counter.total;
}
