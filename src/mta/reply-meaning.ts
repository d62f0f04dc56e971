import type { Reply } from '../model/reply.ts';
import type { About, Meaning, Said, Stage } from './meanings.ts';
import { objectOf } from './reply-object.ts';
import { codeRules, lastStraw, vagueRules, wordRules } from './reply-rules.ts';
import { type Statement, statementsOf, wordsOf } from './reply-words.ts';
import type { ReplyRule } from './rules/rule.ts';

export type { Meaning, Said, Stage } from './meanings.ts';

export interface Reading {
  readonly meaning: Meaning;
  /** Null where the reply does not say. */
  readonly about: About | null;
  /** The line of the reply where the reason stands: the one to quote. */
  readonly line: number;
}

/** What a reply means, given what it answers. Pure. */
export function meaningOf(reply: Reply, said: Said): Meaning {
  return readingOf(reply, said).meaning;
}

/**
 * The line of a reply where the reason stands, for `cite`: behind a footer's or a greeting's lines the first one says
 * little.
 */
export function tellingLine(reply: Reply, said: Said): number {
  return readingOf(reply, said).line;
}

/**
 * The same, with the object: `our-domain` about the sender asks for another sender, about the recipient for another
 * recipient. The first statement that a rule knows tells; then the reply as a whole; and only then what enhanced and
 * basic codes suggest.
 */
export function readingOf(reply: Reply, said: Said): Reading {
  const { code } = reply;
  if (code === null || code < 200 || code > 599) return { meaning: 'unintelligible', about: null, line: 0 };
  if (code < 400) return { meaning: positive(code, said.stage, reply.text), about: null, line: 0 };

  const object = objectOf(reply.text, said);
  const statements = statementsOf(reply, said);
  // A sentence may go on in the next line, and its sense with it. Servers put their name alone on a line before.
  const inWords = statements.find(({ text }) => text.includes(' '))?.line ?? 0;
  const whole = { text: wordsOf(reply.text, said), line: inWords };
  const first = (rules: readonly ReplyRule[], texts: readonly Statement[]) =>
    firstMatch(rules, texts, (rule) => fits(rule, reply, said.stage, object));
  const told =
    first([lastStraw], statements.slice(-1)) ??
    first(wordRules, [...statements, whole]) ??
    first(vagueRules, [...statements, whole]) ??
    first(codeRules, [whole]);

  const meaning = told?.meaning ?? (code < 500 ? 'refused-transient' : 'refused-permanent');
  return {
    meaning: meaning === 'unknown-user' && said.outside === true ? 'unroutable' : meaning,
    about: subjects[meaning] ?? object ?? (meaning === 'our-domain' && said.stage === 'mail' ? 'sender' : null),
    line: told?.line ?? inWords,
  };
}

/** The first of the texts that a rule matches, by the first such rule. */
function firstMatch(
  rules: readonly ReplyRule[],
  texts: readonly Statement[],
  fitting: (rule: ReplyRule) => boolean,
): { readonly meaning: Meaning; readonly line: number } | null {
  const candidates = rules.filter(fitting);
  for (const { text, line } of texts) {
    const rule = candidates.find((each) => each.text?.test(text) !== false);
    if (rule !== undefined) return { meaning: rule.meaning, line };
  }
  return null;
}

/** Whether all holds of a rule but its words. */
function fits(rule: ReplyRule, { code, enhanced }: Reply, stage: Stage, object: About | null): boolean {
  return (
    (rule.code?.test(String(code)) ?? true) &&
    (rule.enhanced === undefined || (enhanced !== null && rule.enhanced.test(enhanced))) &&
    (rule.stages?.includes(stage) ?? true) &&
    (rule.about?.includes(object ?? 'unsaid') ?? true)
  );
}

/** Meanings that speak of one thing only, whatever stands in front of the words. */
const subjects: Partial<Record<Meaning, About>> = {
  'client-blocked': 'client',
  'open-proxy': 'client',
  'helo-rejected': 'helo',
  'sender-rejected': 'sender',
  'relay-denied': 'recipient',
  'relay-or-unknown': 'recipient',
  'unknown-user': 'recipient',
  'address-syntax': 'recipient',
};

/** A positive code is taken at its word (RFC 5321 §4.2), except where it cannot answer what we said. */
function positive(code: number, stage: Stage, text: string): Meaning {
  if (code === 252 && (stage === 'vrfy' || stage === 'expn')) return 'noncommittal';
  if (code === 221 && /break rules/i.test(text)) return 'disabled-command';
  if (code === 221 && stage !== 'other') return 'out-of-sync';
  if (code >= 300 && stage !== 'data' && stage !== 'auth' && stage !== 'other') return 'out-of-sync';
  return 'accepted';
}
