import { severities } from '../../model/judgement.ts';
import { refusedDomains } from '../../model/refused-domains.ts';
import type { Finding, Report } from '../../model/report.ts';
import { type Reported, reportedIn } from '../../model/reported.ts';
import { quoteLines, quotesOf } from '../quotes.ts';
import { changeKind } from './change-kind.ts';
import { changedFigures } from './changed-figures.ts';
import type { Change, ChangeKind, ReportDiff, Side } from './diff.ts';
import { comparedScan, notesOn } from './notes.ts';

/**
 * What changed from one report to a later one, finding by finding, the worst first. Pure: both reports as they were
 * judged.
 */
export function compareReports(before: Report, after: Report): ReportDiff {
  const was = byId(before);
  const is = byId(after);
  const changes = [...is.values()]
    .flatMap((endpoint) => changesAt(was.get(endpoint.id), endpoint))
    .toSorted(worstFirst);
  const lost = lostTargets(before, after);
  const count = (...kinds: readonly ChangeKind[]) => changes.filter(({ kind }) => kinds.includes(kind)).length;
  const worse = count('new', 'worse');
  const untold = count('newly-untold') + lost.length;
  return {
    schema: 1,
    kind: 'diff',
    tool: after.tool,
    before: comparedScan(before),
    after: comparedScan(after),
    notes: notesOn(before, after),
    targetsLost: lost,
    endpointsNew: missing(after, before),
    endpointsGone: missing(before, after),
    changes,
    summary: {
      worse,
      untold,
      better: count('gone', 'told'),
      other: count('changed', 'waived', 'not-asked'),
      exitCode: worse > 0 ? 1 : untold > 0 ? 2 : 0,
    },
  };
}

const byId = (report: Report): Map<string, Reported> =>
  new Map(reportedIn(report).map((endpoint) => [endpoint.id, endpoint]));

/** Endpoints of a report that the other has not. */
const missing = ({ endpoints }: Report, other: Report): string[] =>
  endpoints.map(({ id }) => id).filter((id) => other.endpoints.every((endpoint) => endpoint.id !== id));

/** Targets that led to servers and lead to none now. */
function lostTargets(before: Report, after: Report): string[] {
  const led = new Set(before.targets.filter(({ endpoints }) => endpoints.length > 0).map(({ input }) => input));
  return after.targets
    .filter(({ input, endpoints }) => endpoints.length === 0 && led.has(input))
    .map(({ input }) => input);
}

/** An endpoint that is new brings its fails with it. */
function changesAt(was: Reported | undefined, is: Reported): Change[] {
  const find = (findings: readonly Finding[], { fingerprint }: Finding) =>
    findings.find((finding) => finding.fingerprint === fingerprint);
  const still = is.findings.flatMap((now) => change(was, was && find(was.findings, now), is, now));
  const dropped = (was?.findings ?? []).filter((finding) => find(is.findings, finding) === undefined);
  return [...still, ...dropped.flatMap((then) => change(was, then, is, undefined))];
}

function change(
  was: Reported | undefined,
  then: Finding | undefined,
  is: Reported,
  now: Finding | undefined,
): Change[] {
  const figures = then === undefined || now === undefined ? [] : changedFigures(then, now);
  const differs = changeKind(then, now, figures.length > 0);
  const kind = differs === 'changed' && refusesMore(then, now) ? 'worse' : differs;
  const either = now ?? then;
  if (kind === null || either === undefined) return [];
  const { probe, question, fingerprint, severity } = either;
  const before = then === undefined || was === undefined ? null : sideOf(then, was);
  const after = now === undefined ? null : sideOf(now, is);
  return [{ kind, endpoint: is.id, probe, question, fingerprint, severity, figures, before, after }];
}

/** The mail of a domain that was not refused before, and nobody has waived it. */
function refusesMore(then: Finding | undefined, now: Finding | undefined): boolean {
  if (then === undefined || now === undefined || now.waived !== undefined) return false;
  const before = refusedDomains(then);
  return refusedDomains(now).some((domain) => !before.includes(domain));
}

const quotesShown = 4;

function sideOf(finding: Finding, endpoint: Reported): Side {
  const { verdict, severity, doubt, waived, because, measured } = finding;
  return {
    verdict,
    severity,
    ...(doubt === undefined ? {} : { doubt }),
    ...(waived === undefined ? {} : { waived }),
    because,
    quotes: quoteLines(quotesOf(finding, endpoint), quotesShown),
    ...(measured === undefined ? {} : { measured }),
  };
}

const order: readonly ChangeKind[] = ['new', 'worse', 'newly-untold', 'changed', 'not-asked', 'waived', 'gone', 'told'];

const worstFirst = (a: Change, b: Change): number =>
  order.indexOf(a.kind) - order.indexOf(b.kind) || severities.indexOf(b.severity) - severities.indexOf(a.severity);
