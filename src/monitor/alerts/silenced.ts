import type { Monitor } from '../config/config.ts';
import { matcherOf } from '../config/match.ts';

/** Whether a silence (`mx`, `tag:own`, `mx/open-relay`) is about a probe of a monitor. */
export function silenceMatches(
  match: string,
  monitor: Pick<Monitor, 'name' | 'group' | 'tags'>,
  probe: string,
): boolean {
  const [who = '', one] = match.split('/');
  return matcherOf(who)(monitor) && (one === undefined || one === probe);
}
