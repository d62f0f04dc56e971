import type { Word } from './master-words.ts';
import { type Fault, fatal, quoted } from './problem.ts';
import { isIn, type Version } from './version.ts';

/** Programs of Postfix that take options and nothing else. Of a program that is none of Postfix's nothing is known. */
const withoutWords = new Set(
  `anvil bounce cleanup discard dnsblog error flush local nqmgr oqmgr pickup postlogd postscreen proxymap qmgr qmqpd
  scache showq smtpd tlsmgr tlsproxy trivial-rewrite verify virtual`.split(/\s+/),
);

/** What is wrong with the words behind the options of a program. `versions`: those that may be meant. */
export function restFault(
  program: string,
  rest: readonly Word[],
  before: string | undefined,
  versions: readonly Version[],
): (Fault & { readonly at: number }) | null {
  const [first] = rest;
  if (program === 'pipe' || program === 'spawn') return attributeFault(program, rest);
  if (first === undefined) return null;
  if (program === 'smtp' || program === 'lmtp') return flagsFault(program, rest, versions);
  return withoutWords.has(program) ? { at: first.at, ...strayWord(first.text, before) } : null;
}

function strayWord(word: string, before: string | undefined): Fault {
  const cause = causeOf(word, before);
  return fatal(`${quoted(word)} is no option, and the service would not start${cause}`);
}

function causeOf(word: string, before: string | undefined): string {
  if (/^[\u2010-\u2015\u2212]/.test(word)) return ': it begins with a dash that is no "-"';
  if (word.startsWith('#')) return ': a comment has a line of its own';
  const spread = word.startsWith('=') || before?.includes('=') === true || before === '-o';
  return spread ? ': in a value of -o white space goes into braces, -o { name = a b }' : '';
}

/** smtp(8) and lmtp(8) take `flags=` since 3.5. */
function flagsFault(program: string, rest: readonly Word[], versions: readonly Version[]) {
  for (const { text, at } of rest) {
    const [, flags] = /^flags=(.*)$/is.exec(text) ?? [];
    if (flags === undefined) return { at, ...strayWord(text, undefined) };
    if (!/^[DORX]*$/.test(flags))
      return {
        at,
        ...fatal(`${quoted(text)}: the flags of ${program} are D, O, R and X; the service would not start`),
      };
    if (!versions.some((version) => isIn('3.5', version)))
      return { at, ...fatal(`${quoted(text)}: ${program} has flags since Postfix 3.5; the service would not start`) };
  }
  return null;
}

const attributes = {
  pipe: { names: /^(flags|user|directory|chroot|eol|null_sender|size|argv)=/i, flags: /^flags=[BDFORXhqu.>]*$/ },
  spawn: { names: /^(user|argv)=/i, flags: /^flags=/ },
} as const;

/**
 * pipe(8) and spawn(8): `user=` whose rights it runs with, and `argv=` what it runs, which takes the rest of the line.
 */
function attributeFault(program: 'pipe' | 'spawn', rest: readonly Word[]): (Fault & { readonly at: number }) | null {
  const { names, flags } = attributes[program];
  let user = false;
  for (const { text, at } of rest) {
    if (/^argv=/i.test(text)) return user ? null : missing('user=', at, program);
    user ||= /^user=./i.test(text);
    if (!names.test(text))
      return { at, ...fatal(`${quoted(text)} is nothing that ${program} knows; mail for the service would stay`) };
    if (/^flags=/.test(text) && !flags.test(text))
      return {
        at,
        ...fatal(`${quoted(text)} has a flag that ${program} does not know; mail for the service would stay`),
      };
  }
  return missing('argv=', rest[0]?.at ?? 0, program);
}

const missing = (what: string, at: number, program: string) => ({
  at,
  ...fatal(`${program} wants ${what}, and the line has none; mail for the service would stay`),
});
