import { isParameter } from './known-parameters.ts';
import { type Problem, quoted } from './problem.ts';
import { expandIn, isRaw, type Layer, type Scope } from './setting.ts';

/** What is odd in the values themselves: names that nobody has defined, expressions that Postfix cannot read. */
export function problemsIn(outside: Scope, services: readonly Scope[]): Problem[] {
  const defined = new Set(services.flatMap(({ master }) => [...(master?.written.keys() ?? [])]));
  return [
    ...oddValues(outside, outside.main, defined),
    ...services.flatMap((scope) => (scope.master === null ? [] : oddValues(scope, scope.master, new Set()))),
  ];
}

function oddValues(scope: Scope, { file, written }: Layer, definedElsewhere: ReadonlySet<string>): Problem[] {
  const version = scope.versions.at(-1);
  if (version === undefined) return [];
  return [...written].flatMap(([name, { value, line }]) => {
    if (isRaw(name) || !value.includes('$')) return [];
    const { problems, undefinedNames } = expandIn(scope, version, value);
    const missing = undefinedNames.filter((one) => !definedElsewhere.has(one) && !isParameter(one));
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
