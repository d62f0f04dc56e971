import { nameAndValue } from './logical-lines.ts';
import { balancedEnd } from './macro-syntax.ts';
import type { Word } from './master-words.ts';
import { type Fault, fatal, quoted } from './problem.ts';

/** What stands behind the command in a line of master.cf. */
export interface Options {
  /** `-o name=value`. */
  readonly settings: readonly { readonly name: string; readonly value: string; readonly at: number }[];
  /** From the first word that is no option on: for pipe(8), spawn(8), smtp(8) and lmtp(8) alone. */
  readonly rest: readonly Word[];
  readonly faults: readonly (Fault & { readonly at: number })[];
}

/** Options of every program of Postfix (single_server(3) and its kin), and those that take a word. */
const letters = /^[cdDlSuvVz]$/;
const lettersWithWord = /^[aimnorst]$/;

/** Reads options as getopt(3) does, as far as the first word that is none. */
export function optionsOf(words: readonly Word[]): Options {
  const settings: Options['settings'][number][] = [];
  const faults: Options['faults'][number][] = [];
  let index = 0;
  while (/^-./.test(words[index]?.text ?? '') && words[index]?.text !== '--') {
    const { read, size } = optionAt(words, index);
    if (read !== null && 'weight' in read) faults.push(read);
    else if (read !== null) settings.push(read);
    index += size;
  }
  return { settings, faults, rest: words.slice(words[index]?.text === '--' ? index + 1 : index) };
}

type Setting = Options['settings'][number];
type Flaw = Options['faults'][number];

/** What one option sets, or what is wrong with it; null where it is neither. `size`: its words. */
function optionAt(
  words: readonly Word[],
  index: number,
): { readonly read: Setting | Flaw | null; readonly size: number } {
  const { text, at } = words[index] ?? { text: '', at: 0 };
  const { letter, inside } = optionIn(text);
  if (letter === null) return { read: null, size: 1 };
  if (!lettersWithWord.test(letter)) return { read: { at, ...unknownOption(text) }, size: 1 };
  const argument = inside === '' ? words[index + 1] : { text: inside, at };
  return { read: letter === 'o' ? settingOf(argument, at) : null, size: inside === '' ? 2 : 1 };
}

const unknownOption = (text: string): Fault =>
  fatal(`${quoted(text)} is no option that a program of Postfix has: it would not start`);

/** What `-o` sets, or what is wrong with it. */
function settingOf(argument: Word | undefined, at: number): Setting | Flaw {
  const pair = argument === undefined ? null : settingIn(argument.text);
  if (pair !== null && argument !== undefined) return { ...pair, at: argument.at };
  return { at: argument?.at ?? at, ...fatal(noSetting(argument?.text ?? '')) };
}

/**
 * The first letter of a cluster that takes a word, or is unknown, and what stands behind it; null: all are switches.
 */
function optionIn(text: string): { readonly letter: string | null; readonly inside: string } {
  for (let at = 1; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (!letters.test(letter)) return { letter, inside: text.slice(at + 1) };
  }
  return { letter: null, inside: '' };
}

function settingIn(argument: string): { readonly name: string; readonly value: string } | null {
  if (!argument.startsWith('{')) return nameAndValue(argument);
  const isWhole = balancedEnd(argument, 0, '{', '}') === argument.length;
  return isWhole ? nameAndValue(argument.slice(1, -1)) : null;
}

const noSetting = (argument: string): string =>
  `${quoted(`-o ${argument}`.trim())} sets no parameter: it is -o name=value, or -o { name = value }; the service would not start`;
