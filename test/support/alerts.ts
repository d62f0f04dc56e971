import type { Incident } from '../../src/monitor/alerts/incident.ts';
import type { AlertRules } from '../../src/monitor/alerts/plan.ts';
import type { Plan, WatchParts } from '../../src/monitor/watch.ts';

/** A watch that tells nobody anything. */
export const untold: Pick<Plan, 'hearing' | 'alerts'> = {
  hearing: () => ({ alertOn: 'medium', confirm: 0, recover: 1 }),
  alerts: () => alertRules({ channels: [] }),
};

export const unsent: WatchParts['send'] = async () => {
  throw new Error('there is no channel');
};

/** Everything goes to every channel at once, but for what a test says. */
export function alertRules(parts: Partial<AlertRules> = {}): AlertRules {
  const channels = parts.channels ?? ['mail'];
  return {
    channels,
    route: () => ({
      severity: null,
      tag: null,
      match: null,
      digest: null,
      to: channels.map((channel) => ({ channel, after: 0 })),
    }),
    isQuiet: () => false,
    remind: () => null,
    digestAt: (_, at) => at,
    groupWait: 0,
    mostAnHour: 20,
    link: null,
    command: ({ host, port }: Incident) => `mxprobe scan ${host}:${port}`,
    ...parts,
  };
}
