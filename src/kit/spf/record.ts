import { familyOf, normalAddress } from '../../model/address.ts';
import { isDomainSpec, isMacroString } from './macro.ts';

export type Qualifier = '+' | '-' | '~' | '?';
const mechanismNames = ['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'] as const;
type MechanismName = (typeof mechanismNames)[number];

/** A term of an SPF record as it is written, and what it says (RFC 7208 §4.6.1). */
export type Term =
  | {
      readonly kind: 'mechanism';
      readonly text: string;
      readonly qualifier: Qualifier;
      readonly name: MechanismName;
      /** The domain-spec, or the address of `ip4` and `ip6`; null: the domain of the record. */
      readonly value: string | null;
      /** Bits of the network; the whole address where none are given. */
      readonly bits4: number;
      readonly bits6: number;
    }
  | { readonly kind: 'modifier'; readonly text: string; readonly name: string; readonly value: string }
  /** No term of RFC 7208: the whole record is in error. */
  | { readonly kind: 'bad'; readonly text: string };
export type Mechanism = Extract<Term, { kind: 'mechanism' }>;

/** Whether receivers take this TXT record for SPF: its first word is the version (RFC 7208 §4.5). */
export const isSpf = (text: string): boolean => /^v=spf1(?: |$)/i.test(text);

/** Meant for SPF, and read by nobody: a quotation mark or a blank in front, a comma or a tab behind `v=spf1`. */
export const isNearlySpf = (text: string): boolean =>
  !isSpf(text) && /^[^a-z0-9]*(?:v[^a-z0-9]*)?spf[^a-z0-9]*1(?![0-9.])/i.test(text);

/** All terms of an SPF record, in their order (RFC 7208 §12). Throws nothing. */
export function readSpf(record: string): readonly Term[] {
  const terms = record.split(' ').slice(1).filter(Boolean).map(readTerm);
  const once = new Set<string>();
  return terms.map((term) => {
    if (term.kind !== 'modifier' || !Object.hasOwn(knownModifiers, term.name)) return term;
    const isAgain = once.has(term.name);
    once.add(term.name);
    return isAgain ? { kind: 'bad', text: term.text } : term;
  });
}

/** The mechanisms that count: none behind `all` is ever looked at (RFC 7208 §5.1). */
export function mechanismsOf(terms: readonly Term[]): readonly Mechanism[] {
  const all = allMechanisms(terms);
  const end = all.findIndex(({ name }) => name === 'all');
  return end < 0 ? all : all.slice(0, end + 1);
}

/** Mechanisms behind `all`, which nobody looks at. */
export const deadMechanismsOf = (terms: readonly Term[]): readonly Mechanism[] =>
  allMechanisms(terms).slice(mechanismsOf(terms).length);

/** Where `redirect` leads; null without one, and beside `all` (RFC 7208 §6.1). */
export function redirectOf(terms: readonly Term[]): { readonly text: string; readonly value: string } | null {
  if (allMechanisms(terms).some(({ name }) => name === 'all')) return null;
  for (const term of terms) if (term.kind === 'modifier' && term.name === 'redirect') return term;
  return null;
}

/** Mechanisms with `=` in place of the colon: a modifier that nobody knows, and everybody passes over. */
export const passedOver = (terms: readonly Term[]): readonly Term[] =>
  terms.filter((term) => term.kind === 'modifier' && mechanismNames.some((name) => name === term.name));

const allMechanisms = (terms: readonly Term[]) => terms.filter((term) => term.kind === 'mechanism');

function readTerm(text: string): Term {
  const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/is.exec(text);
  const mechanism = /^([+\-~?]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?=[:/]|$)(.*)$/is.exec(text);
  if (modifier !== null) return readModifier(text, String(modifier[1]).toLowerCase(), modifier[2] ?? '');
  if (mechanism === null) return { kind: 'bad', text };
  const [, qualifier, name, rest = ''] = mechanism;
  const read = forms[String(name).toLowerCase() as MechanismName](rest);
  if (read === null) return { kind: 'bad', text };
  return {
    kind: 'mechanism',
    text,
    qualifier: (qualifier || '+') as Qualifier,
    name: String(name).toLowerCase() as MechanismName,
    ...read,
  };
}

const knownModifiers: Readonly<Record<string, (value: string) => boolean>> = {
  redirect: isDomainSpec,
  exp: isDomainSpec,
};

function readModifier(text: string, name: string, value: string): Term {
  const isFine = (Object.hasOwn(knownModifiers, name) ? knownModifiers[name] : undefined) ?? isMacroString;
  return isFine(value) ? { kind: 'modifier', text, name, value } : { kind: 'bad', text };
}

type Reading = Pick<Mechanism, 'value' | 'bits4' | 'bits6'> | null;
const whole = { bits4: 32, bits6: 128 };

/** What may stand behind the name of a mechanism (RFC 7208 §5). */
const forms: Readonly<Record<MechanismName, (rest: string) => Reading>> = {
  all: (rest) => (rest === '' ? { value: null, ...whole } : null),
  include: (rest) => withDomain(rest),
  exists: (rest) => withDomain(rest),
  ptr: (rest) => (rest === '' ? { value: null, ...whole } : withDomain(rest)),
  a: withNetwork,
  mx: withNetwork,
  ip4: (rest) => withAddress(rest, 4),
  ip6: (rest) => withAddress(rest, 6),
};

function withDomain(rest: string): Reading {
  const value = rest.slice(1);
  return rest.startsWith(':') && isDomainSpec(value) ? { value, ...whole } : null;
}

function withNetwork(rest: string): Reading {
  const [, name = '', four = '32', six = '128'] = /^(.*?)(?:\/(\d+))?(?:\/\/(\d+))?$/s.exec(rest) ?? [];
  const bits4 = bitsOf(four, 32);
  const bits6 = bitsOf(six, 128);
  const read = name === '' ? { value: null } : withDomain(name);
  return read === null || bits4 === null || bits6 === null ? null : { value: read.value, bits4, bits6 };
}

function withAddress(rest: string, family: 4 | 6): Reading {
  const [, text = '', bits] = /^:([^/]*)(?:\/(\d+))?$/.exec(rest) ?? [];
  const value = normalAddress(text);
  const most = family === 4 ? 32 : 128;
  const length = bitsOf(bits ?? String(most), most);
  if (value === null || familyOf(value) !== family || length === null) return null;
  return { value, ...whole, [family === 4 ? 'bits4' : 'bits6']: length };
}

/** The length of a prefix: no more than the address has, and no zero in front (RFC 7208 §5.6). */
const bitsOf = (text: string, most: number): number | null =>
  /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) <= most ? Number(text) : null;
