import type { Monitor } from '../config/config.ts';
import { matcherOf } from '../config/match.ts';

/** Whether a silence (`mx`, `tag:own`, `mx/open-relay`) is about a probe of a monitor; null: about any. */
export function silenceMatches(
  match: string,
  monitor: Pick<Monitor, 'name' | 'group' | 'tags'>,
  probe: string | null,
): boolean {
  const [who = '', one] = match.split('/');
  return matcherOf(who)(monitor) && (one === undefined || probe === null || one === probe);
}
