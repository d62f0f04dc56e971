import type { Io } from './io.ts';
import { found, type Row } from './row.ts';
import type { Option, Usage, Values } from './usage.ts';

type World = Pick<Io, 'scanner'>;

/** Said in the place of candidates where the shell knows better: names of files. */
export const filesHere = ':files';

/**
 * What the last of `words` (all that follows `mxprobe`) may become: one candidate a line, a tab, and what it is about.
 * Empty where nothing is known, such as a target; a word with a slash is a file.
 */
export async function candidates(words: readonly string[], commands: readonly Row[], io: World): Promise<string> {
  const { before, current, prefix } = split(words);
  const offers = await offersFor(before, current, commands, io);
  return offers
    .filter(([word]) => word === filesHere || word.startsWith(current))
    .map(([word, about]) => (word === filesHere ? `${filesHere}\n` : `${prefix}${word}\t${about}\n`))
    .join('');
}

type Offer = readonly [word: string, about: string];

async function offersFor(
  words: readonly string[],
  current: string,
  commands: readonly Row[],
  io: World,
): Promise<Offer[]> {
  if (words.length === 0) {
    const options: Offer[] = [
      ['--help', 'All commands and topics'],
      ['--version', 'The version'],
    ];
    return current.startsWith('-') ? options : commands.map((command) => [command.name, command.about]);
  }
  const named = found(commands, words);
  if (named === null) return [];
  const { row, rest: before } = named;
  const isGroup = row.rows !== undefined && before.length === 0 && !current.startsWith('-');
  if (isGroup) return row.rows.map((inner) => [inner.name, inner.about]);
  const { usage } = (await row.load()).command;
  const asked = openOption(usage, before);
  const isValue = asked !== null && !current.startsWith('-');
  if (isValue) return await valuesAs(asked.values, io);
  if (current.startsWith('-')) return optionsOf(usage);
  return await valuesAs(current.includes('/') ? 'files' : usage.values, io);
}

/** The option that the next word is a value of, if any: one that takes several takes all up to the next option. */
function openOption({ options }: Usage, before: readonly string[]): Option | null {
  const at = before.findLastIndex((word) => word.startsWith('--'));
  const option = options[before[at]?.slice(2) ?? ''];
  if (option?.value === undefined) return null;
  const taken = before.length - at - 1;
  return taken === 0 || option.several === true ? option : null;
}

const optionsOf = ({ options }: Usage): Offer[] => [
  ...Object.entries(options).map(([name, { about }]): Offer => [`--${name}`, about]),
  ['--help', 'All options, with examples'],
];

async function valuesAs(values: Values | undefined, io: World): Promise<Offer[]> {
  if (values === undefined) return [];
  const files: Offer = [filesHere, ''];
  if (values === 'files') return [files];
  if (values === 'policies') {
    const { builtIns } = await import('../policy/built-in/built-ins.ts');
    return [...Object.keys(builtIns).map((name): Offer => [name, 'A built-in policy']), files];
  }
  if (values === 'probe ids') return (await io.scanner()).probes.map(({ id, question }): Offer => [id, question]);
  return values.map((word): Offer => [word, '']);
}

/**
 * The words before, and the part of the last one that is to be completed. `--format=js` is an option and its value;
 * bash hands it over as three words. Of `--probe vrfy,ex` the last id is what matters.
 */
function split(words: readonly string[]): { before: string[]; current: string; prefix: string } {
  const plain = words.filter((word, index) => word !== '=' || index === words.length - 1);
  const [last = ''] = plain.slice(-1);
  const before = plain.slice(0, -1);
  if (last === '=') return { before, current: '', prefix: '' };
  const [, option, value = ''] = /^(--[\w-]+)=(.*)$/s.exec(last) ?? [];
  const rest = option === undefined ? last : value;
  const list = rest.slice(0, rest.lastIndexOf(',') + 1);
  return {
    before: option === undefined ? before : [...before, option],
    current: rest.slice(list.length),
    prefix: (option === undefined ? '' : `${option}=`) + list,
  };
}
