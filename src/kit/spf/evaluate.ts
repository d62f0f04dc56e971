import type { Cite } from '../../model/transcript.ts';
import {
  questionOf,
  type SpfData,
  type SpfHost,
  type SpfQuestion,
  type SpfText,
  spfRecords,
  strangersMail,
} from './gather.ts';
import { asksForPtr, expand, type MacroValues } from './macro.ts';
import {
  deadMechanismsOf,
  type Mechanism,
  mechanismsOf,
  passedOver,
  type Qualifier,
  readSpf,
  redirectOf,
  type Term,
} from './record.ts';

/** RFC 7208 §4.6.4. */
export const maxLookups = 10;
export const maxVoids = 2;
const maxExchanges = 10;
/** Where counting ends: records that include each other in many ways have no end. */
export const maxCounted = 100;
/** Networks wider than any owner has. */
const wide = { bits4: 8, bits6: 16 };

export type SpfFlawKind =
  | 'several'
  | 'syntax'
  | 'no-record'
  | 'loop'
  | 'bogus'
  | 'exchanges'
  | 'lookups'
  | 'voids'
  | 'anybody'
  | 'dead'
  | 'passed-over'
  | 'ptr'
  | 'neutral';

export interface SpfFlaw {
  readonly kind: SpfFlawKind;
  /** Whose record has it. */
  readonly domain: string;
  /** The terms that have it, as they are written. */
  readonly terms: readonly string[];
  readonly at: readonly Cite[];
}

/** `broken`: a receiver has no result; what else there is was read all the same. */
type End = 'pass' | 'fail' | 'softfail' | 'neutral' | 'broken';

export interface SpfReading {
  /** What a stranger's mail gets (RFC 7208 §2.6). */
  readonly result: Exclude<End, 'broken'> | 'permerror' | 'temperror';
  /** Look-ups of the whole path, at most `maxCounted`. */
  readonly lookups: number;
  /** Those of each term of the domain's own record, `include:example.net 4`. */
  readonly spent: readonly string[];
  /** Names asked for that are not there, or have nothing; one that is asked for twice stands here twice. */
  readonly voids: readonly string[];
  readonly flaws: readonly SpfFlaw[];
  /** What DNS did not answer. */
  readonly failed: readonly { readonly name: string; readonly because: string | null; readonly at: Cite }[];
  /** Where each record that was read stands, the domain's own first. */
  readonly at: readonly Cite[];
}

const resultBy: Readonly<Record<Qualifier, End>> = {
  '+': 'pass',
  '-': 'fail',
  '~': 'softfail',
  '?': 'neutral',
};

/**
 * Reads the records as a receiver does (RFC 7208 §4.6, `check_host`) for a stranger's mail: an address that matches
 * nothing goes the longest way, and what it is told is told to anybody. A receiver ends at the first error and at the
 * eleventh look-up; here all is read, to name and to count it. Pure.
 */
export function evaluateSpf(data: SpfData): SpfReading {
  const { domain } = data;
  const walk = walkOf(data);
  const end = checkRecord(domain, [], walk);
  const { lookups, spent, failed, at } = walk;
  const voids = walk.voids.map(({ name }) => name);
  if (lookups > maxLookups) note(walk, { kind: 'lookups', domain, terms: [], at });
  if (voids.length > maxVoids)
    note(walk, { kind: 'voids', domain, terms: [...new Set(voids)], at: walk.voids.map((host) => host.at) });
  const result = resultOf(walk, end);
  if (end === 'pass' && walk.matched !== null) note(walk, walk.matched);
  if (result === 'neutral') note(walk, { kind: 'neutral', domain, terms: [], at: at.slice(0, 1) });
  return { result, lookups, spent, voids, flaws: [...walk.flaws.values()], failed, at };
}

/** What ends it with an error at every receiver, wherever else it may lead. */
const errors: readonly SpfFlawKind[] = ['several', 'syntax', 'loop', 'no-record', 'lookups', 'exchanges', 'voids'];

function resultOf({ flaws, failed }: Walk, end: End): SpfReading['result'] {
  if ([...flaws.values()].some(({ kind }) => errors.includes(kind))) return 'permerror';
  return failed.length > 0 || end === 'broken' ? 'temperror' : end;
}

interface Walk {
  readonly origin: string;
  readonly texts: ReadonlyMap<string, SpfText['answer']>;
  readonly hosts: ReadonlyMap<string, SpfHost>;
  readonly flaws: Map<string, SpfFlaw>;
  readonly voids: SpfHost[];
  readonly failed: SpfReading['failed'][number][];
  readonly spent: string[];
  readonly at: Cite[];
  lookups: number;
  /** What matched a stranger last, should he pass. */
  matched: SpfFlaw | null;
}

const walkOf = ({ domain, texts, hosts }: SpfData): Walk => ({
  origin: domain,
  texts: new Map(texts.map((text) => [text.domain, text.answer])),
  hosts: new Map(hosts.map((host) => [`${host.name} ${host.type}`, host])),
  flaws: new Map(),
  voids: [],
  failed: [],
  spent: [],
  at: [],
  lookups: 0,
  matched: null,
});

/** A record that is read twice has its flaws once. */
const note = (walk: Walk, flaw: SpfFlaw) => walk.flaws.set(`${flaw.kind} ${flaw.domain} ${flaw.terms.join(' ')}`, flaw);

/** A record while it is read. */
interface Page {
  readonly domain: string;
  /** The domains whose records led here. */
  readonly above: readonly string[];
  readonly at: Cite;
  readonly mail: MacroValues;
  readonly walk: Walk;
}

/** What comes of the record of `domain`. */
function checkRecord(domain: string, above: readonly string[], walk: Walk): End {
  const answer = walk.texts.get(domain);
  if (answer === undefined) return 'broken';
  const { at, kind, records } = answer;
  if (!walk.at.includes(at)) walk.at.push(at);
  if (kind === 'bogus') note(walk, { kind: 'bogus', domain, terms: [], at: [at] });
  const [record, second] = spfRecords(records);
  if (second !== undefined) note(walk, { kind: 'several', domain, terms: [], at: [at] });
  if (record === undefined || second !== undefined) return 'broken';
  const page: Page = { domain, above: [...above, domain], at, mail: strangersMail(walk.origin, domain), walk };
  const terms = readSpf(record);
  noteTerms(terms, page);
  return checkTerms(terms, page);
}

function noteTerms(terms: readonly Term[], { domain, at, walk }: Page): void {
  const asksPtr = (term: Term) =>
    term.kind === 'mechanism' ? term.name === 'ptr' || asksForPtr(term.value ?? '') : asksForPtr(term.text);
  const found: readonly [SpfFlawKind, readonly Term[]][] = [
    ['syntax', terms.filter(({ kind }) => kind === 'bad')],
    ['dead', deadMechanismsOf(terms)],
    ['passed-over', passedOver(terms)],
    ['ptr', terms.filter((term) => term.kind !== 'bad' && asksPtr(term))],
  ];
  for (const [kind, those] of found)
    if (those.length > 0) note(walk, { kind, domain, terms: those.map(({ text }) => text), at: [at] });
}

function checkTerms(terms: readonly Term[], page: Page): End {
  const { walk, domain, at } = page;
  for (const mechanism of mechanismsOf(terms)) {
    if (!counting(mechanism.text, page, () => matches(mechanism, page))) continue;
    if (mechanism.name !== 'include')
      walk.matched = { kind: 'anybody', domain, terms: [mechanism.text], at: [at, ...answerOf(mechanism, page)] };
    return resultBy[mechanism.qualifier];
  }
  const redirect = redirectOf(terms);
  if (redirect === null) return 'neutral';
  if (walk.lookups >= maxCounted) return 'broken';
  return counting(redirect.text, page, () => {
    walk.lookups++;
    return checkOther(redirect.text, expand(redirect.value, page.mail), page);
  });
}

/** Notes what a term of the domain's own record costs. */
function counting<T>(text: string, { above, walk }: Page, check: () => T): T {
  const before = walk.lookups;
  const checked = check();
  if (above.length === 1 && walk.lookups > before) walk.spent.push(`${text} ${walk.lookups - before}`);
  return checked;
}

/** Whether a mechanism matches an address of nobody. */
function matches(mechanism: Mechanism, page: Page): boolean {
  const { name, bits4, bits6 } = mechanism;
  const { walk, mail } = page;
  if (name === 'all') return true;
  if (walk.lookups >= maxCounted) return false;
  const question = questionOf(mechanism, mail);
  if (question !== null || name === 'ptr') walk.lookups++;
  if (name === 'include') return checkOther(mechanism.text, question?.name ?? null, page) === 'pass';
  const hasAnswer = question === null || answered(question, page);
  return hasAnswer && (name === 'exists' || bits4 < wide.bits4 || bits6 < wide.bits6);
}

/** Whether a name that a mechanism asks for has what it asks for. */
function answered(question: SpfQuestion, { walk, domain, at }: Page): boolean {
  const host = walk.hosts.get(`${question.name} ${question.type}`);
  if (host === undefined) return false;
  if (host.kind === 'failed') walk.failed.push(host);
  if (host.kind === 'no-data' || host.kind === 'no-name') walk.voids.push(host);
  if (host.type === 'MX' && host.records > maxExchanges)
    note(walk, { kind: 'exchanges', domain, terms: [`mx:${host.name}`], at: [at, host.at] });
  return host.kind === 'found' || host.kind === 'bogus';
}

function answerOf(mechanism: Mechanism, { walk, mail }: Page): readonly Cite[] {
  const question = questionOf(mechanism, mail);
  const host = question === null ? undefined : walk.hosts.get(`${question.name} ${question.type}`);
  return host === undefined ? [] : [host.at];
}

/** What comes of the record that a term leads to. It must have one (RFC 7208 §5.2, §6.1). */
function checkOther(term: string, name: string | null, page: Page): End {
  const { walk, above, domain, at } = page;
  if (name !== null && above.includes(name)) {
    note(walk, { kind: 'loop', domain, terms: [term], at: [at] });
    return 'broken';
  }
  const answer = name === null ? null : walk.texts.get(name);
  if (answer === undefined) return 'broken';
  if (name !== null && answer?.kind === 'failed') {
    walk.failed.push({ name, because: answer.because, at: answer.at });
    return 'broken';
  }
  const isRecord = answer !== null && (answer.kind === 'bogus' || spfRecords(answer.records).length > 0);
  if (!isRecord) note(walk, { kind: 'no-record', domain, terms: [term], at: answer === null ? [at] : [at, answer.at] });
  return name === null || !isRecord ? 'broken' : checkRecord(name, above, walk);
}
