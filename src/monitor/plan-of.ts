import { safeties } from '../model/judgement.ts';
import type { Report } from '../model/report.ts';
import { defaultRestraint } from '../model/restraint.ts';
import type { Target } from '../model/target.ts';
import type { ScanOptions } from '../scan/options.ts';
import { alertRulesOf } from './alerts/rules.ts';
import type { Monitor, MonitorConfig, Schedule } from './config/config.ts';
import { scanOptionsOf } from './config/scan-options.ts';
import { confirm, type Run } from './run.ts';
import { dueTimesOf } from './schedule/due-times.ts';
import type { AddressLeases, MirroredMonitor, Store } from './store.ts';
import type { Plan } from './watch.ts';

export interface PlanParts {
  scan(targets: readonly Target[], options: Partial<ScanOptions> & Pick<ScanOptions, 'helo'>): Promise<Report>;
  readonly leases: AddressLeases;
  readonly store: Pick<Store, 'incidents'>;
  /** How long alerts wait for others, to be told together. */
  readonly groupWait: number;
  /** Whether what is due is scanned once, and nothing is waited for. */
  readonly isOnce: boolean;
  /** Where the pages are. */
  readonly link: string | null;
  /** The EHLO name where the file names none. */
  readonly helo: string;
}

/** What a file makes of the loop. */
export function planOf(config: MonitorConfig, { scan, leases, helo, store, groupWait, isOnce, link }: PlanParts): Plan {
  const known = new Map(config.monitors.map((monitor) => [monitor.name, monitor]));
  const found = (run: Run): { monitor: Monitor; schedule: Schedule } => {
    const monitor = known.get(run.monitor);
    // What a person asked for goes by the schedule that the file names first.
    const schedule = monitor?.schedules.find(({ name }) => name === run.schedule) ?? monitor?.schedules[0];
    if (monitor === undefined || schedule === undefined) throw new Error(`"${run.monitor}" has left the file`);
    return { monitor, schedule };
  };
  return {
    monitors: config.monitors.map(mirrored),
    times: dueTimesOf(config.monitors, isOnce),
    retention: config.retention,
    scan: async (run, signal) => {
      const { monitor, schedule } = found(run);
      const options = scanOptionsOf(monitor, run.schedule === confirm ? await again(schedule, run.monitor) : schedule);
      return await scan(monitor.targets, { ...options, helo: options.helo ?? helo, signal, lease: leases.take });
    },
    deadline: (run) => deadlineOf(found(run).schedule),
    hearing(run) {
      const { monitor, schedule } = found(run);
      const { alertOn, confirm: wait, recover } = monitor.alerts;
      // What was measured under load is not measured again at once, nor is what may do harm.
      const isQuiet = safeties.indexOf(schedule.allow) <= safeties.indexOf('active');
      return { alertOn, recover, confirm: isQuiet ? wait : 0 };
    },
    alerts: alertRulesOf(config, { groupWait: isOnce ? 0 : groupWait, link }),
  };

  /** Asks about what is suspected, and whether the servers are there. */
  async function again(schedule: Schedule, monitor: string): Promise<Schedule> {
    const open = await store.incidents({ monitor, isOpen: true });
    const probes = open.filter(({ state, probe }) => state === 'suspected' && probe !== '').map(({ probe }) => probe);
    return { ...schedule, allow: 'active', probes: [...new Set(['reachable', ...probes])], skip: [] };
  }
}

const mirrored = ({ name, group, targets, tags, policy, schedules }: Monitor): MirroredMonitor => ({
  id: name,
  spec: JSON.stringify({ group, targets: targets.map(({ input }) => input), tags, policy: policy.name }),
  schedules: schedules.map((schedule) => ({
    name: schedule.name,
    spec: JSON.stringify({ when: schedule.when, timezone: schedule.timezone }),
  })),
});

/** Half as long again as a scan may take by itself. */
function deadlineOf({ deadline, allow }: Schedule): number {
  const { addressSeconds, loadSeconds } = defaultRestraint;
  return deadline ?? 1500 * (addressSeconds + (allow === 'load' ? loadSeconds : 0));
}
