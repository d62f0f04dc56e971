import type { BlockContent, Paragraph, PhrasingContent, RootContent } from 'mdast';
import type { Finding } from '../model/report.ts';
import type { Reported } from '../model/reported.ts';
import { isNotPermitted } from '../model/summary.ts';
import { wordsOfDoubt } from './doubt-words.ts';
import { endpointName } from './endpoint-name.ts';
import { aboutWords, byNeed, costWords, sameReason, worstFirst } from './endpoint-words.ts';
import { counted, figures } from './figures.ts';
import { chosenFix, elsewhereWords } from './fix-choice.ts';
import { markWords } from './mark-words.ts';
import { code, folded, heading, inlineCode, list, paragraph, words } from './markdown-nodes.ts';
import { quoteLines, quotesOf } from './quotes.ts';
import { sentence } from './sentence.ts';
import { weights } from './weights.ts';

const quotesShown = 4;
const namesShown = 8;

/**
 * One endpoint: what is wrong with proof and remedy, what could not be told and the way out, and what is right, folded
 * away.
 */
export function endpointNodes(endpoint: Reported): RootContent[] {
  const of = (verdict: Finding['verdict']) => endpoint.findings.filter((finding) => finding.verdict === verdict);
  const untold = of('inconclusive').filter((finding) => !isNotPermitted(finding));
  return [
    heading(3, [inlineCode(endpointName(endpoint.id))]),
    paragraph(`${aboutWords(endpoint).replace(' | ', ', ')}.`),
    ...of('error').flatMap((finding) => [heading(4, named([finding], ': a bug of ours')), paragraph(finding.because)]),
    ...worstFirst(of('fail')).flatMap((finding) => failNodes(finding, endpoint)),
    ...untoldNodes(untold, endpoint),
    ...passNodes(of('pass'), endpoint),
    ...asideNodes(endpoint),
    paragraph(`Cost: ${costWords(endpoint)}.`),
  ];
}

/** Ids, then words. */
function named(findings: readonly Finding[], after: string): PhrasingContent[] {
  const ids = findings.flatMap(({ probe }, index): PhrasingContent[] => [
    ...(index === 0 ? [] : [{ type: 'text', value: ', ' } as const]),
    inlineCode(probe),
  ]);
  return [...ids, ...words(after)];
}

function failNodes(finding: Finding, endpoint: Reported): RootContent[] {
  return [
    heading(4, named([finding], ` (${weights[finding.severity].word})`)),
    paragraph(
      [
        ...(finding.headline === undefined ? [] : [sentence(finding.headline)]),
        sentence(finding.because),
        ...likelyWords(finding),
        ...markWords(finding),
      ].join(' '),
    ),
    ...proof(finding, endpoint),
    ...fixNodes(finding, endpoint),
  ];
}

const likelyWords = ({ likely }: Finding): string[] =>
  likely === undefined ? [] : [`Likely cause: ${sentence(likely, false)}`];

function proof(finding: Finding, endpoint: Reported): RootContent[] {
  const quotes = quoteLines(quotesOf(finding, endpoint), quotesShown);
  const measured = figures(finding.measured ?? {}, namesShown);
  return [
    ...(quotes.length === 0 ? [] : [code(quotes)]),
    ...(measured.length === 0 ? [] : [list(measured.map((text) => [paragraph(text)]))]),
  ];
}

function fixNodes({ probe, fix = {} }: Finding, { mta }: Reported): RootContent[] {
  const chosen = chosenFix(fix, mta);
  if (chosen !== null) return [paragraph(`Fix for ${chosen.title}:`), code(chosen.lines)];
  const elsewhere = elsewhereWords(probe, fix);
  return elsewhere === null ? [] : [paragraph(`Fix: ${elsewhere}`)];
}

function untoldNodes(untold: readonly Finding[], endpoint: Reported): RootContent[] {
  if (untold.length === 0) return [];
  const items = sameReason(untold).map((findings): BlockContent[] => {
    const [first] = findings;
    const { word, wayOut } = wordsOfDoubt(first);
    const text = [`: ${first.because} (${word}: ${wayOut}).`, ...markWords(first)].join(' ');
    const quotes = quoteLines(quotesOf(first, endpoint), quotesShown);
    const said: Paragraph = { type: 'paragraph', children: named(findings, text) };
    return quotes.length === 0 ? [said] : [said, code(quotes)];
  });
  return [heading(4, words('Could not be told')), list(items)];
}

function passNodes(passes: readonly Finding[], endpoint: Reported): RootContent[] {
  if (passes.length === 0) return [];
  const items = passes.map((finding): Paragraph[] => {
    const [quote] = quotesOf(finding, endpoint);
    const proof: PhrasingContent[] =
      quote === undefined ? [] : [{ type: 'text', value: ' ' }, inlineCode(`${quote.mark} ${quote.text}`)];
    return [{ type: 'paragraph', children: [...named([finding], `: ${finding.because}.`), ...proof] }];
  });
  return folded(counted(passes.length, 'pass'), [list(items)]);
}

function asideNodes({ findings }: Reported): RootContent[] {
  const apart = findings.filter(({ verdict }) => verdict === 'not-applicable');
  const rows = [
    ...(apart.length === 0 ? [] : [{ need: 'not applicable', findings: apart }]),
    ...byNeed(findings.filter(isNotPermitted)),
  ];
  return rows.map(({ need, findings: aside }) => ({
    type: 'paragraph',
    children: [...words(`${need}: `), ...named(aside, '')],
  }));
}
