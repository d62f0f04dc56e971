import type { Command } from '../command.ts';
import { say } from '../complain.ts';
import { oneMonitor, storeOf, storeOption } from './use-store.ts';

/** `mxprobe monitor resume`. */
export const command: Command = {
  usage: {
    words: '<name>',
    about: 'Scans a paused monitor again when it is next due. What was due meanwhile is not made up for.',
    options: { store: storeOption },
    examples: [['mx', 'the monitor of that name']],
  },
  async run(given, io) {
    await using store = await storeOf(given, io);
    const { id } = await oneMonitor(given, store, 'resume mx');
    await store.resume(id);
    say(`"${id}" goes on when it is next due`, io);
    return 0;
  },
};
