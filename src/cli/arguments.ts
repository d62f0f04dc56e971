import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';

/** What a word may be, for completion: one of these, a file, the id of a probe, or a policy (a built-in or a file). */
export type Values = readonly string[] | 'files' | 'probe ids' | 'policies';

export interface Option {
  /** How the value is written in help, such as `seconds`; without it the option takes none. */
  readonly value?: string;
  /** Unless it is free text. */
  readonly values?: Values;
  /** May be given several times, with several values. */
  readonly several?: true;
  readonly about: string;
  readonly group?: string;
}

export interface Usage {
  readonly command: string;
  readonly words: string;
  /** What the words are, unless they are free text. */
  readonly values?: Values;
  readonly about: string;
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly (readonly [string, string])[];
  readonly epilogue?: string;
}

export type Arguments = { readonly kind: 'help'; readonly text: string } | ({ readonly kind: 'given' } & Given);

/** What was given, still as text. */
export interface Given {
  readonly words: readonly string[];
  has(option: string): boolean;
  /** The value of an option; null where it was not given. */
  one(option: string): string | null;
  all(option: string): readonly string[];
  /** Every mention of these options with its value, in the order they were written. */
  inOrder(...options: readonly string[]): readonly Mention[];
}

export interface Mention {
  readonly option: string;
  readonly value: string;
}

/** For commands without any: a word given all the same is not passed over. */
export function refuseWords({ words }: Given, command: string): void {
  if (words.length > 0) throw new UsageError(`${command} takes no "${words[0]}": mxprobe ${command} --help`);
}

/**
 * Takes a command line apart. One without fault needs no more than the parser inside yargs, which is loaded in a fifth of the time; help and
 * whatever is wrong are for yargs itself. Throws `UsageError`.
 */
export async function readArguments(usage: Usage, argv: readonly string[], width: number): Promise<Arguments> {
  const clean = await readClean(usage, argv);
  return clean === null ? await readWithYargs(usage, argv, width) : { kind: 'given', ...given(clean, argv) };
}

/** Null where there is anything to explain: help is asked for, an option is unknown, or a value is missing. */
async function readClean(usage: Usage, argv: readonly string[]): Promise<Readonly<Record<string, unknown>> | null> {
  const { default: parser } = await import('yargs-parser');
  const named = (wanted: (option: Option) => boolean) =>
    Object.entries(usage.options).flatMap(([name, option]) => (wanted(option) ? [name] : []));
  const { argv: parsed, error } = parser.detailed([...argv], {
    boolean: [...named(({ value }) => value === undefined), 'help', 'h'],
    string: named(({ value }) => value !== undefined),
    array: named(({ several }) => several === true),
    configuration: asWritten,
  });
  const known = new Set(['_', ...Object.keys(usage.options)]);
  const odd = Object.entries(parsed).some(([name, value]) => !known.has(name) || (name !== '_' && lacksValue(value)));
  return error !== null || odd ? null : parsed;
}

const lacksValue = (value: unknown): boolean =>
  value === '' || (Array.isArray(value) && (value.length === 0 || value.includes('')));

async function readWithYargs(usage: Usage, argv: readonly string[], width: number): Promise<Arguments> {
  const { default: yargs } = await import('yargs');
  let help = '';
  const parser = yargs()
    .scriptName(`mxprobe ${usage.command}`)
    .usage(`$0 ${usage.words}\n\n${usage.about}`)
    .options(Object.fromEntries(Object.entries(usage.options).map(([name, option]) => [name, described(option)])))
    .example(usage.examples.map(([line, about]) => [line, about] as [string, string]))
    .epilogue(usage.epilogue ?? '')
    .help('help', 'Show this')
    .alias('help', 'h')
    .version(false)
    .locale('en')
    .wrap(Math.min(width, 110))
    .exitProcess(false)
    .strictOptions()
    .parserConfiguration(asWritten)
    .fail((message) => {
      throw new UsageError(explained(message, usage));
    });
  const parsed: Record<string, unknown> = await parser.parse([...argv], {}, (_error, _parsed, output) => {
    help = output;
  });
  return help === '' ? { kind: 'given', ...given(parsed, argv) } : { kind: 'help', text: `${withoutTypes(help)}\n` };
}

/** Types are yargs' own idea: to the user all is text. */
const withoutTypes = (help: string): string => help.replace(/(\n? *)\[(?:string|boolean|array)\]/g, '');

/** Every value stays the text that was typed. */
const asWritten = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
};

function described({ value, several, about, group }: Option) {
  return {
    describe: value === undefined ? about : `<${value}>  ${about}`,
    ...(group === undefined ? {} : { group }),
    ...(value === undefined
      ? { type: 'boolean' as const }
      : several
        ? { array: true as const, string: true as const, requiresArg: true }
        : { type: 'string' as const, requiresArg: true }),
  };
}

function given(parsed: Readonly<Record<string, unknown>>, argv: readonly string[]): Given {
  const texts = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));
  return {
    words: texts(parsed._),
    has: (option) => parsed[option] !== undefined && parsed[option] !== false,
    one(option) {
      const [value = null, ...others] = texts(parsed[option]);
      if (others.length > 0) throw new UsageError(`--${option} was given ${others.length + 1} times: give it once`);
      return value;
    },
    all: (option) => texts(parsed[option]).flatMap((value) => value.split(',')),
    inOrder: (...options) => mentionsIn(argv, options),
  };
}

/** Parsers sort by name. A word that begins with dashes is never a value, so each one up to `--` is a mention of its option. */
export function mentionsIn(argv: readonly string[], options: readonly string[]): readonly Mention[] {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).flatMap((word, index) => {
    const [, option, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    return option !== undefined && options.includes(option) ? [{ option, value: inline ?? argv[index + 1] ?? '' }] : [];
  });
}

/** yargs' words turned into ours: what is wrong and the way out. */
function explained(message: string, usage: Usage): string {
  const [, missing] = /^Not enough arguments following: (.*)$/.exec(message) ?? [];
  if (missing !== undefined)
    return `--${missing} needs a value: --${missing} <${usage.options[missing]?.value ?? 'value'}>`;
  const [, unknown] = /^Unknown arguments?: ([^,]*)/.exec(message) ?? [];
  if (unknown === undefined) return `${message} (mxprobe ${usage.command} --help)`;
  const near = didYouMean(unknown, [...Object.keys(usage.options), 'help'], '--');
  const dashes = unknown.length === 1 ? '-' : '--';
  return `there is no option ${dashes}${unknown}${near}; mxprobe ${usage.command} --help lists them`;
}
