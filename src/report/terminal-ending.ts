import { severities } from '../model/judgement.ts';
import type { Finding, Report } from '../model/report.ts';
import { isEndpoint, type Reported, reportedIn } from '../model/reported.ts';
import { exitMeaning, isNotPermitted, isUntold } from '../model/summary.ts';
import { wordsOfDoubt } from './doubt-words.ts';
import { endpointName } from './endpoint-name.ts';
import { byNeed, isUnanswered } from './endpoint-words.ts';
import { costLine, counted, listed } from './figures.ts';
import { grouped } from './grouped.ts';
import { gap, type Para } from './layout.ts';
import { totalCost, warningWords } from './report-words.ts';
import { sentence } from './sentence.ts';
import { countsByWeight, findingsOf, weightCounts, weights } from './weights.ts';

interface Ending {
  /** The command line that shows more. */
  readonly more: string | null;
  /** Whether the process ends with the exit code of the report. */
  readonly exits: boolean;
}

/**
 * What stays on the screen: a line an endpoint or domain, the findings as a table with the worst first, what could not
 * be told and why, and the command that shows more.
 */
export function endingParas(report: Report, { more, exits }: Ending): Para[] {
  const { exitCode, worst } = report.summary;
  return [
    ...warningWords(report).map((text): Para => ({ lead: [['doubtful', '! ']], text })),
    ...reportedIn(report).map(placeLine),
    ...(report.endpoints.length > 1
      ? [{ text: `In all: ${costLine(totalCost(report))}`, style: 'faint' } as const]
      : []),
    ...table(rowsOf(report)),
    ...notAsked(report),
    ...(exits ? [{ text: `Exit code ${exitCode}: ${exitMeaning(exitCode, report.options.failOn, worst)}.` }] : []),
    ...(more === null ? [] : [{ lead: [['faint', 'More: ']], text: more, wrap: 'no' } as const]),
  ];
}

/** `mx1.example.com/192.0.2.1:25  Postfix: 1 failure, 14 passed, 0.3 s`; or why there is nothing to count. */
function placeLine(endpoint: Reported): Para {
  const { id, findings } = endpoint;
  const untold = findings.filter(isUntold);
  const [first] = untold;
  const text =
    first !== undefined && isUnanswered(endpoint)
      ? unansweredWords(first)
      : aboutIn(endpoint, counts(findings, untold.length));
  return { lead: [['strong', endpointName(id)], gap], text, style: 'strong', hang: 2 };
}

const aboutIn = (reported: Reported, count: string): string =>
  isEndpoint(reported)
    ? `${reported.mta.name ?? 'software not recognised'}: ${count}, ${reported.cost.seconds.toFixed(1)} s`
    : `DNS: ${count}`;

function unansweredWords(finding: Finding): string {
  const { word, wayOut } = wordsOfDoubt(finding);
  // What the network said adds nothing to the word; what a server said does.
  return sentence(
    finding.doubt === 'unreachable' ? `${word}: ${wayOut}` : `${word}: ${finding.because}; ${wayOut}`,
    false,
  );
}

function counts(findings: readonly Finding[], untold: number): string {
  const passed = findings.filter(({ verdict }) => verdict === 'pass').length;
  const waived = findings.filter((finding) => finding.waived !== undefined).length;
  return [
    ...weightCounts(countsByWeight(findings)),
    ...(untold > 0 ? [`${untold} not told`] : []),
    `${passed} passed`,
    ...(waived > 0 ? [`${waived} waived`] : []),
  ].join(', ');
}

interface Row {
  readonly rank: number;
  readonly word: string;
  readonly style: NonNullable<Para['style']>;
  readonly name: string;
  readonly says: string;
}

/** The same finding at several places is one row. */
function rowsOf(report: Report): Row[] {
  const places = reportedIn(report);
  const all = places
    .filter((endpoint) => !isUnanswered(endpoint))
    .flatMap((endpoint) => endpoint.findings.map((finding) => ({ finding, endpoint })));
  const of = (wanted: (finding: Finding) => boolean) => all.filter(({ finding }) => wanted(finding));
  const at = (same: readonly { readonly endpoint: Reported }[]) =>
    places.length === 1 ? '' : ` (${listed([...new Set(same.map(({ endpoint }) => endpointName(endpoint.id)))], 2)})`;
  const broken = of(({ verdict }) => verdict === 'error').map(
    ({ finding, endpoint }): Row => ({
      rank: 9,
      word: 'ERROR',
      style: 'bad',
      name: finding.probe,
      says: `${sentence(finding.because)}${at([{ endpoint }])}`,
    }),
  );
  const fails = grouped(
    of(({ verdict }) => verdict === 'fail'),
    ({ finding: { probe, severity, headline, because, waived } }) =>
      JSON.stringify([probe, severity, headline ?? because, waived]),
  ).map((same): Row => {
    const [{ finding }] = same;
    const { word, style } = weights[finding.severity];
    const says = `${sentence(finding.headline ?? finding.because)}${at(same)}`;
    return finding.waived === undefined
      ? { rank: severities.indexOf(finding.severity), word, style, name: finding.probe, says }
      : {
          rank: -1,
          word: 'waived',
          style: 'faint',
          name: finding.probe,
          says: `Until ${finding.waived.until}: ${says}`,
        };
  });
  const untold = grouped(of(isUntold), ({ finding: { doubt, cause, because, waived } }) =>
    JSON.stringify([doubt, cause, because, waived]),
  ).map((same): Row => {
    const [{ finding }] = same;
    const { word, wayOut } = wordsOfDoubt(finding);
    const ids = [...new Set(same.map((one) => one.finding.probe))];
    const says = `${ids.length > 1 ? `with ${listed(ids.slice(1), 2)}: ` : ''}${word}: ${finding.because}; ${wayOut}${at(same)}`;
    return { rank: -2, word: 'not told', style: 'doubtful', name: finding.probe, says: sentence(says) };
  });
  return [...broken, ...fails, ...untold].toSorted((a, b) => b.rank - a.rank);
}

/** The failures of a report as a table, the worst first. */
export const failureTable = (report: Report): Para[] =>
  table(rowsOf(report).filter(({ rank }) => rank >= severities.indexOf('medium')));

function table(rows: readonly Row[]): Para[] {
  const widest = Math.max(0, ...rows.map(({ name }) => name.length));
  return rows.map(
    ({ word, style, name, says }): Para => ({
      indent: 2,
      lead: [[style, word.padEnd(8)], gap, ['strong', name.padEnd(widest)], gap],
      text: says,
    }),
  );
}

/** `Not asked: 12 questions (needs --allow load), 1 question (needs --allow intrusive).` */
function notAsked(report: Report): Para[] {
  const barred = byNeed(
    findingsOf(reportedIn(report).filter((endpoint) => !isUnanswered(endpoint))).filter(isNotPermitted),
  );
  if (barred.length === 0) return [];
  const parts = barred.map(({ need, findings }) => {
    const ids = new Set(findings.map(({ probe }) => probe));
    return `${counted(ids.size, 'question')} (${need})`;
  });
  return [{ text: `Not asked: ${parts.join(', ')}.`, style: 'faint' }];
}
