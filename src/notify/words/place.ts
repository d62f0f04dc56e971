import type { Trouble } from '../../monitor/alerts/incident.ts';

/** `mx1.example.com:25`, a domain, or what of the watch it is. */
export function placeOf({ kind, host, port, probe }: Trouble): string {
  if (kind === 'vantage') return 'this machine';
  if (kind === 'self') return probe === '' ? 'mxprobe' : `mxprobe, ${probe}`;
  if (port === 0) return host;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
