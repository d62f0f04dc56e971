import { meantBy } from '../meant.ts';
import { exists, parameterNames, parameterOf, transportOf } from '../parameters.ts';
import { broken, type Fault, odd, quoted } from '../problem.ts';
import { type Layer, type Scope, settingIn } from '../setting.ts';
import { listOf } from '../values.ts';

/**
 * Names that nobody knows are told as often as this, and fewer of them told apart by spelling: more come from no
 * person.
 */
const mostStrange = 1000;
const mostGuesses = 50;

/** Finds what is wrong with the name of a parameter. `services`: names in master.cf; null where it was not given. */
export function nameChecker(
  outside: Scope,
  layers: readonly Layer[],
  services: ReadonlySet<string> | null,
): (name: string) => Fault | null {
  const isAskedFor = namesAskedFor(outside, layers);
  let strange = 0;
  const isThere = (transport: string | null) => transport === null || services === null || services.has(transport);
  return (name) => {
    const facts = parameterOf(name);
    if (facts !== undefined && isThere(transportOf(name)))
      return outside.versions.some((version) => exists(facts, version)) ? null : unknownTo(outside, name);
    if (isAskedFor(name)) return null;
    strange += 1;
    return strange > mostStrange ? null : strangeName(name, strange <= mostGuesses);
  };
}

function strangeName(name: string, mayGuess: boolean): Fault {
  const bare = name.replace(/^\uFEFF/, '');
  if (bare !== name)
    return broken(
      `before ${quoted(bare)} stands a byte order mark: Postfix takes it for a part of the name and knows none`,
    );
  const meant = mayGuess ? meantBy(name, parameterNames()) : null;
  return meant === null
    ? odd(`${quoted(name)} is no parameter of Postfix, and nothing refers to it: it has no effect`)
    : broken(`${quoted(name)} is no parameter of Postfix and has no effect: is ${meant} meant?`);
}

function unknownTo({ versions: [version] }: Scope, name: string): Fault {
  return odd(
    `${quoted(name)} is unknown to Postfix ${version?.filter(Number.isFinite).join('.') ?? ''}: it has no effect`,
  );
}

/**
 * A parameter of the user's own is asked for by `$name`, as a class of restrictions, or as the settings of a table
 * (`ldap:name`).
 */
function namesAskedFor(outside: Scope, layers: readonly Layer[]): (name: string) => boolean {
  const values = layers.flatMap(({ written }) => [...written.values()].map(({ value }) => value)).join('\n');
  const references = new Set([...values.matchAll(/\$[({]*[ \t]*(\w+)/g)].map(([, name]) => name));
  const classes = new Set(listOf(settingIn(outside, 'smtpd_restriction_classes').value ?? ''));
  const tables = new Set(
    [...values.matchAll(/\b(?:ldap|mysql|pgsql|sqlite|memcache|mongodb):([\w-]+)/g)].map(([, name = '']) => name),
  );
  return (name) => references.has(name) || classes.has(name) || prefixesOf(name).some((prefix) => tables.has(prefix));
}

/** `users_server_host`: of a table `users`, or `users_server`. */
const prefixesOf = (name: string): string[] => [...name.matchAll(/_/g)].map(({ index }) => name.slice(0, index));
