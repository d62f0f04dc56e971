import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import type { Option, Options, Usage } from './usage.ts';

/** What was given, still as text. */
export interface CommandLine {
  /** As it was typed, for people: what a shell would take apart is quoted. */
  readonly line: string;
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
export async function readArguments(
  command: string,
  { options, words: takes }: Usage,
  argv: readonly string[],
): Promise<CommandLine | null> {
  // The parser inside yargs is loaded in a fifth of the time of the whole.
  const { default: parse } = await import('yargs-parser');
  const named = (wanted: (option: Option) => boolean) =>
    Object.entries(options).flatMap(([name, option]) => (wanted(option) ? [name] : []));
  const { _: first, ...parsed }: Parsed = parse([...argv], {
    boolean: [...named(({ value }) => value === undefined), 'help', 'h'],
    string: named(({ value }) => value !== undefined),
    array: named(({ several }) => several === true),
    // Standard input, `-`, is a value too.
    narg: Object.fromEntries(
      named(({ value, several }) => value !== undefined && several !== true).map((name) => [name, 1]),
    ),
    configuration: asWritten,
  });
  if (parsed.help === true || parsed.h === true) return null;
  const lacking = mentionsIn(argv, Object.keys(options)).filter(({ option }) => !Object.hasOwn(parsed, option));
  for (const [name, value] of Object.entries(parsed)) refuseWrong(name, value, options, command);
  for (const { option } of lacking) refuseWrong(option, '', options, command);
  const words = textsOf(first);
  if (takes === '' && words.length > 0)
    throw new UsageError(`${command} takes no "${words[0]}": mxprobe ${command} --help`);
  const valuesOf = (option: string) => (Object.hasOwn(parsed, option) ? textsOf(parsed[option]) : []);
  return {
    line: ['mxprobe', command, ...argv.map(quoted)].join(' '),
    words,
    has: (option) => Object.hasOwn(parsed, option) && parsed[option] !== false,
    one<T>(option: string, read?: (option: string, text: string) => T) {
      const [text, ...others] = valuesOf(option);
      if (others.length > 0) throw new UsageError(`--${option} was given ${others.length + 1} times: give it once`);
      if (text === undefined) return null;
      return read === undefined ? text : read(`--${option}`, text);
    },
    all: (option) => valuesOf(option).flatMap((value) => value.split(',')),
    inOrder: (...wanted) => mentionsIn(argv, wanted),
  };
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

type Parsed = Readonly<Record<string, unknown>>;

const textsOf = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));

/** Every value stays the text that was typed. */
export const asWritten = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
};

/**
 * Every mention of these options, also in a command line that may be wrong: parsers sort by name. A word that begins
 * with dashes is no value.
 */
export function mentionsIn(argv: readonly string[], options: readonly string[]): readonly Mention[] {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  return before.flatMap((word, index) => {
    const [, option, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (option === undefined || !options.includes(option)) return [];
    const next = before[index + 1] ?? '';
    return [{ option, value: inline ?? (/^-[^\d]/.test(next) ? '' : next) }];
  });
}

function refuseWrong(option: string, value: unknown, options: Options, command: string): void {
  const known = Object.hasOwn(options, option) ? options[option] : undefined;
  if (known === undefined) {
    const near = didYouMean(option, [...Object.keys(options), 'help'], '--');
    const dashes = option.length === 1 ? '-' : '--';
    throw new UsageError(`there is no option ${dashes}${option}${near}; mxprobe ${command} --help lists them`);
  }
  const texts = textsOf(value);
  if (known.value !== undefined && (texts.length === 0 || texts.includes('')))
    throw new UsageError(`--${option} needs a value: --${option} <${known.value}>`);
}
