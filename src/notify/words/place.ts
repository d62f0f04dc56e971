import type { Trouble } from '../../monitor/alerts/incident.ts';
import { serverWords } from '../../monitor/words/common.ts';

/** `mx1.example.com:25`, a domain, or what of the watch it is. */
export function placeOf({ kind, probe, ...where }: Trouble): string {
  if (kind === 'vantage') return 'this machine';
  if (kind === 'self') return probe === '' ? 'mxprobe' : `mxprobe, ${probe}`;
  return serverWords(where);
}
