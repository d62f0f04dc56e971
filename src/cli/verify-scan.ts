import type { Report } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import type { PostfixConfiguration } from '../postfix/configuration.ts';
import type { Page } from '../report/layout.ts';
import { scanPlanOf, takesMailFor } from '../verify/scan-plan.ts';
import type { Given } from './arguments.ts';
import { say } from './complain.ts';
import type { Io } from './io.ts';
import { planText } from './plan.ts';
import { showProgress } from './progress.ts';
import { readTargets } from './read-targets.ts';
import { ownName, targetsApart } from './scan.ts';
import { interruptible, outOfReach } from './scan-into.ts';
import { readScanOptions } from './scan-options.ts';

type Seen = { readonly report: Report } | { readonly plan: (page: Page) => string };

/** Scans with the probes that rows need, told what the file knows: its domain, its window. With `--plan` it only says what it would do. */
export async function scanToVerify(all: Given, configuration: PostfixConfiguration, io: Io): Promise<Seen> {
  const given = targetsApart(all);
  const { probes: catalogue, scan } = await io.library();
  const known = catalogue.map(({ id }) => id);
  const read = readScanOptions(given, known);
  const plan = scanPlanOf(configuration);
  const wanted = plan.probes.filter((id) => known.includes(id) && !read.skip.includes(id));
  const probes = read.probes.length === 0 ? wanted : read.probes;
  if (given.words.length === 0)
    throw new UsageError('no target: mxprobe verify --postconf main.cf mail.example.com:25');
  const targets = await readTargets(given.words, io);
  const chosen = {
    ...read,
    probes,
    domain: read.domain ?? (read.recipient === null ? plan.domain : null),
    limits: { ...read.limits, assumedWindowSeconds: plan.windowSeconds },
  };
  if (given.has('plan')) return { plan: (page) => planText(targets, chosen, catalogue, page) };
  const helo = chosen.helo ?? ownName(io);
  const external = chosen.external ?? outsideOf(helo, configuration);
  const report = await interruptible(io, (signal) => {
    const progress = showProgress(io.stderr);
    return scan(targets, { ...chosen, helo, external, signal }, progress.onEvent).finally(progress.stop);
  });
  for (const line of outOfReach(report)) say(line, io);
  return { report };
}

/** An address that is outside for sure: our own domain may be one of the server's. Null: the scan's own choice will do. */
function outsideOf(helo: string, configuration: PostfixConfiguration): string | null {
  const labels = helo.split('.');
  const names = labels.map((_, index) => labels.slice(index).join('.'));
  return names.some((name) => takesMailFor(configuration, name)) ? 'mxprobe-relay-test@example.net' : null;
}
