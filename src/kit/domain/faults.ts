import { inWords } from '../../model/in-words.ts';
import { fail, type Measured, type Severity, severities, type Told } from '../../model/judgement.ts';
import type { Cite } from '../../model/transcript.ts';
import { beginningOf, visible } from '../../model/visible.ts';

/** One of the things that are wrong with a domain. */
export interface Fault {
  readonly severity: Severity;
  /** What it comes to where it is the worst, in one plain sentence without a full stop. */
  readonly headline: string;
  /** What was seen, part of a sentence. */
  readonly says: string;
  readonly at: readonly Cite[];
  readonly likely?: string | undefined;
}

/** Where several things are wrong the worst decides, and all are said, worst first. */
export function failOf(faults: readonly [Fault, ...Fault[]], at: Cite, measured: Measured): Told {
  const weight = ({ severity }: Fault) => severities.indexOf(severity);
  const sorted = [...faults].sort((a, b) => weight(b) - weight(a));
  const { severity, headline, likely } = sorted[0] ?? faults[0];
  const cites = sorted.flatMap((fault) => fault.at);
  const evidence = [at, ...cites].filter((one, index, all) => index === all.findIndex((other) => isSame(one, other)));
  return fail(sorted.map(({ says }) => says).join('; '), [at, ...evidence.slice(1, mostQuotes)], {
    severity,
    headline,
    measured,
    ...(likely === undefined ? {} : { likely }),
  });
}

/** More quotes than a person reads tell no more. */
const mostQuotes = 24;

const isSame = (a: Cite, b: Cite) => a.session === b.session && a.event === b.event && a.quote === b.quote;

/** Names that a peer chose, as a part of a sentence: printable, cut, and no more than a person reads. */
export function naming(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map(nameShown);
  const more = names.length - shown.length;
  return inWords(more === 0 ? shown : [...shown, `${more} more`]);
}

const mostNames = 5;

/** A name that a peer chose, printable and cut to what a line holds. */
export function nameShown(name: string): string {
  const text = visible(name);
  return text.length > 80 ? `${beginningOf(text, 77)}...` : text;
}
