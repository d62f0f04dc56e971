import type { Finding } from '../model/report.ts';
import type { Reported } from '../model/reported.ts';
import type { Cite } from '../model/transcript.ts';
import { beginningOf } from '../model/visible.ts';
import { wordsOfDoubt } from './doubt-words.ts';
import { figures } from './figures.ts';
import { grouped } from './grouped.ts';
import { gap, type Para, type Style } from './layout.ts';
import { markWords } from './mark-words.ts';
import { proofOf } from './proof.ts';
import { sentence } from './sentence.ts';
import { fixParas } from './terminal-fix.ts';
import { weights } from './weights.ts';

/** Where a finding stands, whether its quotes say where in the transcript, and whether all is told. */
export interface FindingPlace {
  readonly endpoint: Reported;
  readonly numbered: boolean;
  /** With every quote, and the figures that machines read. */
  readonly verbose: boolean;
}

const quotesShown = 4;
const namesShown = 8;
/** A longer quote is cut: the whole of it is in the transcript. */
const quoteLength = 240;
const detail = 11;

/** What is wrong, how we know, and what to do about it. */
export function failParas(finding: Finding, said: FindingPlace): Para[] {
  const { label, style } = weights[finding.severity];
  const { headline, likely, because } = finding;
  return [
    headed(label, style, `${finding.probe} [${finding.severity}]`, sentence(headline ?? because)),
    ...(said.verbose && headline !== undefined ? [{ indent: detail, text: because, hang: 2 } as const] : []),
    ...markParas(finding),
    ...(said.verbose ? quotes(finding, said) : proof(finding, said)),
    ...(said.verbose ? measuredParas(finding) : []),
    ...(likely === undefined
      ? []
      : [{ indent: detail, lead: [['strong', 'Likely cause: ']], text: sentence(likely, false), hang: 2 } as const]),
    ...fixParas(finding, said.endpoint.mta),
  ];
}

const proof = (finding: Finding, { endpoint, numbered }: FindingPlace): Para[] =>
  proofOf(finding, endpoint).map(
    ({ mark, text, session, event }): Para => ({
      indent: detail,
      lead: [['faint', `${numbered ? `${session} #${event} ` : ''}${mark} `]],
      text: shortened(text),
    }),
  );

/** What could not be told, why, and the way out. */
export function untoldParas(findings: readonly [Finding, ...Finding[]], said: FindingPlace): Para[] {
  const [first] = findings;
  const { word, wayOut } = wordsOfDoubt(first);
  return [
    ...(findings.length === 1
      ? [headed('UNKNOWN', 'doubtful', first.probe, first.because)]
      : [
          { indent: 2, lead: [['doubtful', 'UNKNOWN  ']], text: namesOf(findings), style: 'strong' } as const,
          { indent: 11, text: first.because },
        ]),
    { indent: detail, lead: [['faint', `${word}: `]], text: wayOut, style: 'faint', hang: 2 },
    ...markParas(first),
    ...quotes(first, said),
    ...(said.verbose ? measuredParas(first) : []),
  ];
}

/** What the policy says of it. */
const markParas = (finding: Finding): Para[] =>
  markWords(finding).map((text): Para => ({ indent: detail, text, style: 'strong', hang: 2 }));

/** One sentence and one quote. */
export function passParas(finding: Finding, said: FindingPlace): Para[] {
  const quoted = finding.evidence.slice(0, 1).map((cite): Para => ({ ...quote(cite, said), wrap: 'cut' }));
  return [headed('pass', 'good', finding.probe, finding.because), ...quoted];
}

/** A bug of ours. */
export function brokenParas(finding: Finding): Para[] {
  return [headed('ERROR', 'bad', `${finding.probe} [a bug of ours]`, finding.because)];
}

const namesOf = (findings: readonly Finding[]): string => findings.map((finding) => finding.probe).join(', ');

function headed(label: string, style: Style, name: string, because: string): Para {
  return { indent: 2, lead: [[style, label.padEnd(9)], ['strong', name], gap], text: because, hang: 9 };
}

/** The same words are quoted once: a server that takes 24 shapes says `250 Ok` 24 times. */
function quotes({ evidence }: Finding, said: FindingPlace): Para[] {
  const distinct = grouped(evidence, (cite) => cite.quote);
  const more = distinct.slice(quotesShown).flat().length;
  return [
    ...distinct.slice(0, quotesShown).map((cites) => quote(cites[0], said, cites.length)),
    ...(more > 0 ? [{ indent: detail, text: `and ${more} more`, style: 'faint' } as const] : []),
  ];
}

/** `S: 250 2.1.5 Ok`, or `C:` where what we sent is what is quoted. */
function quote(cite: Cite, { endpoint, numbered }: FindingPlace, count = 1): Para {
  const session = endpoint.sessions.find((entry) => entry.id === cite.session);
  const from = session?.events[cite.event]?.from ?? 'them';
  const mark = from === 'us' ? 'C: ' : from === 'them' ? 'S: ' : '-- ';
  const where = numbered ? `${cite.session} #${cite.event} ` : '';
  return {
    indent: detail,
    lead: [['faint', `${where}${mark}`]],
    text: `${shortened(cite.quote)}${count > 1 ? `  (${count} times)` : ''}`,
  };
}

function shortened(text: string): string {
  return text.length <= quoteLength
    ? text
    : `${beginningOf(text, quoteLength)} [... ${text.length - quoteLength} more]`;
}

function measuredParas({ measured }: Finding): Para[] {
  return figures(measured ?? {}, namesShown).map((text) => ({ indent: detail, text, style: 'faint', hang: 2 }));
}
