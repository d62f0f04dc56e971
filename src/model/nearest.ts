/** The candidate that a slip of the finger turns into `word`, or null where none is near. */
function nearest(word: string, candidates: readonly string[]): string | null {
  const lower = word.toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distance(lower, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  const slips = Math.max(2, Math.floor(word.length / 3));
  if (best !== undefined && best.distance <= slips && best.distance < word.length) return best.candidate;
  return lower.length < 3 ? null : (candidates.find((candidate) => candidate.startsWith(lower)) ?? null);
}

/** `: did you mean x?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[], prefix = ''): string {
  const near = nearest(word, candidates);
  return near === null ? '' : ` - did you mean ${prefix}${near}?`;
}

/**
 * Letters to put in, take out, change, or swap with the next, to make one word of the other; `enough` where there are
 * as many or more. The time grows with the product of their lengths.
 */
export function distance(one: string, other: string, enough = Number.POSITIVE_INFINITY): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  const at = (numbers: readonly number[], index: number) => numbers[index] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const changed = at(row, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swapped = isSwap ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(at(row, j) + 1, at(next, j - 1) + 1, changed, swapped));
    }
    if (Math.min(...next) >= enough) return enough;
    [before, row] = [row, next];
  }
  return Math.min(enough, at(row, other.length));
}
