import type { SourceText } from './configuration.ts';
import { type LogicalLine, logicalLines, nameAndValue } from './logical-lines.ts';
import { type MasterEntry, masterEntry } from './master-entry.ts';
import { type Problem, quoted, unreadable } from './problem.ts';
import type { Written } from './read-main.ts';

/** master.cf, or what `postconf -M` and `postconf -P` print, one after the other or alone. */
export interface Master {
  readonly entries: readonly MasterEntry[];
  readonly problems: readonly Problem[];
}

/** Reads services in the order of the file; of two with one name and type the last counts. Throws UsageError for what is none. */
export function readMaster({ name, text }: SourceText): Master {
  if (text.includes('\0')) throw unreadable(name, null, 'it is not a text file in UTF-8');
  const problems: Problem[] = [];
  const note: Note = (line, message) => problems.push({ file: name, line, message });
  const { lines, astray } = logicalLines(text);
  if (astray !== null)
    note(astray, 'a line that begins with white space continues nothing here: Postfix passes it over');

  const parameters = lines.flatMap((line) => parameterOf(line) ?? []);
  const entries = new Map<string, MasterEntry>();
  for (const line of lines) {
    if (parameterOf(line) !== null) continue;
    if (/^postconf: \w+: /.test(line.text)) {
      note(line.line, `this is a message of postconf, not a service: ${quoted(line.text)}`);
      continue;
    }
    const read = masterEntry(line);
    if (read.kind === 'bad') throw unreadable(name, line.line, read.message);
    for (const { line: at, message } of read.problems) note(at, message);
    const key = keyOf(read.entry);
    const before = entries.get(key)?.line;
    if (before !== undefined)
      note(line.line, `${quoted(key)} is there a second time, after line ${before}: this one counts`);
    entries.set(key, read.entry);
  }
  if (entries.size > 0) return { entries: withParameters(entries, parameters, note), problems };
  if (parameters.length === 0) {
    throw unreadable(name, null, 'no service is in it: give master.cf, or what "postconf -M" prints');
  }
  note(null, 'it has the parameters of services (postconf -P) and not the services: add what "postconf -M" prints');
  return { entries: withParameters(assumedEntries(parameters), parameters, note), problems };
}

type Note = (line: number | null, message: string) => void;

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
  const all = new Map(entries);
  for (const { service, parameter, written } of parameters) {
    const key = keyOf(service);
    const entry = all.get(key);
    if (columns.has(parameter)) {
      note(
        written.line,
        `${quoted(`${key}/${parameter}`)} is a column (postconf -F) and passed over: postconf -M has it`,
      );
    } else if (entry === undefined) {
      note(written.line, `${quoted(`${key}/${parameter}`)} is about a service that is not in the file`);
    } else {
      all.set(key, { ...entry, overrides: new Map([...entry.overrides, [parameter, written]]) });
    }
  }
  return [...all.values()];
}

/** Where only parameters are known, a service on the network that has some is taken for an smtpd; smtp is there in any case. */
function assumedEntries(parameters: readonly Parameter[]): Map<string, MasterEntry> {
  const services = [{ name: 'smtp', type: 'inet' }, ...parameters.map(({ service }) => service)];
  return new Map(services.map((service) => [keyOf(service), stockEntry(service.name, service.type)]));
}

/** A service of which nothing is known but its name. */
export function stockEntry(name: string, type: string): MasterEntry {
  const program = type === 'inet' || type === 'pass' ? 'smtpd' : '';
  return { name, type, chroot: null, maxproc: null, program, line: null, overrides: new Map() };
}
