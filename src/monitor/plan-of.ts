import type { Report } from '../model/report.ts';
import { defaultRestraint } from '../model/restraint.ts';
import type { Target } from '../model/target.ts';
import type { ScanOptions } from '../scan/options.ts';
import type { Monitor, MonitorConfig, Schedule } from './config/config.ts';
import { scanOptionsOf } from './config/scan-options.ts';
import type { Run } from './run.ts';
import { dueTimesOf } from './schedule/due-times.ts';
import type { AddressLeases, MirroredMonitor } from './store.ts';
import type { Plan } from './watch.ts';

export interface PlanParts {
  scan(targets: readonly Target[], options: Partial<ScanOptions> & Pick<ScanOptions, 'helo'>): Promise<Report>;
  readonly leases: AddressLeases;
  /** The EHLO name where the file names none. */
  readonly helo: string;
}

/** What a file makes of the loop. */
export function planOf(config: MonitorConfig, { scan, leases, helo }: PlanParts): Plan {
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
    times: dueTimesOf(config.monitors),
    retention: config.retention,
    scan: async (run, signal) => {
      const { monitor, schedule } = found(run);
      const options = scanOptionsOf(monitor, schedule);
      return await scan(monitor.targets, { ...options, helo: options.helo ?? helo, signal, lease: leases.take });
    },
    deadline: (run) => deadlineOf(found(run).schedule),
  };
}

const mirrored = ({ name, targets, tags, policy, schedules }: Monitor): MirroredMonitor => ({
  id: name,
  spec: JSON.stringify({ targets: targets.map(({ input }) => input), tags, policy: policy.name }),
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
