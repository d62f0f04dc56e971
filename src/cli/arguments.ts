import { parseArgs } from 'node:util';
import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import type { Options, Usage } from './usage.ts';

/** What was given, still as text. */
export interface Given {
  readonly words: readonly string[];
  has(option: string): boolean;
  /** The value of an option; null where it was not given. */
  one(option: string): string | null;
  all(option: string): readonly string[];
  /** Every mention of these options, in the order they were written. */
  inOrder(...options: readonly string[]): readonly Mention[];
}

export interface Mention {
  readonly option: string;
  /** Empty where none was given. */
  readonly value: string;
}

/** For commands without any: a word given all the same is not passed over. */
export function refuseWords({ words }: Given, command: string): void {
  if (words.length > 0) throw new UsageError(`${command} takes no "${words[0]}": mxprobe ${command} --help`);
}

/** Takes a command line apart; null where it asks for help. Throws `UsageError`. */
export function readArguments(command: string, { options }: Usage, argv: readonly string[]): Given | null {
  if (asksForHelp(argv)) return null;
  const { words, mentions } = takenApart(argv, options);
  for (const { option, dashes, value, isInline } of mentions) {
    const known = Object.hasOwn(options, option) ? options[option] : undefined;
    if (known === undefined) throw unknown(option, dashes, options, command);
    if (known.value === undefined && value !== '')
      throw new UsageError(`--${option} takes no value: leave out "${value}"`);
    if (known.value !== undefined && (value === '' || (!isInline && isOption(value))))
      throw new UsageError(`--${option} needs a value: --${option} <${known.value}>`);
  }
  return given(words, mentions);
}

/** Every mention of these options in a command line that may be wrong. */
export function mentionsIn(argv: readonly string[], options: Options): readonly Mention[] {
  return takenApart(argv, options).mentions.filter(({ option }) => Object.hasOwn(options, option));
}

interface Written extends Mention {
  readonly dashes: string;
  /** `--option=value`. */
  readonly isInline: boolean;
}

/** An option that takes several values takes every word up to the next option. */
function takenApart(argv: readonly string[], options: Options): { words: string[]; mentions: Written[] } {
  const types = Object.entries(options).map(
    ([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const,
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const mentions: Written[] = [];
  let taker: Written | null = null;
  for (const token of tokens) {
    if (token.kind === 'positional' && taker !== null) mentions.push({ ...taker, value: token.value });
    else if (token.kind === 'positional') words.push(token.value);
    else if (token.kind === 'option-terminator') taker = null;
    else {
      const { name: option, rawName, value = '', inlineValue: isInline = false } = token;
      const mention = { option, dashes: rawName.startsWith('--') ? '--' : '-', value, isInline };
      mentions.push(mention);
      taker = Object.hasOwn(options, option) && options[option]?.several ? mention : null;
    }
  }
  return { words, mentions };
}

const asksForHelp = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).some((word) => word === '--help' || word === '-h');
};

/** A number below zero is a value, if a wrong one; so is a dash alone. */
const isOption = (word: string): boolean => /^-[^\d]/.test(word);

function unknown(option: string, dashes: string, options: Options, command: string): UsageError {
  const near = didYouMean(option, [...Object.keys(options), 'help'], '--');
  return new UsageError(`there is no option ${dashes}${option}${near}; mxprobe ${command} --help lists them`);
}

function given(words: readonly string[], mentions: readonly Mention[]): Given {
  const inOrder = (...options: readonly string[]) => mentions.filter(({ option }) => options.includes(option));
  return {
    words,
    has: (option) => inOrder(option).length > 0,
    one(option) {
      const [first, ...others] = inOrder(option);
      if (others.length > 0) throw new UsageError(`--${option} was given ${others.length + 1} times: give it once`);
      return first?.value ?? null;
    },
    all: (option) => inOrder(option).flatMap(({ value }) => value.split(',')),
    inOrder,
  };
}
