import type { Command } from '../command.ts';
import { say } from '../complain.ts';
import { storeFile, storeOption } from './use-store.ts';

/** `mxprobe monitor migrate`. */
export const command: Command = {
  usage: {
    words: '',
    about:
      'Makes a store that an older mxprobe wrote one of this version, with a copy of it beside it first. The other commands do it by themselves, without the copy.',
    options: { store: storeOption },
    examples: [['--store /var/lib/mxprobe/mxprobe.db', 'after an update, before monitor run is started again']],
    epilogue: 'Exit codes: 0 it is of this version; 3 it is as it was.',
  },
  async run(given, io) {
    const file = await storeFile(given, io);
    const { upgrade } = await import('../../store/upgrade.ts');
    const { from, to, backup } = await upgrade(file);
    if (backup === null) say(`the store "${file}" is of this version (${to}): nothing was to do`, io);
    else say(`the store "${file}" was of version ${from}, and is of version ${to}; as it was: "${backup}"`, io);
    return 0;
  },
};
