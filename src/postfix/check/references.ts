import { expand, type Lookup } from '../expand.ts';
import { isParameter } from '../parameters.ts';
import { type Fault, fatal, odd, quoted } from '../problem.ts';
import { isRaw, lookupIn, type Scope } from '../setting.ts';

/** What is wrong with the dollar signs of a value: names that nobody has defined, and what Postfix cannot read. */
export function referenceFaults(
  name: string,
  value: string,
  scope: Scope,
  isDefinedElsewhere: (name: string) => boolean,
): Fault[] {
  const version = scope.versions.at(-1);
  if (version === undefined || isRaw(name) || !value.includes('$')) return [];
  const lookup = lookupIn(scope, version);
  const { problems, undefinedNames } = expand(value, isParameter(name) ? lookup : ownOnly(lookup));
  const missing = undefinedNames.filter((one) => value.includes(one) && !isDefinedElsewhere(one) && !isParameter(one));
  const cannot = `${quoted(name)} cannot be expanded, and what reads it would not start`;
  return [
    ...problems.map((problem) => (isParameter(name) ? fatal : odd)(`${cannot}: ${problem}`)),
    ...missing.map((one) => odd(`${quoted(name)} refers to $${one}, which nothing defines: it stands for nothing`)),
  ];
}

/**
 * What names of the user's own refer to in turn shows where a parameter of Postfix does: there may be thousands of
 * them, one behind the other.
 */
const ownOnly =
  (lookup: Lookup): Lookup =>
  (name) => {
    const text = lookup(name);
    return text?.includes('$') ? null : text;
  };
