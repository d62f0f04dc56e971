import type { Report } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import type { PostfixConfiguration } from '../postfix/configuration.ts';
import { scanPlanOf, takesMailFor } from '../verify/scan-plan.ts';
import type { Given } from './arguments.ts';
import { say } from './complain.ts';
import { ownName } from './helo.ts';
import type { Io } from './io.ts';
import { writePlan } from './plan.ts';
import { readTargets } from './read-targets.ts';
import { targetsApart } from './scan.ts';
import { outOfReach, scanAloud } from './scan-into.ts';
import { readScanOptions } from './scan-options.ts';
import type { Sink } from './sinks.ts';

/** Scans with the probes that rows need, told what the file knows: its domain, its window. With `--plan`: null, and the plan is written. */
export async function scanToVerify(
  all: Given,
  configuration: PostfixConfiguration,
  sinks: readonly Sink<never>[],
  io: Io,
): Promise<Report | null> {
  const given = targetsApart(all);
  const scanner = await io.scanner();
  const known = scanner.probes.map(({ id }) => id);
  const read = await readScanOptions(given, known);
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
  if (given.has('plan')) {
    writePlan(targets, chosen, scanner.probes, sinks);
    return null;
  }
  const helo = chosen.helo ?? ownName(io);
  const external = chosen.external ?? outsideOf(helo, configuration);
  const report = await scanAloud(scanner, targets, { ...chosen, helo, external }, io);
  for (const line of outOfReach(report)) say(line, io);
  return report;
}

/** An address that is outside for sure: our own domain may be one of the server's. Null: the scan's own choice will do. */
function outsideOf(helo: string, configuration: PostfixConfiguration): string | null {
  const labels = helo.split('.');
  const names = labels.map((_, index) => labels.slice(index).join('.'));
  return names.some((name) => takesMailFor(configuration, name)) ? 'mxprobe-relay-test@example.net' : null;
}
