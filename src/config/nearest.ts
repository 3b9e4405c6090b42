/** The candidate that a misspelt word most likely meant; `spelling` says which part of a candidate is compared. */
export function nearest(
  word: string,
  candidates: readonly string[],
  spelling: (candidate: string) => string = (candidate) => candidate,
): string | undefined {
  const plain = word.toLowerCase();
  const near = candidates
    .map((candidate) => ({ candidate, distance: editDistance(plain, spelling(candidate).toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(word.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
