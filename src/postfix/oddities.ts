import { defaultOf, hasDefault } from './defaults.ts';
import { isParameter } from './known-parameters.ts';
import { type Problem, quoted } from './problem.ts';
import { expandIn, isRaw, type Layer, type Scope, settingIn } from './setting.ts';
import { listOf } from './values.ts';

/**
 * What is odd in the names and values themselves: parameters that nothing asks for or that the version does not have, names that nobody
 * has defined, expressions that Postfix cannot read.
 */
export function problemsIn(outside: Scope, services: readonly Scope[]): Problem[] {
  const layers = services.flatMap(({ master }) => master ?? []);
  const definedByServices = new Set(layers.flatMap(({ written }) => [...written.keys()]));
  const isAskedFor = namesAskedFor(outside, [outside.main, ...layers]);
  return [
    ...oddNames(outside, outside.main, isAskedFor),
    ...oddValues(outside, outside.main, definedByServices),
    ...services.flatMap((scope) =>
      scope.master === null
        ? []
        : [...oddNames(scope, scope.master, isAskedFor), ...oddValues(scope, scope.master, new Set())],
    ),
  ];
}

/** A parameter of the user's own is asked for by `$name`, as a class of restrictions, or as the settings of a table (`ldap:name`). */
function namesAskedFor(outside: Scope, layers: readonly Layer[]): (name: string) => boolean {
  const values = layers.flatMap(({ written }) => [...written.values()].map(({ value }) => value)).join('\n');
  const references = new Set([...values.matchAll(/\$[({]*[ \t]*(\w+)/g)].map(([, name]) => name));
  const classes = new Set(listOf(settingIn(outside, 'smtpd_restriction_classes').value ?? ''));
  const tables = [...values.matchAll(/\b(?:ldap|mysql|pgsql|sqlite|memcache|mongodb):([\w-]+)/g)].map(
    ([, name]) => name,
  );
  return (name) => references.has(name) || classes.has(name) || tables.some((table) => name.startsWith(`${table}_`));
}

function oddNames(scope: Scope, { file, written }: Layer, isAskedFor: (name: string) => boolean): Problem[] {
  return [...written].flatMap(([name, { line }]) => {
    const message = isParameter(name) ? notIn(scope, name) : isAskedFor(name) ? null : strange(name);
    return message === null ? [] : [{ file, line, message }];
  });
}

const strange = (name: string) =>
  `${quoted(name)} is no parameter of Postfix, and nothing refers to it: is it misspelt?`;

function notIn({ versions }: Scope, name: string): string | null {
  if (!hasDefault(name) || versions.some((version) => defaultOf(name, version) !== undefined)) return null;
  const [version] = versions;
  const told = version?.filter(Number.isFinite).join('.') ?? '';
  return `${quoted(name)} is unknown to Postfix ${told}: it has no effect`;
}

function oddValues(scope: Scope, { file, written }: Layer, definedElsewhere: ReadonlySet<string>): Problem[] {
  const version = scope.versions.at(-1);
  if (version === undefined) return [];
  return [...written].flatMap(([name, { value, line }]) => {
    if (isRaw(name) || !value.includes('$')) return [];
    const { problems, undefinedNames } = expandIn(scope, version, value);
    const missing = undefinedNames.filter(
      (one) => value.includes(one) && !definedElsewhere.has(one) && !isParameter(one),
    );
    return [
      ...problems.map((problem) => ({ file, line, message: `${quoted(name)} cannot be expanded: ${problem}` })),
      ...missing.map((one) => ({
        file,
        line,
        message: `${quoted(name)} refers to $${one}, which nothing defines: it stands for nothing`,
      })),
    ];
  });
}
