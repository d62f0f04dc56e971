import { parseArgs } from 'node:util';
import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import type { Options, Usage } from './usage.ts';

/** What was given, still as text. */
export interface CommandLine {
  readonly words: readonly string[];
  has(option: string): boolean;
  /** The value of an option, null where it was not given; as `read` has it, which throws `UsageError`. */
  one(option: string): string | null;
  one<T>(option: string, read: (option: string, text: string) => T): T | null;
  all(option: string): readonly string[];
  /** Every mention of these options, in the order they were written. */
  inOrder(...options: readonly string[]): readonly Mention[];
}

export interface Mention {
  readonly option: string;
  /** Empty where none was given. */
  readonly value: string;
}

/** Takes a command line apart; null where it asks for help. Throws `UsageError`. */
export function readArguments(
  command: string,
  { options, words: takes }: Usage,
  argv: readonly string[],
): CommandLine | null {
  const end = argv.indexOf('--');
  if (argv.slice(0, end < 0 ? argv.length : end).some((word) => word === '--help' || word === '-h')) return null;
  const { words, mentions } = takenApart(argv, options);
  for (const mention of mentions) refuseWrong(mention, options, command);
  if (takes === '' && words.length > 0)
    throw new UsageError(`${command} takes no "${words[0]}": mxprobe ${command} --help`);
  const inOrder = (...wanted: readonly string[]) => mentions.filter(({ option }) => wanted.includes(option));
  return {
    words,
    has: (option) => inOrder(option).length > 0,
    one<T>(option: string, read?: (option: string, text: string) => T) {
      const [first, ...others] = inOrder(option);
      if (others.length > 0) throw new UsageError(`--${option} was given ${others.length + 1} times: give it once`);
      if (first === undefined) return null;
      return read === undefined ? first.value : read(option, first.value);
    },
    all: (option) => inOrder(option).flatMap(({ value }) => value.split(',')),
    inOrder,
  };
}

/** Every mention of these options in a command line that may be wrong. */
export function mentionsIn(argv: readonly string[], options: Options): readonly Mention[] {
  return takenApart(argv, options).mentions.filter(({ option }) => Object.hasOwn(options, option));
}

/** An option that takes several values takes every word up to the next option. */
function takenApart(argv: readonly string[], options: Options): { words: string[]; mentions: Mention[] } {
  const types = Object.entries(options).map(
    ([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const,
  );
  const config = { options: Object.fromEntries(types), strict: false, allowPositionals: true, tokens: true } as const;
  const words: string[] = [];
  const mentions: Mention[] = [];
  let taker: string | null = null;
  for (const token of parseArgs({ ...config, args: [...argv] }).tokens) {
    if (token.kind === 'option') {
      mentions.push({ option: token.name, value: textOf(token) });
      taker = options[token.name]?.several === true ? token.name : null;
    } else if (token.kind === 'option-terminator') taker = null;
    else if (taker === null) words.push(token.value);
    else mentions.push({ option: taker, value: token.value });
  }
  return { words, mentions };
}

interface Token {
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** What looks like an option is no value, unless it stands behind `=`. A number below zero is a value, if a wrong one. */
const textOf = ({ value = '', inlineValue = false }: Token): string =>
  inlineValue || !/^-[^\d]/.test(value) ? value : '';

function refuseWrong({ option, value }: Mention, options: Options, command: string): void {
  const known = Object.hasOwn(options, option) ? options[option] : undefined;
  if (known === undefined) {
    const near = didYouMean(option, [...Object.keys(options), 'help'], '--');
    const dashes = option.length === 1 ? '-' : '--';
    throw new UsageError(`there is no option ${dashes}${option}${near}; mxprobe ${command} --help lists them`);
  }
  if (known.value === undefined && value !== '')
    throw new UsageError(`--${option} takes no value: leave out "${value}"`);
  if (known.value !== undefined && value === '')
    throw new UsageError(`--${option} needs a value: --${option} <${known.value}>`);
}
