import { type Severity, severities } from '../../model/judgement.ts';
import { type Fixes, titleOf } from '../../model/mtas.ts';
import type { Finding, Report } from '../../model/report.ts';
import { isEndpoint, type Reported, reportedIn } from '../../model/reported.ts';
import { isAtLeast, isNotPermitted, isUntold } from '../../model/summary.ts';
import type { Doubt } from '../../model/trouble.ts';
import { chosenFix } from '../../report/fix-choice.ts';
import { grouped } from '../../report/grouped.ts';
import { quoteLines, quotesOf } from '../../report/quotes.ts';
import type { Span, Subject } from '../span.ts';
import { subjectOf } from '../span-steps.ts';
import { certificateWeight } from './certificate-dates.ts';
import { keyOfTrouble, type Said, type Trouble } from './incident.ts';

/**
 * What a run says of one thing that may be an incident: `fails`: it is one · `passes`: it is none · `doubt`: nobody can
 * tell · `waived`, `lighter`: it fails, and that is no news · `left`, `dropped`: it is not asked about any more.
 */
export interface Heard {
  readonly trouble: Trouble;
  readonly what: 'fails' | 'passes' | 'doubt' | 'waived' | 'lighter' | 'left' | 'dropped';
  readonly severity: Severity;
  /** The addresses that fail. */
  readonly members: readonly string[];
  readonly before: Said | null;
  readonly now: Said;
  readonly headline: string;
  readonly fix: Fixes | null;
  /** The scan has proved it twice by itself. */
  readonly isSure: boolean;
  /** A policy wants it told, come what may. */
  readonly mustTell: boolean;
}

/** One question of a run at one of the addresses of a host and port. */
interface Answer {
  readonly at: Reported;
  readonly finding: Finding;
}

export interface Listening {
  readonly monitor: string;
  readonly report: Report;
  /** Spans of the monitor that were open before the run. */
  readonly before: readonly Span[];
  /** The least severity that is told. */
  readonly alertOn: Severity;
  /** Incidents that are not closed: those of which nothing was heard may be over. */
  readonly open: readonly Trouble[];
  /** Whether somebody still asks about it: a span of it is open after the run. */
  readonly isAsked: (trouble: Trouble) => boolean;
}

/** What a run says of all that is, or may be, an incident of its monitor. Pure. */
export function heardIn(listening: Listening): Heard[] {
  const { open, isAsked, report } = listening;
  const hosts = grouped(reportedIn(report), (one) => hostKey(subjectOf(one, '')));
  const heard = hosts.flatMap((places) => heardAt(places, listening));
  const known = new Set(heard.map(({ trouble }) => keyOfTrouble(trouble)));
  const there = new Set(hosts.map(([one]) => hostKey(subjectOf(one, ''))));
  const over = open.filter((trouble) => !known.has(keyOfTrouble(trouble)) && !isAsked(trouble));
  return [...heard, ...over.map((trouble) => nothing(trouble, there.has(hostKey(trouble)) ? 'dropped' : 'left'))];
}

/** The addresses of one host and port are one; a domain is alone. */
const hostKey = ({ host, port }: Pick<Subject, 'host' | 'port'>): string => `${host} ${port}`;

function heardAt(places: readonly [Reported, ...Reported[]], listening: Listening): Heard[] {
  const { host, port } = subjectOf(places[0], '');
  const where = { monitor: listening.monitor, host, port };
  const dead = places.filter((one) => silenceOf(one) !== undefined);
  const probes = new Set(places.flatMap(({ findings }) => findings.map(({ probe }) => probe)));
  const isServer = isEndpoint(places[0]);
  return [
    ...(isServer ? [reachability(where, places, dead)] : []),
    ...[...probes].flatMap((probe) => {
      const answers = places.flatMap((at) =>
        at.findings.filter((one) => one.probe === probe && !isNotPermitted(one)).map((finding) => ({ at, finding })),
      );
      const isDown = isServer && dead.length === places.length;
      return answers.length === 0 ? [] : answersTo({ ...where, probe }, answers, isDown, listening);
    }),
  ];
}

/** What a server does that answers nothing, by the doubt that there is about all. */
const silences: Readonly<Partial<Record<Doubt, string>>> = {
  unreachable: 'It does not answer',
  timeout: 'It does not answer in time',
  closed: 'It hangs up',
  'client-blocked': 'It turns us away',
};

/** What a server does of which nothing could be told; undefined where something was. */
function silenceOf({ findings }: Reported): string | undefined {
  if (findings.some(({ verdict }) => verdict === 'pass' || verdict === 'fail')) return undefined;
  const doubt = findings.find((one) => one.doubt !== undefined && silences[one.doubt] !== undefined)?.doubt;
  return doubt === undefined ? undefined : silences[doubt];
}

function reachability(
  where: Omit<Trouble, 'kind' | 'probe'>,
  places: readonly [Reported, ...Reported[]],
  dead: readonly Reported[],
): Heard {
  const [one = places[0]] = dead;
  const finding =
    one.findings.find(({ doubt }) => doubt !== undefined && silences[doubt] !== undefined) ??
    one.findings.find(({ verdict }) => verdict === 'pass' || verdict === 'fail');
  return {
    ...nothing(
      { ...where, kind: 'unreachable', probe: '' },
      dead.length > 0 ? 'fails' : finding?.verdict === 'inconclusive' ? 'doubt' : 'passes',
    ),
    severity: 'high',
    members: dead.map(({ address = '' }) => address),
    now: finding === undefined ? unsaid : said(one, finding),
    headline: dead.length < places.length ? 'An address of it does not answer' : (silenceOf(one) ?? ''),
  };
}

/** A question about a host: whether it fails, and whether it can be told. */
function answersTo(
  where: Omit<Trouble, 'kind'>,
  answers: readonly Answer[],
  isDown: boolean,
  { before, alertOn, open }: Listening,
): Heard[] {
  const weighed = answers.map((one) => ({ ...one, weight: weightOf(one.finding) }));
  const fails = weighed.flatMap((one) => (one.weight === null ? [] : [{ ...one, weight: one.weight }]));
  const counted = fails.filter(({ finding }) => finding.waived === undefined);
  const heavy = counted.filter(({ weight }) => isAtLeast(weight, alertOn));
  const untold = answers.filter(({ finding }) => isUntold(finding) || finding.verdict === 'error');
  const [worst] = heavy.toSorted((a, b) => severities.indexOf(b.weight) - severities.indexOf(a.weight));
  const told = answers.find(({ finding }) => finding.verdict === 'pass' || finding.verdict === 'not-applicable');
  const [shown] = [worst, counted[0], fails[0], untold[0], told, answers[0]].filter((one) => one !== undefined);
  if (shown === undefined) return [];
  const spans = before.filter(
    ({ host, port, probe }) => host === where.host && port === where.port && probe === where.probe,
  );
  const then = spans.find(({ address }) => address === (shown.at.address ?? '')) ?? spans[0];
  const common = {
    before: then === undefined ? null : saidThen(then),
    now: said(shown.at, shown.finding),
    mustTell: answers.some(({ finding }) => finding.mustTell === true),
  };
  const what = (): Heard['what'] => {
    if (worst !== undefined) return 'fails';
    if (untold.length > 0) return 'doubt';
    if (counted.length > 0) return 'lighter';
    if (fails.length > 0) return 'waived';
    return answers.some(({ finding }) => finding.verdict === 'pass') ? 'passes' : 'dropped';
  };
  const finding: Heard = {
    ...nothing({ ...where, kind: 'finding' }, what()),
    ...common,
    severity: worst?.weight ?? shown.finding.severity,
    members: heavy.map(({ at }) => at.address ?? ''),
    headline: headlineOf(shown.finding),
    fix: fixOf(shown),
    isSure: worst?.weight === 'critical' && shown.finding.evidence.length > 1,
  };
  // Where nothing answers, that is the one thing to tell.
  if (isDown) return [finding];
  const trouble: Trouble = { ...where, kind: 'untold' };
  const wasTold =
    spans.some(({ verdict }) => verdict === 'pass' || verdict === 'fail') ||
    open.some((one) => keyOfTrouble(one) === keyOfTrouble(trouble));
  const isUnsure = untold.length > 0 && heavy.length === 0;
  return [
    finding,
    {
      ...nothing(trouble, isUnsure ? (wasTold || common.mustTell ? 'fails' : 'doubt') : 'passes'),
      ...common,
      severity: common.mustTell || shown.finding.severity === 'low' ? shown.finding.severity : 'medium',
      members: untold.map(({ at }) => at.address ?? ''),
      headline: `It cannot be told any more: ${shown.finding.question}`,
    },
  ];
}

/** The lines for the MTA recognised; where it is not, those for all of them. */
function fixOf({ finding: { fix }, at }: Answer): Fixes | null {
  const chosen = fix === undefined ? null : chosenFix(fix, at.mta);
  const own = Object.entries(fix ?? {}).filter(([name]) => titleOf(name) === chosen?.title);
  return own.length > 0 ? Object.fromEntries(own) : (fix ?? null);
}

/** How much it weighs that a question fails; null where it does not. A certificate that ends soon counts as failing. */
function weightOf(finding: Finding): Severity | null {
  const soon = certificateWeight(finding);
  if (finding.verdict !== 'fail') return soon;
  return soon !== null && isAtLeast(soon, finding.severity) ? soon : finding.severity;
}

function headlineOf(finding: Finding): string {
  const { headline, because, verdict, measured } = finding;
  if (verdict !== 'fail' && certificateWeight(finding) !== null)
    return `Its certificate ends on ${String(measured?.validTo).slice(0, 10)}`;
  return headline ?? because;
}

const unsaid: Said = { verdict: 'inconclusive', because: 'it was not asked', quotes: [] };
const quotesKept = 3;

const said = (at: Reported, finding: Finding): Said => ({
  verdict: finding.verdict,
  because: finding.because,
  quotes: quoteLines(quotesOf(finding, at), quotesKept),
});

const saidThen = ({ verdict, because, quote }: Span): Said => ({
  verdict,
  because,
  quotes: quote === null ? [] : [`S: ${quote}`],
});

const nothing = (trouble: Trouble, what: Heard['what']): Heard => ({
  trouble,
  what,
  severity: 'info',
  members: [],
  before: null,
  now: unsaid,
  headline: '',
  fix: null,
  isSure: false,
  mustTell: false,
});
