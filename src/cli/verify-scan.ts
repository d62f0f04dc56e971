import type { Report } from '../model/report.ts';
import type { PostfixConfiguration } from '../postfix/configuration.ts';
import { type ScanPlan, scanPlanOf, takesMailFor } from '../verify/scan-plan.ts';
import type { CommandLine } from './arguments.ts';
import { say } from './complain.ts';
import { ownName } from './helo.ts';
import type { Io } from './io.ts';
import { writePlan } from './plan.ts';
import { openReceivers } from './receivers.ts';
import { outOfReach, scanAloud } from './scan-into.ts';
import { type Question, readQuestion } from './scan-question.ts';
import type { Sink } from './sinks.ts';

/** Scans with the probes that rows need, told what the file knows. With `--plan`: null, and the plan is written. */
export async function scanToVerify(
  given: CommandLine,
  configuration: PostfixConfiguration,
  sinks: readonly Sink<never>[],
  io: Io,
): Promise<Report | null> {
  const asked = await readQuestion(given, 'mxprobe verify --postconf main.cf mail.example.com:25', io);
  const plan = scanPlanOf(configuration);
  const question = { ...asked, options: toldBy(plan, asked) };
  const { maxEvents } = question.options.restraint;
  if (plan.events !== null && plan.events > maxEvents && question.options.allow === 'load')
    say(
      `the files set limits that ${maxEvents} events do not reach: --max-events ${plan.events} shows the highest`,
      io,
    );
  if (given.has('plan')) {
    writePlan(question, sinks);
    return null;
  }
  const { scanner, targets, options } = question;
  const helo = options.helo ?? ownName(io);
  const external = options.external ?? outsideOf(helo, configuration);
  await using receivers = await openReceivers(given, io, options.tlsCa);
  const { sink, inbox } = receivers;
  const report = await scanAloud(scanner, targets, { ...options, sink, inbox, helo, external }, io);
  for (const line of outOfReach(report)) say(line, io);
  return report;
}

/** The user's options, and what the file knows beside them: which probes have rows, its domain, its window. */
function toldBy(plan: ScanPlan, { scanner, options }: Question): Question['options'] {
  const known = scanner.probes.map(({ id }) => id);
  const wanted = plan.probes.filter((id) => known.includes(id) && !options.skip.includes(id));
  return {
    ...options,
    probes: options.probes.length === 0 ? wanted : options.probes,
    domain: options.domain ?? (options.recipient === null ? plan.domain : null),
    restraint: { ...options.restraint, assumedWindowSeconds: plan.windowSeconds },
  };
}

/**
 * An address that is outside for sure: our own domain may be one of the server's. Null: the scan's own choice will do.
 */
function outsideOf(helo: string, configuration: PostfixConfiguration): string | null {
  const labels = helo.split('.');
  const names = labels.map((_, index) => labels.slice(index).join('.'));
  return names.some((name) => takesMailFor(configuration, name)) ? 'mxprobe-relay-test@example.net' : null;
}
