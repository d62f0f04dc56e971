import { visible } from '../../model/visible.ts';
import { type Problem, problemsOf } from '../../yaml/problems.ts';
import { type Misplaced, parsedText } from '../../yaml/text.ts';
import { completed } from './completed.ts';
import type { MonitorConfig } from './config.ts';
import { monitorForm } from './form.ts';
import { type Files, lookupsIn } from './lookups.ts';
import { referenceProblems } from './references.ts';
import { warningsOf } from './warnings.ts';
import { wordingFor } from './wording.ts';

export type { Files } from './lookups.ts';

/** What the reader must know besides the text. */
export interface Source {
  readonly files: Files;
  /** The ids of all probes. */
  readonly probes: readonly string[];
}

/**
 * The configuration, with what may not be as it was meant; or every mistake. Both in the order of the text, each one
 * printable sentence.
 */
export type ReadConfig =
  | { readonly kind: 'config'; readonly config: MonitorConfig; readonly warnings: readonly Misplaced[] }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Misplaced[] };

/** In characters. A monitor takes a hundred, and there may be thousands. */
const longest = 4 * 1024 * 1024;

/** Reads `mxprobe.yaml`, YAML or JSON, with the files that it names. Looks nothing up, and reads no secret. */
export function readConfig(text: string, { files, probes }: Source): ReadConfig {
  const { value, trouble, doubles, placeOf } = parsedText(text, longest);
  if (trouble !== null) return { kind: 'mistakes', mistakes: [trouble] };
  const read = monitorForm(probes).safeParse(value);
  const lookups = lookupsIn(files, probes);
  const problems = [
    ...(read.success ? [] : problemsOf(read.error, value, wordingFor(probes))),
    ...referenceProblems(value, lookups),
  ];
  const placed = ({ path, isKey, text: said }: Problem): Misplaced => ({
    text: visible(said),
    place: placeOf(path, isKey),
  });
  const mistakes = [...doubles, ...problems.map(placed)];
  if (mistakes.length > 0 || !read.success) return { kind: 'mistakes', mistakes: mistakes.toSorted(byPlace) };
  const config = completed(read.data, files, lookups);
  return { kind: 'config', config, warnings: warningsOf(config, files).map(placed).toSorted(byPlace) };
}

const byPlace = (a: Misplaced, b: Misplaced): number => a.place.line - b.place.line || a.place.column - b.place.column;
