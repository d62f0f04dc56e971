/**
 * A release of Postfix; the third number is the patch level, infinite where only the series (`3.7`) is told: the newest
 * of it.
 */
export type Version = readonly [major: number, minor: number, patch: number];

/** Reads `3.7`, `3.7.11`, `3.12-20260821`; null for what is none. */
export function versionOf(text: string): Version | null {
  const [, major, minor, patch] = /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:-[\w.-]+)?$/.exec(text.trim()) ?? [];
  if (major === undefined || minor === undefined) return null;
  return [Number(major), Number(minor), patch === undefined ? Number.POSITIVE_INFINITY : Number(patch)];
}

/** The series whose defaults are known, oldest first, each at its newest patch level. */
const knownSeries: readonly Version[] = [
  [2, 11],
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((minor) => [3, minor] as const),
].map(([major = 0, minor = 0]): Version => [major, minor, Number.POSITIVE_INFINITY]);

/**
 * Whether something that came with `since` is in `version`. What came with a series (`3.9`) is in all later ones; what
 * came with a patch level (`3.8.4`) was carried back to that series, and is in no other.
 */
export function isIn(since: string, version: Version): boolean {
  const [major = 0, minor = 0, patch] = since.split('.').map(Number);
  if (patch !== undefined) return major === version[0] && minor === version[1] && patch <= version[2];
  return major < version[0] || (major === version[0] && minor <= version[1]);
}

/**
 * The versions that may be meant where none is told: all that we know, but for those to which `compatibility_level`
 * (3.0 and later; a level is at most the version's own number) means nothing.
 */
export function versionsWith(compatibilityLevel: string | null): readonly Version[] {
  if (compatibilityLevel === null) return knownSeries;
  const [, level = '0'] = /^\s*(\d{1,3}(?:\.\d{1,3})?)/.exec(compatibilityLevel) ?? [];
  const [major = 0, minor = 0] = level.split('.').map(Number);
  const least = major < 3 ? [3, 0] : [major, minor];
  const fitting = knownSeries.filter((version) => isIn(least.join('.'), version));
  return fitting.length > 0 ? fitting : knownSeries.slice(-1);
}
