import { levelOf } from '../macro-syntax.ts';
import { type Fault, fatal, quoted } from '../problem.ts';
import { restrictionLists } from '../restriction-names.ts';
import { type Scope, settingIn } from '../setting.ts';
import { listOf } from '../values.ts';
import { hostNameFault } from './host-name.ts';
import { miltersFault } from './milters.ts';
import { networkLists, networksFault } from './networks.ts';
import { listFaults } from './restriction-lists.ts';
import { tableParameters, tablesFault } from './tables.ts';
import { levelFault, wordFault, wordParameters } from './words.ts';

/**
 * What a program makes of the value of one parameter, where that is more than a kind: words, lists, networks, tables.
 */
export function meaningFaults(program: string, parameter: string, scope: Scope): Fault[] {
  const check = checkOf(program, parameter, scope);
  const value = check === null ? null : settingIn(scope, parameter).value;
  return check === null || value === null ? [] : check(value);
}

function checkOf(program: string, parameter: string, scope: Scope): ((value: string) => Fault[]) | null {
  const vocabulary = wordParameters.get(parameter);
  if ((vocabulary?.program ?? 'smtpd') !== program) return null;
  if (vocabulary !== undefined)
    return (value) => [
      ...asList(wordFault(parameter, value, (name) => settingIn(scope, name).value)),
      ...asList(parameter === 'smtpd_tls_security_level' ? levelFault(value) : null),
    ];
  const whole = wholeValues[parameter];
  if (whole !== undefined) return (value) => asList(whole(value));
  if (networkLists.includes(parameter)) return (value) => asList(networksFault(value));
  if (tableParameters.includes(parameter)) return (value) => asList(tablesFault(value));
  const classes = classesOf(scope);
  const isList = restrictionLists.some((list) => list === parameter) || classes.has(parameter);
  return isList ? (value) => listFaults(parameter, value, classes) : null;
}

/** Values that are looked at as one. */
const wholeValues: Readonly<Record<string, (value: string) => Fault | null>> = {
  compatibility_level: (value) =>
    levelOf(value) === null
      ? fatal(`${quoted(value)} is no compatibility level: it is a number such as 2 or 3.6, or Postfix would not start`)
      : null,
  mydomain: hostNameFault,
  myhostname: hostNameFault,
  smtpd_milters: miltersFault,
};

const asList = <T>(one: T | null): T[] => (one === null ? [] : [one]);

/** Names of lists of restrictions of the user's own. */
export function classesOf(scope: Scope): ReadonlySet<string> {
  const known = classesByScope.get(scope);
  if (known !== undefined) return known;
  const classes = new Set(listOf(settingIn(scope, 'smtpd_restriction_classes').value ?? ''));
  classesByScope.set(scope, classes);
  return classes;
}
const classesByScope = new WeakMap<Scope, ReadonlySet<string>>();
