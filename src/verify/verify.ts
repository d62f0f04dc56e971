import { cite } from '../model/reply.ts';
import type { EndpointReport, Report } from '../model/report.ts';
import {
  isHeavy,
  type Problem,
  type RowVerdict,
  rowVerdicts,
  type Verification,
  type VerifiedEndpoint,
  type VerifyRow,
} from '../model/verification.ts';
import type { PostfixConfiguration, Setting, SmtpdService } from '../postfix/configuration.ts';
import { isParameter } from '../postfix/parameters.ts';
import { allRows } from './all-rows.ts';
import { matchService } from './match-service.ts';
import { contradicted, notTold, notVisible, type Outcome, type RowContext, type RowDefinition } from './row.ts';
import { shownBy } from './shown.ts';
import { untold } from './untold.ts';
import { usIn } from './us.ts';
import { whereOf, whyUnknown } from './where.ts';

export interface VerifyOptions {
  /** The line of master.cf that is scanned, by its name; null: told by the port. */
  readonly service: string | null;
  /** Names of the files, for the report. */
  readonly files: readonly string[];
}

/** Holds a configuration against what a scan has seen: one row a directive and endpoint, the worst first. Pure. */
export function verify(configuration: PostfixConfiguration, report: Report, options: VerifyOptions): Verification {
  const endpoints = report.endpoints.map((endpoint) => verifyEndpoint(endpoint, report, configuration, options));
  const { version, masterGiven, problems } = configuration;
  return {
    schema: 1,
    kind: 'verification',
    tool: report.tool,
    configuration: { files: options.files, version, masterGiven, problems },
    endpoints,
    summary: summarise(endpoints, problems),
    report,
  };
}

function verifyEndpoint(
  endpoint: EndpointReport,
  report: Report,
  configuration: PostfixConfiguration,
  { service: named }: VerifyOptions,
): VerifiedEndpoint {
  const shown = shownBy(endpoint, report.options);
  const { service, isOwn, notes } = matchService(configuration, endpoint, named);
  if (service === null) return { id: endpoint.id, service: null, notes: [], rows: [withoutService(endpoint, shown)] };
  const context = { configuration, service, shown, us: usIn(shown) };
  const rows = [...allRows, ...withoutProbe(configuration, service)]
    .filter((row) => row.applies?.(context) ?? true)
    .map((row) => rowOf(row, context, isOwn));
  const line = service.line === null ? 'as it comes with Postfix' : `master.cf:${service.line}`;
  const sorted = rowVerdicts.flatMap((verdict) => rows.filter((row) => row.verdict === verdict));
  const isContradicted = sorted.some(({ verdict }) => verdict === 'contradicted');
  const maybe = isContradicted ? [configuration.masterGiven ? maybeOlder : overrideUnknown] : [];
  return { id: endpoint.id, service: `${service.name} (${line})`, notes: [...notes, ...maybe], rows: sorted };
}

/** What the files set for what answers SMTP, and no probe shows. */
function withoutProbe({ written }: PostfixConfiguration, { overrides }: SmtpdService): RowDefinition[] {
  const names = new Set([...written.keys(), ...overrides].filter((name) => /^(?:smtpd|postscreen)_/.test(name)));
  for (const { directive } of allRows) names.delete(directive);
  return [...names].filter(isParameter).map((directive) => ({ directive, ...unseen }));
}

const shownByNone = notVisible('no probe shows it: its log, and postconf on the host, do');
const unseen = { probes: [], compare: () => shownByNone, whenUnknown: () => shownByNone };

function rowOf(row: RowDefinition, context: RowContext, isOwn: boolean): VerifyRow {
  const { service, configuration } = context;
  const setting = service.setting(row.directive);
  const configured = row.configured?.(context) ?? {
    value: setting.value,
    where: whereOf(setting, configuration),
  };
  const compared =
    deadly(setting, configuration) ??
    (configured.value === null
      ? (row.whenUnknown?.(context) ?? notTold(whyUnknown(setting, configuration.version)))
      : row.compare(configured.value, context));
  const outcome = !isOwn && row.scope !== 'host' ? withoutMaster(compared) : compared;
  return { directive: row.directive, configured, ...outcome, probe: row.probes[0] ?? null };
}

/** With a line that no program starts with, what answers has another value, whatever it shows. */
function deadly({ parameter, place }: Setting, { problems }: PostfixConfiguration): Outcome | null {
  const problem = problems.find(
    (one) =>
      one.weight === 'fatal' && one.parameter === parameter && one.line === place?.line && one.file === place?.file,
  );
  return problem === undefined ? null : notTold(`nothing runs with this value: ${problem.message}`);
}

const maybeOlder =
  'what runs may be older than these files: postfix reload (inet_interfaces: postfix stop, postfix start), and verify again';

const overrideUnknown =
  'an override in master.cf looks the same as what is contradicted here, and it was not given: --master';

/** Of a port whose line in master.cf is not known, what is seen says nothing of main.cf. */
function withoutMaster({ verdict, seen, evidence, because }: Outcome): Outcome {
  if (verdict === 'not-visible') return notVisible(because, seen, evidence);
  return notTold('master.cf may override it for this port: give --master', seen, evidence);
}

/** Somebody answers where master.cf has nobody. */
function withoutService(endpoint: EndpointReport, shown: RowContext['shown']): VerifyRow {
  const seen = shown.observed('hello');
  const row = {
    directive: 'master.cf',
    configured: { value: null, where: 'no service for this port' },
    probe: 'hello',
  };
  if (seen === null) return { ...row, ...untold(shown, 'hello', 'nobody answered') };
  const because = `the file has no service for port ${endpoint.port}: another file than the one that runs?`;
  return { ...row, ...contradicted('somebody answers', because, cite(seen.greeting)) };
}

function summarise(endpoints: readonly VerifiedEndpoint[], problems: readonly Problem[]): Verification['summary'] {
  const counts: Record<RowVerdict, number> = { confirmed: 0, contradicted: 0, 'not-visible': 0, 'not-told': 0 };
  for (const { verdict } of endpoints.flatMap(({ rows }) => rows)) counts[verdict] += 1;
  const nothing = counts.confirmed + counts.contradicted === 0;
  const isWrong = counts.contradicted > 0 || problems.some(isHeavy);
  return { counts, exitCode: isWrong ? 1 : counts['not-told'] > 0 || nothing ? 2 : 0 };
}
