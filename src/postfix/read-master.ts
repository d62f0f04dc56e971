import type { Problem } from '../model/verification.ts';
import { type LogicalLine, logicalLines, nameAndValue } from './logical-lines.ts';
import { type MasterEntry, masterEntry } from './master-entry.ts';
import { type Fault, odd, quoted, unreadable } from './problem.ts';
import { strayContinuation, type Written } from './read-main.ts';
import type { SourceText } from './source-text.ts';
import type { Version } from './version.ts';

/** master.cf, or what `postconf -M` and `postconf -P` print, one after the other or alone. */
export interface Master {
  readonly entries: readonly MasterEntry[];
  readonly problems: readonly Problem[];
}

/**
 * Reads services in the order of the file; of two with one name and type the last counts. `versions`: those that may be
 * meant. Throws UsageError for a file in which no line is a service.
 */
export function readMaster({ name, text }: SourceText, versions: readonly Version[]): Master {
  if (text.includes('\0')) throw unreadable(name, null, 'it is not a text file in UTF-8');
  const problems: Problem[] = [];
  const note: Note = (line, fault, parameter = null) => problems.push({ file: name, line, parameter, ...fault });
  const { lines, astray } = logicalLines(text);
  if (astray !== null) note(astray, odd(strayContinuation));

  const parameters = lines.flatMap((line) => parameterOf(line) ?? []);
  const entries = entriesIn(
    lines.filter((line) => parameterOf(line) === null),
    versions,
    note,
  );
  if (entries.size > 0) return { entries: withParameters(entries, parameters, note), problems };
  if (parameters.length > 0) {
    note(
      null,
      odd('it has the parameters of services (postconf -P) and not the services: add what "postconf -M" prints'),
    );
    return { entries: withParameters(assumedEntries(parameters), parameters, note), problems };
  }
  const [first] = problems.filter(({ weight }) => weight === 'fatal');
  throw unreadable(name, first?.line ?? null, `${first?.message ?? 'no service is in it'}: ${giveThis}`);
}

function entriesIn(lines: readonly LogicalLine[], versions: readonly Version[], note: Note): Map<string, MasterEntry> {
  const entries = new Map<string, MasterEntry>();
  for (const line of lines) {
    if (/^postconf: \w+: /.test(line.text)) {
      note(line.line, odd(`this is a message of postconf, not a service: ${quoted(line.text)}`));
      continue;
    }
    const { entry, faults } = masterEntry(line, versions);
    for (const { line: at, parameter, ...fault } of faults) note(at, fault, parameter);
    if (entry === null) continue;
    const key = keyOf(entry);
    const before = entries.get(key)?.line;
    if (before !== undefined)
      note(line.line, odd(`${quoted(key)} is there a second time, after line ${before}: this one counts`));
    entries.set(key, entry);
  }
  return entries;
}

const giveThis = 'give master.cf, or what "postconf -M" prints';

type Note = (line: number | null, fault: Fault, parameter?: string | null) => void;

const keyOf = ({ name, type }: { name: string; type: string }) => `${name}/${type}`;

/** A line of `postconf -P`: `submission/inet/smtpd_tls_security_level = encrypt`. */
interface Parameter {
  readonly service: { readonly name: string; readonly type: string };
  readonly parameter: string;
  readonly written: Written;
}

function parameterOf({ text, line }: LogicalLine): Parameter | null {
  const pair = nameAndValue(text);
  const [, name, type, parameter] = /^(.+)\/(inet|unix|unix-dgram|fifo|pass)\/([^/]+)$/.exec(pair?.name ?? '') ?? [];
  if (pair === null || name === undefined || type === undefined || parameter === undefined) return null;
  return { service: { name, type }, parameter, written: { value: pair.value, line } };
}

/** The columns, as `postconf -F` calls them. */
const columns = new Set(['service', 'type', 'private', 'unprivileged', 'chroot', 'wakeup', 'process_limit', 'command']);

function withParameters(
  entries: ReadonlyMap<string, MasterEntry>,
  parameters: readonly Parameter[],
  note: Note,
): MasterEntry[] {
  const more = new Map<string, Map<string, Written>>();
  for (const { service, parameter, written } of parameters) {
    const key = keyOf(service);
    if (columns.has(parameter)) {
      const what = quoted(`${key}/${parameter}`);
      note(written.line, odd(`${what} is a column (postconf -F) and passed over: postconf -M has it`));
    } else if (!entries.has(key)) {
      note(written.line, odd(`${quoted(`${key}/${parameter}`)} is about a service that is not in the file`));
    } else {
      more.set(key, (more.get(key) ?? new Map<string, Written>()).set(parameter, written));
    }
  }
  return [...entries].map(([key, entry]) => ({
    ...entry,
    overrides: new Map([...entry.overrides, ...(more.get(key) ?? [])]),
  }));
}

/**
 * Where only parameters are known, a service on the network that has some is taken for an smtpd; smtp is there in any
 * case.
 */
function assumedEntries(parameters: readonly Parameter[]): Map<string, MasterEntry> {
  const services = [{ name: 'smtp', type: 'inet' }, ...parameters.map(({ service }) => service)];
  const program = (type: string) => (type === 'inet' || type === 'pass' ? 'smtpd' : '');
  return new Map(services.map((one) => [keyOf(one), stockEntry(one.name, one.type, program(one.type))]));
}

/** A service of which nothing is known but its name and program. */
export const stockEntry = (name: string, type: string, program: string): MasterEntry => ({
  ...{ name, type, program },
  ...{ chroot: null, maxproc: null, line: null, overrides: new Map<string, Written>() },
});
