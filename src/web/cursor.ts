/** Where a reader stopped: at what time, and how many of that time it has. */
export interface Cursor {
  readonly until: number;
  readonly skip: number;
}

/** Null for what is none. */
export function cursorOf(text: string | undefined): Cursor | null {
  const [, until, skip] = /^(\d{1,15})-(\d{1,9})$/.exec(text ?? '') ?? [];
  return until === undefined ? null : { until: Number(until), skip: Number(skip) };
}

/** The cursor behind the first `most` of what was found; null where that was all. */
export function nextCursor<T>(
  found: readonly T[],
  most: number,
  before: Cursor | null,
  timeOf: (one: T) => number,
): string | null {
  const last = found[most - 1];
  if (found.length <= most || last === undefined) return null;
  const until = timeOf(last);
  const same = found.slice(0, most).filter((one) => timeOf(one) === until).length;
  return `${until}-${same + (before !== null && before.until === until ? before.skip : 0)}`;
}
