import type { Problem } from '../../model/verification.ts';
import { defaultOf } from '../defaults.ts';
import { parameterOf } from '../parameters.ts';
import { type Fault, fatal, quoted } from '../problem.ts';
import { type Layer, type Scope, settingIn } from '../setting.ts';
import { classesOf, meaningFaults } from './meaning.ts';
import { nameChecker } from './names.ts';
import { referenceFaults } from './references.ts';
import { smtpdFaults } from './smtpd.ts';
import { commentHint, faultOf } from './value-kind.ts';

/** A program of master.cf, and the settings that it reads. */
interface Program {
  readonly name: string;
  readonly scope: Scope;
}

export interface Checked {
  /** For what holds for all of Postfix. */
  readonly outside: Scope;
  readonly programs: readonly Program[];
  /** Names of services; null where master.cf was not given. */
  readonly services: ReadonlySet<string> | null;
  /** The user's word on what Dovecot or Cyrus SASL offers; null where they gave none. */
  readonly mechanisms: readonly string[] | null;
}

/** What Postfix would stumble over in names and values. Where a value is not known nothing is said of it. */
export function problemsIn(checked: Checked): Problem[] {
  const { outside, programs, services } = checked;
  const own = programs.flatMap((program) =>
    program.scope.master === null ? [] : [{ program, layer: program.scope.master }],
  );
  const definedByServices = new Set(own.flatMap(({ layer }) => [...layer.written.keys()]));
  const nameFault = nameChecker(outside, [outside.main, ...own.map(({ layer }) => layer)], services);
  const groups = groupsOf(programs, outside.main);
  return once([
    ...eachLine(outside.main, (name, value) => [
      ...asList(nameFault(name)),
      ...referenceFaults(name, value, outside, (one) => definedByServices.has(one)),
      ...valueFaults(name, value, outside, groups),
    ]),
    ...own.flatMap(({ program, layer }) =>
      eachLine(layer, (name, value) => [
        ...asList(nameFault(name)),
        ...referenceFaults(name, value, program.scope, () => false),
        ...valueFaults(name, value, program.scope, [[program]]),
      ]),
    ),
    ...groups.flatMap((group) => group.flatMap((program) => wholeFaults(program, checked))),
  ]);
}

const asList = <T>(one: T | null): T[] => (one === null ? [] : [one]);

function eachLine({ file, written }: Layer, faultsOf: (name: string, value: string) => Fault[]): Problem[] {
  return [...written].flatMap(([name, { value, line }]) =>
    faultsOf(name, value).map((fault) => ({ file, line, parameter: name, ...fault })),
  );
}

/** Services of one program beyond this many differ in nothing that matters. */
const mostServices = 64;
/** Lines of main.cf times services of one program: so many are looked at in a second. */
const mostReadings = 200_000;

/**
 * Programs with the same name together; those without settings of their own read the same, unless main.cf asks
 * for their names, and one stands for all.
 */
function groupsOf(programs: readonly Program[], { written }: Layer): Program[][] {
  const most = Math.max(1, Math.min(mostServices, Math.floor(mostReadings / written.size)));
  const asksForNames = [...written.values()].some(({ value }) => value.includes('service_name'));
  const groups = new Map<string, Map<Program | null, Program>>();
  for (const program of programs) {
    const group = groups.get(program.name) ?? new Map<Program | null, Program>();
    const isPlain = !asksForNames && (program.scope.master?.written.size ?? 0) === 0;
    if (group.size < most) group.set(isPlain ? null : program, program);
    groups.set(program.name, group);
  }
  return [...groups.values()].map((group) => [...group.values()]);
}

/**
 * What programs make of a value that one layer sets: those alone in which no other layer sets it too. What Postfix
 * takes where nothing is set (which `postconf` prints) is nobody's fault.
 */
function valueFaults(name: string, written: string, layer: Scope, groups: readonly (readonly Program[])[]): Fault[] {
  if (layer.versions.some((version) => defaultOf(name, version) === written)) return [];
  const isRead =
    parameterOf(name) !== undefined || groups.some((group) => group.some(({ scope }) => classesOf(scope).has(name)));
  if (!isRead) return [];
  const counts = ({ scope }: Program) => scope === layer || scope.master?.written.has(name) !== true;
  const inForce = groups.map((group) => group.filter(counts)).filter((group) => group.length > 0);
  const faults = inForce.flatMap((group) =>
    group.flatMap(({ name: program, scope }) => meaningFaults(program, name, scope)),
  );
  const messages = new Map(faults.map((fault) => [fault.message, fault]));
  return [...asList(kindFault(name, written, layer, inForce)), ...messages.values()];
}

/** A value that is not of the kind of its parameter ends every program that reads it. */
function kindFault(name: string, written: string, layer: Scope, groups: readonly (readonly Program[])[]): Fault | null {
  const facts = parameterOf(name);
  if (facts === undefined) return null;
  const isForAll = facts.readers.includes('all') && layer.master === null;
  const readers = groups.flatMap(([first]) => (first !== undefined && reads(first, facts.readers) ? [first] : []));
  const [scope, ...others] = isForAll ? [layer] : readers.map((reader) => reader.scope);
  const value = scope === undefined ? null : settingIn(scope, name).value;
  const why =
    value === null || others.some((other) => settingIn(other, name).value !== value)
      ? null
      : faultOf(name, value, facts);
  if (value === null || why === null) return null;
  const who = isForAll ? 'Postfix' : [...new Set(readers.map((reader) => reader.name))].join(', ');
  const shown = value === written ? '' : `, which comes to ${quoted(value)}`;
  return fatal(`${quoted(`${name} = ${written}`)}${shown}: ${why}${commentHint(value)}, or ${who} would not start`);
}

function reads({ name, scope }: Program, readers: readonly string[]): boolean {
  // virtual(8) stands in every master.cf, and begins only where mail is for it.
  if (name === 'virtual' && !/^virtual(:|$)/.test(settingIn(scope, 'virtual_transport').value ?? '')) return false;
  if (readers.includes(name) || readers.includes('all')) return true;
  return (
    readers.includes('tls') && name === 'smtpd' && (settingIn(scope, 'smtpd_tls_security_level').value ?? '') !== ''
  );
}

/** What only shows in several settings together. */
function wholeFaults({ name, scope }: Program, { mechanisms }: Checked): Problem[] {
  if (name !== 'smtpd') return [];
  return smtpdFaults((parameter) => settingIn(scope, parameter), mechanisms).map(({ parameter, fault, place }) => ({
    ...(place ?? { file: scope.main.file, line: null }),
    parameter,
    ...fault,
  }));
}

/** Two services with one fault tell it once. */
const once = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];
