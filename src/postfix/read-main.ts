import type { Problem } from '../model/verification.ts';
import { logicalLines, nameAndValue } from './logical-lines.ts';
import { isParameter } from './parameters.ts';
import { type Fault, fatal, odd, quoted, unreadable } from './problem.ts';
import type { SourceText } from './source-text.ts';

/** A parameter as written, and the line on which it begins. */
export interface Written {
  readonly value: string;
  readonly line: number;
}

/** main.cf, or what `postconf` prints with or without `-n` and `-d`. */
export interface Main {
  readonly written: ReadonlyMap<string, Written>;
  readonly problems: readonly Problem[];
}

/** Reads parameters; where one is set twice the last one wins. Throws UsageError for a file that is not Postfix's. */
export function readMain({ name, text }: SourceText): Main {
  const { lines, astray } = logicalLines(text);
  const written = new Map<string, Written>();
  const problems: Problem[] = [];
  const note = (line: number, parameter: string | null, fault: Fault) =>
    problems.push({ file: name, line, parameter, ...fault });
  if (text.includes('\0')) throw unreadable(name, null, 'it is not a text file in UTF-8');
  if (astray !== null) note(astray, null, odd(strayContinuation));
  const isPostfix = lines.some((line) => isParameter(nameAndValue(line.text)?.name ?? ''));
  for (const { text: content, line } of lines) {
    if (isChatter(content)) {
      note(line, null, odd(`this is a message of postconf, not a parameter: ${quoted(content)}`));
      continue;
    }
    const pair = nameAndValue(content);
    if (!isPostfix && (pair === null || /[/{}"<>[\]]/.test(pair.name)))
      throw unreadable(name, line, `${whyNot(content)}: ${giveThis}`);
    if (pair === null) {
      note(line, null, fatal(`${whyNot(content)}: Postfix would not start`));
      continue;
    }
    const before = written.get(pair.name);
    if (before !== undefined && before.value !== pair.value) {
      const message = `${quoted(pair.name)} is set a second time, after line ${before.line}: this one counts`;
      note(line, pair.name, odd(message));
    }
    written.set(pair.name, { value: pair.value, line });
  }
  expectPostfix(name, written);
  return { written, problems };
}

/** What postconf writes to standard error, where somebody kept both. */
const isChatter = (content: string) => /^postconf: \w+: /.test(content);

const giveThis = 'give main.cf, or what "postconf -n" prints';

export const strayContinuation = 'a line that begins with white space continues nothing here: Postfix passes it over';

function whyNot(content: string): string {
  const said = `${quoted(content)} is not "name = value"`;
  if (content.startsWith('\uFEFF')) return `${said}: a byte order mark stands before it`;
  if (/^\S+\s+(inet|unix|unix-dgram|fifo|pass)\s+[yn-]\s/.test(content))
    return `${said}; it looks like master.cf, which is given as a file of its own`;
  if (/^[^\s/]+\/(inet|unix|unix-dgram|fifo|pass)\/\S+\s*=/.test(content))
    return `${said}; it looks like postconf -P, which is given as the file of services`;
  return said;
}

function expectPostfix(name: string, written: ReadonlyMap<string, Written>): void {
  if (written.size === 0) throw unreadable(name, null, `nothing is set in it: ${giveThis}`);
  if (![...written.keys()].some(isParameter)) {
    throw unreadable(name, null, `no parameter of Postfix is in it: ${giveThis}`);
  }
}
