import { type LogicalLine, nameAndValue } from './logical-lines.ts';
import { balancedEnd } from './macro-syntax.ts';
import { type Problem, quoted } from './problem.ts';
import type { Written } from './read-main.ts';

/** A service of master.cf. */
export interface MasterEntry {
  readonly name: string;
  readonly type: string;
  /** null: `-`, which is yes or no by compatibility level. */
  readonly chroot: boolean | null;
  /** null: `-`, which is `default_process_limit`; 0: no limit. */
  readonly maxproc: number | null;
  /** The command without its folder. */
  readonly program: string;
  readonly line: number | null;
  /** What `-o` says of parameters. */
  readonly overrides: ReadonlyMap<string, Written>;
}

type Read =
  | { readonly kind: 'entry'; readonly entry: MasterEntry; readonly problems: readonly Omit<Problem, 'file'>[] }
  | { readonly kind: 'bad'; readonly message: string };

/** Reads one logical line: eight columns (master(5)), the eighth with arguments. */
export function masterEntry(line: LogicalLine): Read {
  const words = wordsOf(line.text);
  const [name, type, isPrivate, unprivileged, chroot, wakeup, maxproc, command] = words.map(({ text }) => text);
  if (command === undefined || name === undefined) {
    return bad(
      `${quoted(line.text)} has ${words.length} columns, and a service has 8: give master.cf, or "postconf -M"`,
    );
  }
  if (!/^(inet|unix|unix-dgram|fifo|pass)$/.test(type ?? '')) {
    return bad(`${quoted(type ?? '')} is no type of service: inet, unix, unix-dgram, fifo or pass`);
  }
  const wrong = [isPrivate, unprivileged, chroot].find((column) => !/^[yn-]$/.test(column ?? ''));
  if (wrong !== undefined) return bad(`${quoted(wrong)} stands where y, n or - is due`);
  if (!/^(-|\d+\??)$/.test(wakeup ?? '')) return bad(`${quoted(wakeup ?? '')} is no wakeup time`);
  if (!/^(-|\d+)$/.test(maxproc ?? '')) return bad(`${quoted(maxproc ?? '')} is no number of processes`);
  const program = command.replace(/^.*\//, '');
  const { overrides, problems } = argumentsOf(line, words.slice(8), program);
  const entry = {
    name,
    type: type ?? '',
    chroot: chroot === '-' ? null : chroot === 'y',
    maxproc: maxproc === '-' ? null : Number(maxproc),
    program,
    line: line.line,
    overrides,
  };
  return { kind: 'entry', entry, problems };
}

const bad = (message: string): Read => ({ kind: 'bad', message });

interface Word {
  readonly text: string;
  readonly at: number;
}

const isBlank = (char: string) => ' \t\r\n'.includes(char);

/** Words between white space; braces keep theirs together. */
function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < text.length; ) {
    if (isBlank(text.charAt(at))) {
      at += 1;
      continue;
    }
    const from = at;
    while (at < text.length && !isBlank(text.charAt(at))) {
      at = text[at] === '{' ? (balancedEnd(text, at, '{', '}') ?? text.length) : at + 1;
    }
    words.push({ text: text.slice(from, at), at: from });
  }
  return words;
}

/** Daemons whose options are followed by what they are to run: `user=… argv=…` (pipe(8), spawn(8)). */
const runsCommands = ['pipe', 'spawn'];

/** `-o name=value`, `-oname=value`, `-vo name=value` and `-o { name = value }`; other options carry no parameters. */
function argumentsOf(line: LogicalLine, words: readonly Word[], program: string) {
  const overrides = new Map<string, Written>();
  const problems: Omit<Problem, 'file'>[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const { text, at } = words[index] ?? { text: '', at: 0 };
    const [option] = /^-[^o-]*o/.exec(text) ?? [];
    if (option === undefined) {
      if (text.startsWith('-') && text !== '--') continue;
      if (runsCommands.includes(program)) break;
      problems.push({
        line: line.lineAt(at),
        message: strayWord(text, index > 0 ? words[index - 1]?.text : undefined),
      });
      break;
    }
    const inside = text.slice(option.length);
    const argument = inside === '' ? words[++index] : { text: inside, at };
    const pair = argument === undefined ? null : parameterOf(argument.text);
    const where = line.lineAt(argument?.at ?? at);
    if (pair === null) {
      const said = argument === undefined ? '-o' : `-o ${argument.text}`;
      problems.push({
        line: where,
        message: `${quoted(said)} sets no parameter: it is -o name=value, or -o { name = value }`,
      });
    } else {
      overrides.set(pair.name, { value: pair.value, line: where });
    }
  }
  return { overrides, problems };
}

function parameterOf(argument: string) {
  if (!argument.startsWith('{')) return nameAndValue(argument);
  return argument.endsWith('}') ? nameAndValue(argument.slice(1, -1)) : null;
}

function strayWord(word: string, before: string | undefined): string {
  const cause = before?.includes('=') ? ': in a value of -o white space goes into braces, -o { name = a b }' : '';
  return `${quoted(word)} is no option, and the service would not start${cause}`;
}
