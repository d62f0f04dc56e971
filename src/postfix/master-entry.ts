import type { LogicalLine } from './logical-lines.ts';
import { optionsOf } from './master-options.ts';
import { restFault } from './master-rest.ts';
import { wordsOf } from './master-words.ts';
import { type Fault, fatal, odd, quoted } from './problem.ts';
import type { Written } from './read-main.ts';
import type { Version } from './version.ts';

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

interface Read {
  /** null: Postfix would give the file up at this line. */
  readonly entry: MasterEntry | null;
  readonly faults: readonly (Fault & { readonly line: number; readonly parameter: string | null })[];
}

/**
 * Reads one logical line: eight columns (master(5)), the eighth with arguments. `versions`: those that may be meant.
 */
export function masterEntry(line: LogicalLine, versions: readonly Version[]): Read {
  const words = wordsOf(line.text);
  const columns = words.slice(0, 8).map(({ text }) => text);
  const bad = columnFault(line.text, columns);
  if (bad?.weight === 'fatal') return { entry: null, faults: [{ line: line.line, parameter: null, ...bad }] };
  const [name = '', type = '', , , chroot, , maxproc = '-', command = ''] = columns;
  const program = command.replace(/^.*\//, '');
  const { settings, rest, faults } = optionsOf(words.slice(8));
  const before = words[words.length - rest.length - 1]?.text;
  // A program ends at the first that it does not understand.
  const stray = faults.length > 0 ? null : restFault(program, rest, before, versions);
  const entry = {
    name,
    type,
    chroot: chroot === '-' ? null : chroot === 'y',
    maxproc: maxproc === '-' ? null : Number.parseInt(maxproc, 10),
    program,
    line: line.line,
    overrides: new Map(settings.map(({ name, value, at }) => [name, { value, line: line.lineAt(at) }])),
  };
  const found = [...(bad === null ? [] : [{ at: 0, ...bad }]), ...faults, ...(stray === null ? [] : [stray])];
  return { entry, faults: found.map(({ at, ...fault }) => ({ line: line.lineAt(at), parameter: null, ...fault })) };
}

/** What master(8) would not take, or postconf alone. */
function columnFault(text: string, columns: readonly string[]): Fault | null {
  const [name = '', type = '', isPrivate = '', unprivileged = '', chroot = '', wakeup = '', maxproc = ''] = columns;
  if (columns.length < 8)
    return fatal(`${quoted(text)} has ${columns.length} columns, and a service has 8${notStarted}`);
  if (!/^(inet|unix|unix-dgram|fifo|pass)$/.test(type))
    return fatal(`${quoted(type)} is no type of service: inet, unix, unix-dgram, fifo or pass${notStarted}`);
  const wrong = [isPrivate, unprivileged, chroot].find((column) => !/^[yn-]$/.test(column));
  if (wrong !== undefined) return fatal(`${quoted(wrong)} stands where y, n or - is due${notStarted}`);
  if (type === 'inet' && isPrivate !== 'n')
    return fatal(`the service ${quoted(name)} is on the network, so its third column is n${notStarted}`);
  if (!/^(-|\d.*)$/s.test(wakeup)) return fatal(`${quoted(wakeup)} is no wakeup time${notStarted}`);
  if (!/^(-|\d.*)$/s.test(maxproc)) return fatal(`${quoted(maxproc)} is no number of processes${notStarted}`);
  const loose = [wakeup.replace(/\?$/, ''), maxproc].find((column) => !/^(-|\d+)$/.test(column));
  return loose === undefined ? null : odd(`${quoted(loose)} is read as far as its digits go, and not by postconf`);
}

const notStarted = ', and Postfix would not start';
