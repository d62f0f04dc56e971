import type { ReportingDescriptor } from 'sarif';
import { type Severity, severities } from '../model/judgement.ts';
import type { Report } from '../model/report.ts';
import { reportedIn } from '../model/reported.ts';
import { fixesFor } from '../mta/fixes.ts';
import { fixesOf } from './fix-choice.ts';
import { code, heading, markdownOf, paragraph, words } from './markdown-nodes.ts';
import type { RuleText } from './rule-text.ts';
import { weights } from './weights.ts';

/** A rule for each probe of the catalogue, and for those of a report that the catalogue does not know. */
export function rulesOf(report: Report, texts: readonly RuleText[]): readonly ReportingDescriptor[] {
  const known = new Set(texts.map(({ id }) => id));
  const strangers = reportedIn(report).flatMap(({ findings }) => findings.filter(({ probe }) => !known.has(probe)));
  const more = new Map(strangers.map(({ probe, question, severity }) => [probe, { id: probe, question, severity }]));
  return [...texts, ...[...more.values()].map((text) => ({ ...text, why: text.question, judged: '', refs: [] }))].map(
    ruleOf,
  );
}

/** GitHub reads a score: over 9 is critical, from 7 high, from 4 medium, above 0 low. */
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.0',
};

function ruleOf(text: RuleText): ReportingDescriptor {
  const { id, question } = text;
  const { level } = weights[text.severity];
  return {
    id,
    name: nameOf(id),
    shortDescription: { text: question },
    fullDescription: { text: text.why },
    help: help(text),
    helpUri: helpUri(text.refs),
    defaultConfiguration: { level, rank: (severities.indexOf(text.severity) + 1) * 20 },
    properties: { tags: ['security', 'smtp'], 'security-severity': scores[text.severity], precision: 'very-high' },
  };
}

function help({ id, why, judged, weighs, refs }: RuleText): { readonly text: string; readonly markdown: string } {
  const fixes = fixesOf(fixesFor(id));
  const sources = refs.length === 0 ? [] : [`Sources: ${refs.join('; ')}.`];
  const said = [
    why,
    ...(judged === '' ? [] : [`How it is judged: ${judged}`]),
    ...(weighs === undefined ? [] : [`What it weighs: ${weighs}`]),
  ];
  const text = [
    ...said,
    ...fixes.flatMap(({ title, lines }) => [`Fix for ${title}:`, ...lines.map((line) => `  ${line}`)]),
    ...sources,
  ];
  const markdown = [
    ...said.map(paragraph),
    ...fixes.flatMap(({ title, lines }) => [heading(3, words(`Fix for ${title}`)), code(lines)]),
    ...sources.map(paragraph),
  ];
  return { text: text.join('\n'), markdown: markdownOf(markdown) };
}

/** Where the first RFC named is to be read; that of SMTP itself, where a probe rests on what servers do. */
function helpUri(refs: readonly string[]): string {
  const [, number = '5321'] = /RFC (\d+)/.exec(refs.join(' ')) ?? [];
  return `https://www.rfc-editor.org/rfc/rfc${number}`;
}

/** `SmtpOpenRelay`: a name must be another word than the id, whatever the case. */
const nameOf = (id: string): string =>
  `Smtp${id.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
