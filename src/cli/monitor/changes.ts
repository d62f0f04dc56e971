import { changesDocument } from '../../monitor/words/changes.ts';
import { writing } from '../command.ts';
import { documentOptions } from '../document-options.ts';
import { writeAll } from '../sinks.ts';
import type { Usage } from '../usage.ts';
import { namedMonitor, since, sinceOption, storeOf, storeOption, week } from './use-store.ts';

const usage: Usage = {
  words: '[name]',
  about: 'What changed, the newest first: what was said before and since, with the words that it rests on.',
  options: { store: storeOption, since: sinceOption, ...documentOptions(changesDocument) },
  examples: [
    ['', 'of the last seven days'],
    ['mx --since 2026-01-01 --format json', 'of one monitor, for a program'],
  ],
};

/** `mxprobe monitor changes`. */
export const command = writing(usage, changesDocument, async (given, sinks, io) => {
  const from = given.one('since', since) ?? Date.now() - week;
  await using store = await storeOf(given, io);
  const monitor = await namedMonitor(given, store, 'changes mx');
  await writeAll(await store.changes({ monitor, since: from }), sinks);
  return 0;
});
