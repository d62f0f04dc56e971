import { distance } from '../model/nearest.ts';

/**
 * The name that was meant, as far as spelling tells: the nearest within a few letters. Null where none is near, or two
 * are.
 */
export function meantBy(name: string, names: readonly string[]): string | null {
  const most = Math.min(3, Math.floor(name.length / 4));
  let found: string[] = [];
  let least = most;
  for (const candidate of names) {
    if (Math.abs(candidate.length - name.length) > least) continue;
    const apart = distance(name.toLowerCase(), candidate.toLowerCase(), least + 1);
    if (apart > least) continue;
    found = apart < least ? [candidate] : [...found, candidate];
    least = apart;
  }
  return found.length === 1 ? (found[0] ?? null) : null;
}
