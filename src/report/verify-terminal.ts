import {
  isHeavy,
  type Problem,
  type Verification,
  type VerifiedEndpoint,
  type VerifyRow,
} from '../model/verification.ts';
import { grouped } from './grouped.ts';
import { blank, gap, layOut, type Page, type Para, type Span, type Style } from './layout.ts';
import { failureTable } from './terminal-ending.ts';
import {
  configuredWords,
  exitWords,
  headWords,
  problemWords,
  totalWords,
  verdictWords,
  weightWords,
} from './verify-words.ts';

/**
 * A verification for a person: what the scan finds wrong whatever the files say, then each endpoint with what is
 * contradicted first and what is confirmed in a line each, then the sum.
 */
export function verificationToTerminal(verification: Verification, page: Page): string {
  const { configuration, endpoints, report } = verification;
  const problems = configuration.problems.map(problemPara);
  const failures = failureTable(report);
  return layOut(
    [
      { lead: [['strong', 'mxprobe verify'], gap], text: headWords(verification).join(' | '), hang: 2 },
      ...(failures.length === 0 ? [] : [blank, { text: 'Whatever the files say, the scan finds:' }, ...failures]),
      ...(problems.length === 0 ? [] : [blank, ...problems]),
      ...endpoints.flatMap((endpoint) => [blank, ...endpointParas(endpoint)]),
      blank,
      ...totals(verification),
    ],
    page,
  );
}

function problemPara(problem: Problem): Para {
  const { weight } = problem;
  if (!isHeavy(problem)) return warning(problemWords(problem));
  return { lead: [['bad', weightWords[weight]], gap], text: problemWords(problem), hang: 2 };
}

const warning = (text: string): Para => ({ lead: [['doubtful', '! ']], text });

function endpointParas({ id, service, notes, rows }: VerifiedEndpoint): Para[] {
  return [
    {
      lead: [['strong', id], gap],
      text: service === null ? 'no service of the file' : `held against ${service}`,
      hang: 2,
    },
    ...notes.map((note): Para => ({ ...warning(note), indent: 2 })),
    ...grouped(rows, sameReason).flatMap(groupParas),
  ];
}

const styles: Readonly<Record<VerifyRow['verdict'], Style>> = {
  contradicted: 'bad',
  'not-told': 'doubtful',
  confirmed: 'good',
  'not-visible': 'faint',
};
const labelWidth = 14;
const detail = 2 + labelWidth;

/** Rows of which nothing was seen, for one and the same reason, are told in one breath. */
function sameReason({ verdict, seen, because, directive }: VerifyRow): string {
  const isBare = seen === null && (verdict === 'not-told' || verdict === 'not-visible');
  return isBare ? `${verdict} ${because}` : `${verdict} of ${directive}`;
}

function groupParas(rows: readonly [VerifyRow, ...VerifyRow[]]): Para[] {
  const [first] = rows;
  if (rows.length === 1) return rowParas(first);
  const each = rows.map(({ directive, configured }) => `${directive} ${configuredWords(configured)}`);
  return [
    { indent: 2, lead: [label(first)], text: first.because, style: 'faint', hang: labelWidth },
    ...each.map((text): Para => ({ indent: detail, text, hang: 2 })),
  ];
}

const label = ({ verdict }: VerifyRow): Span => [styles[verdict], verdictWords[verdict].padEnd(labelWidth)];

/** What is as it should be takes a line, what cannot be seen two; what is not is told in full. */
function rowParas(row: VerifyRow): Para[] {
  const { verdict, directive, configured, seen, because, evidence } = row;
  const head: Para = {
    indent: 2,
    lead: [label(row), ['strong', directive], gap],
    text: configuredWords(configured),
    hang: labelWidth,
  };
  const told: Para[] = seen === null ? [] : [{ indent: detail, lead: [['faint', 'seen: ']], text: seen, hang: 2 }];
  const why: Para = { indent: detail, text: because, style: verdict === 'contradicted' ? 'plain' : 'faint', hang: 2 };
  const quotes = evidence
    .slice(0, verdict === 'contradicted' ? 3 : 1)
    .map(({ quote }): Para => ({ indent: detail, lead: [['faint', 'S: ']], text: quote, wrap: 'cut' }));
  switch (verdict) {
    case 'contradicted':
      return [head, ...told, why, ...quotes];
    case 'confirmed':
      return [{ ...head, wrap: 'cut' }];
    case 'not-told':
      return [head, ...told, why, ...quotes];
    case 'not-visible':
      return [head, why];
  }
}

function totals({ summary }: Verification): Para[] {
  return [
    { text: `${totalWords(summary)}.`, style: 'strong' },
    { text: `Exit code ${summary.exitCode}: ${exitWords[summary.exitCode]}.` },
  ];
}
