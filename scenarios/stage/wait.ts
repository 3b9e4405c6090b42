const limitMs = 15_000;

/** Asks again until it is so; fails after a bounded wait, saying why it is not so yet. */
export async function until<T>(
  what: string,
  ask: () => Promise<{ readonly is: T } | { readonly notYet: string }>,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if ('is' in answer) return answer.is;
    if (performance.now() > end) throw new Error(`${what}: not within ${limitMs / 1000} s, ${answer.notYet}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
