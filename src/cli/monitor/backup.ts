import { UsageError } from '../../model/usage-error.ts';
import type { Command } from '../command.ts';
import { storeOf, storeOption } from './use-store.ts';

/** `mxprobe monitor backup`. */
export const command: Command = {
  usage: {
    words: '<file>',
    values: 'files',
    about: 'Copies the whole store to a new file, as it is at one moment, while it may be in use.',
    options: { store: storeOption },
    examples: [['mxprobe-monday.db', 'a copy that mxprobe can read as it reads the store']],
  },
  async run(given, io) {
    const [file, ...others] = given.words;
    if (file === undefined || others.length > 0)
      throw new UsageError('backup takes one file: mxprobe monitor backup mxprobe-monday.db');
    await using store = await storeOf(given, io);
    await store.backup(file);
    return 0;
  },
};
