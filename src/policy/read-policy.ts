import { defaultPolicy, type Policy } from '../model/policy.ts';
import { UsageError } from '../model/usage-error.ts';
import { type Place, parsedText } from '../yaml/text.ts';
import { contradictions } from './contradictions.ts';
import { problemsOf } from './problems.ts';
import { policyForm, type WrittenPolicy } from './schema.ts';

/** In characters. A waiver is a hundred of them. */
const longestPolicy = 512 * 1024;

/** What the reader must know besides the text. */
export interface Source {
  /** The file, as it is named in messages. */
  readonly file: string;
  /** What the policy is called where it does not say. */
  readonly name: string;
  /** The ids of all probes. */
  readonly probes: readonly string[];
}

/**
 * A policy out of YAML or JSON; what it leaves out is as in the default policy. `UsageError`: one line,
 * `file:line:column: what is wrong`.
 */
export function readPolicy(text: string, { file, name, probes }: Source): Policy {
  const { value, trouble, doubles, placeOf } = parsedText(text, longestPolicy);
  const unread = trouble === null ? doubles : [trouble];
  if (unread.length > 0) throw refusal(file, unread);
  return policyOf(value, { file, name, probes }, placeOf);
}

/** A policy out of the value that a file holds, or that a report keeps. */
export function policyOf(
  value: unknown,
  { file, name, probes }: Source,
  placeOf: (path: readonly PropertyKey[], isKey: boolean) => Place | null = () => null,
): Policy {
  const read = policyForm(probes).safeParse(value);
  const wrong = read.success ? contradictions(read.data) : problemsOf(read.error, value, probes);
  if (wrong.length > 0 || !read.success) {
    throw refusal(
      file,
      wrong.map(({ path, isKey, text }) => ({ text, place: placeOf(path, isKey) })),
    );
  }
  return completed(read.data, name);
}

interface Wrong {
  readonly text: string;
  readonly place: Place | null;
}

/** The first thing that is wrong, by its place, and how many more there are. */
function refusal(file: string, wrong: readonly Wrong[]): UsageError {
  const [first, ...others] = wrong.toSorted((a, b) => order(a.place) - order(b.place));
  const at = first?.place == null ? '' : `:${first.place.line}:${first.place.column}`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new UsageError(`${file}${at}: ${first?.text ?? 'is no policy'}${more}`);
}

const order = (place: Place | null): number => (place === null ? 0 : place.line * 1e6 + place.column);

function completed(written: WrittenPolicy, name: string): Policy {
  const { $schema: _schema, ...given } = written;
  return { ...defaultPolicy, name, ...given } as Policy;
}
