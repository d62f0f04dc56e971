import { severities } from '../../model/judgement.ts';
import type { Report } from '../../model/report.ts';
import { isEndpoint, type Reported, reportedIn } from '../../model/reported.ts';
import { isNotPermitted } from '../../model/summary.ts';
import { wordsOfDoubt } from '../doubt-words.ts';
import { endpointName } from '../endpoint-name.ts';
import { counted } from '../figures.ts';
import { sentence } from '../sentence.ts';
import { countsByWeight, findingsOf, weights } from '../weights.ts';
import { weighing } from './names.ts';
import { troublesOf, untoldOf } from './untold.ts';

/** What is wrong, in one sentence: the worst failure, and where; or that there is none, and what makes less of that. */
export function gist(report: Report): string {
  const places = reportedIn(report);
  const fails = places
    .flatMap((endpoint) => weighing(endpoint).map((finding) => ({ endpoint, finding })))
    .toSorted((a, b) => severities.indexOf(b.finding.severity) - severities.indexOf(a.finding.severity));
  const [worst] = fails;
  if (worst === undefined || weights[worst.finding.severity].weight !== 'failure') return noFailure(report);
  const says = sentence(worst.finding.headline ?? worst.finding.because);
  if (places.length === 1) return says;
  const alike = fails.filter(
    ({ finding: { probe, severity } }) => probe === worst.finding.probe && severity === worst.finding.severity,
  );
  return alike.length === 1
    ? `${endpointName(worst.endpoint.id)}: ${says}`
    : `${alike.length} of ${counted(places.filter(isLike(worst.endpoint)).length, nounOf(worst.endpoint))}: ${says}`;
}

const isLike = (one: Reported) => (other: Reported) => isEndpoint(one) === isEndpoint(other);
const nounOf = (one: Reported): string => (isEndpoint(one) ? 'endpoint' : 'domain');

function noFailure(report: Report): string {
  const endpoints = reportedIn(report);
  const findings = findingsOf(endpoints);
  const told = findings.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').length;
  const untold = endpoints.reduce((sum, endpoint) => sum + untoldOf(endpoint).length, 0);
  if (told === 0) return nothingTold(endpoints);
  const { warning } = countsByWeight(findings);
  const besides = [
    ...(warning === 0 ? [] : [counted(warning, 'warning')]),
    ...(untold === 0 ? [] : [`${counted(untold, 'question')} that could not be told`]),
  ];
  return besides.length === 0 ? 'No failure was found.' : `No failure was found, but ${besides.join(' and ')}.`;
}

/** Where all is silent, one word for the trouble is enough. */
function nothingTold(endpoints: readonly Reported[]): string {
  const words = new Set(
    endpoints.flatMap((endpoint) => troublesOf(endpoint).map(([first]) => wordsOfDoubt(first).word)),
  );
  const [word] = words;
  return words.size === 1 && word !== undefined ? `Nothing could be told: ${word}.` : 'Nothing could be told.';
}

/** One figure of the overview. */
export interface Tile {
  readonly count: number;
  readonly word: string;
  readonly kind: string;
}

/** Failures by severity, and what weighs less; what there is none of is left out, but for failures. */
export function tiles(report: Report): Tile[] {
  const endpoints = reportedIn(report);
  const findings = findingsOf(endpoints);
  const weighs = endpoints.flatMap(weighing);
  const failures = severities
    .filter((severity) => weights[severity].weight === 'failure')
    .toReversed()
    .map((severity) => ({
      count: weighs.filter((finding) => finding.severity === severity).length,
      word: weights[severity].word,
      kind: severity,
    }))
    .filter(({ count }) => count > 0);
  const { warning, note } = countsByWeight(findings);
  const of = (verdict: string) => findings.filter((finding) => finding.verdict === verdict);
  const rest: Tile[] = [
    { count: of('error').length, word: 'broke down', kind: 'broken' },
    { count: warning, word: warning === 1 ? 'warning' : 'warnings', kind: 'warning' },
    { count: note, word: note === 1 ? 'note' : 'notes', kind: 'note' },
    { count: of('fail').filter(({ waived }) => waived !== undefined).length, word: 'waived', kind: 'plain' },
    { count: of('inconclusive').filter((one) => !isNotPermitted(one)).length, word: 'not told', kind: 'untold' },
    { count: of('pass').length, word: 'passed', kind: 'pass' },
  ];
  const isTold = findings.some(({ verdict }) => verdict === 'pass' || verdict === 'fail');
  return [
    ...(failures.length === 0 ? [{ count: 0, word: 'failures', kind: isTold ? 'none' : 'plain' }] : failures),
    ...rest.filter(({ count }) => count > 0),
  ];
}
