import type { PhrasingContent, RootContent, Table, TableRow } from 'mdast';
import { isHeavy, type Verification, type VerifiedEndpoint, type VerifyRow } from '../model/verification.ts';
import { heading, inlineCode, list, markdownOf, paragraph, words } from './markdown-nodes.ts';
import {
  configuredWords,
  exitWords,
  headWords,
  problemWords,
  totalWords,
  verdictWords,
  weightWords,
} from './verify-words.ts';

/** A verification for a ticket or a wiki: a table an endpoint, what is contradicted first. */
export function verificationToMarkdown(verification: Verification): string {
  const { configuration, endpoints, summary } = verification;
  const problems = configuration.problems.map((problem) => [
    paragraph(isHeavy(problem) ? `${weightWords[problem.weight]}: ${problemWords(problem)}` : problemWords(problem)),
  ]);
  return markdownOf([
    heading(1, words('mxprobe verify')),
    paragraph(`${headWords(verification).join('; ')}.`),
    ...(problems.length === 0 ? [] : [list(problems)]),
    ...endpoints.flatMap(endpointNodes),
    paragraph(`${totalWords(summary)}. Exit code ${summary.exitCode}: ${exitWords[summary.exitCode]}.`),
  ]);
}

function endpointNodes({ id, service, notes, rows }: VerifiedEndpoint): RootContent[] {
  return [
    heading(2, [inlineCode(id)]),
    paragraph(service === null ? 'No service of the file.' : `Held against ${service}.`),
    ...(notes.length === 0 ? [] : [list(notes.map((note) => [paragraph(note)]))]),
    tableOf(rows),
  ];
}

function tableOf(rows: readonly VerifyRow[]): Table {
  const titles = ['verdict', 'directive', 'configured', 'seen', 'because', 'quote'];
  return {
    type: 'table',
    children: [row(titles.map((title) => [{ type: 'text', value: title }])), ...rows.map(rowOf)],
  };
}

function rowOf({ verdict, directive, configured, seen, because, evidence }: VerifyRow): TableRow {
  const [first] = evidence;
  const verdictCell: PhrasingContent =
    verdict === 'contradicted'
      ? { type: 'strong', children: [{ type: 'text', value: verdictWords[verdict] }] }
      : { type: 'text', value: verdictWords[verdict] };
  return row([
    [verdictCell],
    [inlineCode(directive)],
    words(configuredWords(configured)),
    words(seen ?? ''),
    words(because),
    first === undefined ? [] : [inlineCode(first.quote)],
  ]);
}

const row = (cells: readonly PhrasingContent[][]): TableRow => ({
  type: 'tableRow',
  children: cells.map((children) => ({ type: 'tableCell', children })),
});
