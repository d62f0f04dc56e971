import Builder from 'fast-xml-builder';
import type { EndpointReport, Finding, Report, TargetReport } from '../model/report.ts';
import { isEndpoint, type Reported, reportedIn } from '../model/reported.ts';
import type { SessionTranscript } from '../model/transcript.ts';
import { visible } from '../model/visible.ts';
import { bearingOf } from './bearing.ts';
import { doubtWords } from './doubt-words.ts';
import { costWords } from './endpoint-words.ts';
import { figures } from './figures.ts';
import { chosenFix, elsewhereWords } from './fix-choice.ts';
import { markWords } from './mark-words.ts';
import { quoteLines, quotesOf } from './quotes.ts';
import { weights } from './weights.ts';

/**
 * JUnit XML as CI systems read it: a suite an endpoint or domain, a case a question. `failure` is what makes the exit
 * code 1, `error` a bug of ours; what could not be told, was not asked or lies below `--fail-on` is `skipped` with its
 * reason.
 * Written to fit both schemas in use: the one of Ant's task (windyroad/JUnit-Schema) and the one of Jenkins
 * (xunit-plugin, junit-10.xsd), which both want a reason as text.
 */
export function toJunit(report: Report): string {
  const nowhere = report.targets.filter(({ endpoints }) => endpoints.length === 0);
  const suites = [
    ...reportedIn(report).map((reported) => suiteOf(reported, report)),
    ...nowhere.map((target) => lostSuite(target, report)),
  ];
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { testsuite: suites.map((suite, id) => ({ '@id': id, ...suite })) },
  });
}

/**
 * `@` begins the name of an attribute, `#` is the text of an element that has some; every `&` of a text is escaped,
 * entity or not.
 */
const builder = new Builder({ ignoreAttributes: false, attributeNamePrefix: '@', textNodeName: '#', format: true });

type Suite = Readonly<Record<string, unknown>>;
type Case = Readonly<Record<string, unknown>>;

function suiteOf(reported: Reported, report: Report): Suite {
  const { options, startedAt } = report;
  const cases = reported.findings.map((finding) => caseOf(finding, reported, options.failOn));
  return {
    ...head(reported.id, reported.host ?? reported.id, startedAt, reported.cost.seconds, cases),
    properties: properties({
      ...(isEndpoint(reported) ? aboutEndpoint(reported) : { domain: reported.id }),
      allow: options.allow,
      helo: options.helo,
      'fail-on': options.failOn,
    }),
    testcase: cases,
    'system-out': costWords(reported),
    'system-err': '',
  };
}

function aboutEndpoint({ address, port, role, tls, mta: { name, version } }: EndpointReport) {
  return { address, port, role, tls, mta: [name ?? 'not recognised', version ?? ''].join(' ').trim() };
}

/** A target without a server is no empty success. */
function lostSuite({ input, notes }: TargetReport, { startedAt }: Report): Suite {
  const reason = `led to no server: ${notes.join('; ') || 'no reason is known'}`;
  const cases = [{ '@name': 'discover', '@classname': visible(input), '@time': '0.000', skipped: visible(reason) }];
  return {
    ...head(input, input, startedAt, 0, cases),
    properties: properties({ input }),
    testcase: cases,
    'system-out': '',
    'system-err': '',
  };
}

function head(name: string, host: string, startedAt: string, seconds: number, cases: readonly Case[]): Suite {
  const having = (element: string) => cases.filter((one) => element in one).length;
  return {
    '@package': 'mxprobe',
    '@name': visible(name),
    '@hostname': visible(host),
    // No zone: the schema of Ant forbids one. UTC.
    '@timestamp': startedAt.slice(0, 19),
    '@tests': cases.length,
    '@failures': having('failure'),
    '@errors': having('error'),
    '@skipped': having('skipped'),
    '@time': seconds.toFixed(3),
  };
}

const properties = (values: Readonly<Record<string, string | number>>) => ({
  property: Object.entries(values).map(([name, value]) => ({ '@name': name, '@value': visible(String(value)) })),
});

function caseOf(finding: Finding, endpoint: Reported, failOn: Report['options']['failOn']): Case {
  return {
    '@name': visible(finding.probe),
    '@classname': visible(endpoint.id),
    '@time': secondsOf(finding.probe, endpoint.sessions).toFixed(3),
    ...outcome(finding, endpoint, failOn),
  };
}

function outcome(finding: Finding, endpoint: Reported, failOn: Report['options']['failOn']): Case {
  const because = visible(finding.because);
  switch (bearingOf(finding, failOn)) {
    case 'right':
      return {};
    case 'counts':
      return { failure: { '@type': kindOf(finding), '@message': because, '#': detail(finding, endpoint) } };
    case 'broken':
      return { error: { '@type': 'a bug of ours', '@message': because, '#': detail(finding, endpoint) } };
    case 'below':
      return {
        skipped: `${weights[finding.severity].weight} [${finding.severity}], below --fail-on ${failOn}: ${because}`,
      };
    case 'untold':
      return { skipped: `${doubtWords[finding.doubt ?? 'ambiguous'].word}: ${because}` };
    case 'waived':
      return { skipped: visible(`${kindOf(finding)}: ${finding.because}. ${markWords(finding).join(' ')}`) };
    case 'barred':
      return { skipped: `not asked: ${because}` };
    case 'not-applicable':
      return { skipped: `not applicable: ${because}` };
  }
}

const kindOf = ({ verdict, severity, doubt }: Finding): string =>
  verdict === 'fail' ? severity : doubtWords[doubt ?? 'ambiguous'].word;

const quotesShown = 10;
const namesShown = 20;

function detail(finding: Finding, endpoint: Reported): string {
  const lines = [
    visible(finding.question),
    visible(finding.because),
    ...markWords(finding).map(visible),
    ...quoteLines(quotesOf(finding, endpoint), quotesShown),
    ...figures(finding.measured ?? {}, namesShown).map(visible),
    ...fixLines(finding, endpoint),
  ];
  return `\n${lines.join('\n')}\n`;
}

function fixLines({ probe, fix = {} }: Finding, { mta }: Reported): string[] {
  const chosen = chosenFix(fix, mta);
  if (chosen !== null) return [`Fix for ${chosen.title}:`, ...chosen.lines.map((line) => `  ${visible(line)}`)];
  const elsewhere = elsewhereWords(probe, fix);
  return elsewhere === null ? [] : [visible(`Fix: ${elsewhere}`)];
}

/** How long a probe held sessions: from each event of another probe, or the begin, to its own. */
function secondsOf(probe: string, sessions: readonly SessionTranscript[]): number {
  const spans = sessions.flatMap(({ events }) =>
    events.map((event, index) => (event.probe === probe ? event.at - (events[index - 1]?.at ?? event.at) : 0)),
  );
  return spans.reduce((sum, span) => sum + Math.max(span, 0), 0);
}
