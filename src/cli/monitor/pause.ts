import type { Command } from '../command.ts';
import { say } from '../complain.ts';
import { oneMonitor, storeOf, storeOption } from './use-store.ts';

/** `mxprobe monitor pause`. */
export const command: Command = {
  usage: {
    words: '<name>',
    about:
      'Scans a monitor no more, until it is resumed. A run that is at work ends as usual; one that runs the monitors hears of it at once.',
    options: { store: storeOption },
    examples: [['mx', 'the monitor of that name']],
  },
  async run(given, io) {
    await using store = await storeOf(given, io);
    const { id } = await oneMonitor(given, store, 'pause mx');
    await store.pause(id);
    say(`"${id}" is paused: mxprobe monitor resume ${id} goes on`, io);
    return 0;
  },
};
