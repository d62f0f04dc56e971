/**
 * What the library does: scan, and judge again. By itself, so that a command which needs no more does not load every
 * reporter with it (`index.ts` names them all), which takes longer than all the rest.
 */
import { probes as catalogue } from '../probes/index.ts';
import type { Probe } from './kit/domain-probe.ts';
import { defaultPolicy, type Policy } from './model/policy.ts';
import type { Report } from './model/report.ts';
import type { Target } from './model/target.ts';
import { UsageError } from './model/usage-error.ts';
import { checkOptions, checkTargets } from './scan/checked-options.ts';
import type { OnScanEvent } from './scan/events.ts';
import { judgeAgain as judgeSaved } from './scan/judge-again.ts';
import { defaultOptions, type ScanOptions } from './scan/options.ts';
import { scanTargets } from './scan/scan.ts';
import { version } from './version.ts';

/** The catalogue: all probes, in the order of their findings. */
export const probes: readonly Probe[] = catalogue;

/**
 * Scans targets and resolves to the report; what goes wrong on the wire or in DNS is in it. `helo`, a FQDN of the
 * scanning host, is the only option without a default. `withProbes` replaces the catalogue: `[...probes, mine]`,
 * findings come in that order.
 *
 * Throws `UsageError` where an option or a target is not what it must be, and where `options.probes` or `options.skip`
 * name a probe that is not among them: nothing asked is not all clear.
 */
export async function scan(
  targets: readonly Target[],
  options: Partial<ScanOptions> & Pick<ScanOptions, 'helo'>,
  onEvent: OnScanEvent = () => {},
  withProbes: readonly Probe[] = catalogue,
): Promise<Report> {
  const all = { ...defaultOptions, ...options };
  checkTargets('targets', targets);
  checkOptions(all);
  refuseStrangers([...all.probes, ...all.skip], withProbes);
  return await scanTargets(targets, {
    probes: withProbes,
    options: all,
    version: version(),
    onEvent,
  });
}

function refuseStrangers(ids: readonly string[], known: readonly Probe[]): void {
  const stranger = ids.find((id) => !known.some((probe) => probe.id === id));
  if (stranger !== undefined) {
    throw new UsageError(`"${stranger}" is no probe: there are ${known.map(({ id }) => id).join(', ')}`);
  }
}

/**
 * Judges a saved report (`JSON.parse` of `--format json`) again, without network: under the policy of its scan, which
 * it keeps and which is the default, the findings are the same. A finding whose probe is not among `withProbes` stays
 * as it is. `day`, ISO 8601: by it waivers hold or are over. Pure. Throws `UsageError` where `report` is none, or
 * `day`.
 */
export function judge(
  report: Report,
  policy: Policy = report?.policy ?? defaultPolicy,
  withProbes: readonly Probe[] = catalogue,
  day: string = report?.startedAt,
): Report {
  if (!Array.isArray(report?.endpoints))
    throw new UsageError('report: it has no endpoints: readReport reads one out of a text');
  if (Number.isNaN(Date.parse(day)))
    throw new UsageError(`day: ${JSON.stringify(day)} is no date: write one such as 2026-01-31`);
  return judgeSaved(report, withProbes, policy, day);
}

/**
 * A report out of the text that `--format json` wrote, checked whole. Rejects with a `UsageError` that names what is
 * wrong by its path; observations of probes that are not among `withProbes` stay unchecked.
 */
export async function readReport(text: string, withProbes: readonly Probe[] = catalogue): Promise<Report> {
  const { savedReport } = await import('./scan/saved-report.ts');
  return await savedReport(JSON.parse(text), withProbes);
}

/** The same under the name of what it does to a saved report. */
export { judge as judgeAgain };

/**
 * Reads a policy, YAML or JSON, for these probes. Rejects with a `UsageError` that begins with `file`, line and column.
 */
export async function readPolicy(
  text: string,
  file = 'policy',
  withProbes: readonly Probe[] = catalogue,
): Promise<Policy> {
  const { readPolicy: read } = await import('./policy/read-policy.ts');
  return read(text, { file, name: 'policy', probes: withProbes.map(({ id }) => id) });
}
