import type { Incident, Silence } from '../monitor/alerts/incident.ts';
import { silenceMatches } from '../monitor/alerts/silenced.ts';
import type { MonitorConfig } from '../monitor/config/config.ts';

/** Silences that keep an incident quiet, or will. */
export function silencesOf(incident: Incident, silences: readonly Silence[], { monitors }: MonitorConfig): Silence[] {
  const { monitor: name, probe } = incident;
  const monitor = monitors.find((one) => one.name === name) ?? { name, group: name, tags: [] };
  return silences.filter(({ match }) => silenceMatches(match, monitor, probe));
}
