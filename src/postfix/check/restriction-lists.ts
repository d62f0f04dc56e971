import { nameAndValue } from '../logical-lines.ts';
import { meantBy } from '../meant.ts';
import { broken, type Fault, fatal, odd, quoted } from '../problem.ts';
import { argumentOf, keepsOut, listsWithoutTables, restrictionNames } from '../restriction-names.ts';
import { listOf, secondsOf, unbraced } from '../values.ts';
import { tableFault } from './tables.ts';
import { commentHint } from './value-kind.ts';

/** More of them in one list come from no person. */
const mostFaults = 50;

/** What smtpd finds wrong in a list of restrictions, from the left. `classes`: names in `smtpd_restriction_classes`. */
export function listFaults(list: string, value: string, classes: ReadonlySet<string>): Fault[] {
  const words = listOf(value);
  const faults: Fault[] = [];
  for (let at = 0; at < words.length; ) {
    const step = stepAt(words, at, { list, classes });
    if (step.fault !== null) faults.push(step.fault);
    if (step.ends || faults.length >= mostFaults) break;
    at += step.length;
  }
  return faults;
}

interface Place {
  readonly list: string;
  readonly classes: ReadonlySet<string>;
}

/** One restriction with what stands behind it. `ends`: it decides for everybody, and no other is looked at. */
interface Step {
  readonly length: number;
  readonly fault: Fault | null;
  readonly ends: boolean;
}

const step = (length: number, fault: Fault | null = null, ends = false): Step => ({ length, fault, ends });

function stepAt(words: readonly string[], at: number, place: Place): Step {
  const word = words[at] ?? '';
  const next = words[at + 1];
  switch (argumentOf(word)) {
    case undefined:
      return step(1, nameFault(word, place));
    case null:
      return isLast(word, words[at - 1]) ? step(1, ignoredFault(word, words.slice(at + 1)), true) : step(1);
    case 'domain':
      return step(2, next === undefined ? odd(`${word} is passed over: no domain stands behind it`) : null);
    case 'number':
      return step(2, /^\d+$/.test(next ?? '') ? null : refused(`${word} wants a number of seconds behind it`));
    case 'table':
      return tableStep(word, next);
    case 'policy':
      return step(2, policyFault(word, next));
  }
}

/** smtpd answers mail with 451 as soon as it comes to such a word. */
const refused = (message: string): Fault => broken(`${message}: smtpd answers 451 Server configuration error`);

function nameFault(word: string, { list, classes }: Place): Fault | null {
  if (classes.has(word)) return null;
  if (word.includes(':')) {
    if (!listsWithoutTables.includes(list)) return tableFault(word);
    return refused(`${quoted(word)} wants check_client_access, check_sender_access or the like before it`);
  }
  const meant = meantBy(word.replace(/["',;\\]/g, ''), restrictionNames);
  const quotes = /["']/.test(word) ? '; quotation marks are part of a word to Postfix' : '';
  const backslash = word.endsWith('\\') ? '; a line that goes on below needs no backslash' : '';
  const hint = meant === null ? '' : `: is ${meant} meant?`;
  return refused(
    `${quoted(word)} is no restriction that Postfix knows${hint}${quotes}${backslash}${commentHint(word)}`,
  );
}

const isLast = (word: string, before: string | undefined): boolean =>
  /^(permit|reject|defer|check_relay_domains)$/i.test(word) && !/^warn_if_reject$/i.test(before ?? '');

/**
 * After `permit` nothing is refused any more, which may be an open relay; after `reject` it is too late for permission.
 */
function ignoredFault(word: string, rest: readonly string[]): Fault | null {
  if (rest.length === 0) return null;
  const message = `${quoted(rest[0] ?? '')} and what follows is passed over: ${word} before it decides for everybody`;
  const refuses = rest.some((one) => /^(reject|defer|check_)/i.test(one));
  return /^permit$/i.test(word) && refuses ? broken(message) : odd(message);
}

function tableStep(word: string, next: string | undefined): Step {
  if (next?.includes(':')) return step(2, tableFault(next));
  const found = next === undefined ? 'and nothing does' : `and ${quoted(next)} does`;
  return step(1, refused(`behind ${word} a table has to stand, type:name, ${found}`));
}

function policyFault(word: string, next: string | undefined): Fault | null {
  if (next === undefined) return refused(`${word} wants a server behind it, such as unix:private/policy`);
  const [server = '', ...attributes] = listOf(unbraced(next));
  if (/^(inet|unix|local):./.test(server)) return attributeFault(attributes);
  return fatal(
    `${quoted(next)} is no policy server, such as unix:private/policy or inet:host:port: smtpd would not start`,
  );
}

const policyTimes = ['max_idle', 'max_ttl', 'retry_delay', 'timeout'];
const policyAttributes = [...policyTimes, 'default_action', 'policy_context', 'request_limit', 'try_limit'];

function attributeFault(attributes: readonly string[]): Fault | null {
  for (const attribute of attributes) {
    const { name, value } = nameAndValue(unbraced(attribute)) ?? { name: attribute, value: '' };
    if (!policyAttributes.includes(name))
      return fatal(`${quoted(attribute)} is none of ${policyAttributes.join(', ')}: smtpd would not start`);
    if (policyTimes.includes(name) && secondsOf(value) === null)
      return fatal(`${quoted(attribute)}: ${name} is a time: smtpd would not start`);
  }
  return null;
}

/** Whether smtpd finds a word that keeps strangers out, as far as a `permit`; classes are looked into. */
export function keepsStrangersOut(value: string, classes: ReadonlyMap<string, string>): boolean {
  // A set gives what is added to it on the way, and nothing twice.
  const lists = new Set([value]);
  for (const list of lists) {
    for (const word of wordsThatCount(listOf(list))) {
      if (keepsOut.includes(word.toLowerCase())) return true;
      const inside = classes.get(word);
      if (inside !== undefined) lists.add(inside);
    }
  }
  return false;
}

/** As far as a `permit`, and without what only warns. */
function wordsThatCount(words: readonly string[]): string[] {
  const end = words.findIndex((word, at) => /^permit$/i.test(word) && !isWarned(words, at));
  return words.slice(0, end < 0 ? words.length : end).filter((_, at) => !isWarned(words, at));
}

const isWarned = (words: readonly string[], at: number): boolean => /^warn_if_reject$/i.test(words[at - 1] ?? '');
