import type { ScanOptions } from '../../scan/options.ts';
import type { Monitor, Schedule } from './config.ts';

/** What a run is told; `helo` is null where the file names none: the caller has a name of this host. */
export function scanOptionsOf(
  { options, policy, alerts }: Monitor,
  { allow, authorized, probes, skip }: Schedule,
): Omit<
  ScanOptions,
  'helo' | 'egress' | 'sink' | 'inbox' | 'waitSeconds' | 'restraint' | 'signal' | 'clock' | 'lease'
> & {
  readonly helo: string | null;
} {
  return { ...options, policy, failOn: alerts.alertOn, allow, authorized, probes, skip };
}
