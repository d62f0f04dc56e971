import { didYouMean } from '../../model/nearest.ts';
import { UsageError } from '../../model/usage-error.ts';
import type { Command } from '../command.ts';
import { monitorRows } from './rows.ts';

const names = monitorRows.map(({ name }) => name);
const widest = Math.max(...monitorRows.map(({ name, words }) => `${name} ${words}`.length));

/** `mxprobe monitor` without a second word that is known. */
export const command: Command = {
  usage: {
    words: '<what>',
    values: names,
    about: `Scans servers again and again, and remembers what they said, in one file.\n\n${monitorRows
      .map(({ name, words, about }) => `  ${`${name} ${words}`.padEnd(widest)}  ${about}`)
      .join('\n')}`,
    options: {},
    examples: [['status --help', 'the options of one of them']],
  },
  async run({ words: [word] }) {
    if (word === undefined) throw new UsageError(`say what: mxprobe monitor ${names.join(', ')}`);
    throw new UsageError(
      `monitor has no "${word}"${didYouMean(word, names, 'mxprobe monitor ')}; there are ${names.join(', ')}`,
    );
  },
};
