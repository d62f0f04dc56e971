import { runsDocument } from '../../monitor/words/runs.ts';
import { writing } from '../command.ts';
import { documentOptions } from '../document-options.ts';
import { writeAll } from '../sinks.ts';
import type { Usage } from '../usage.ts';
import { namedMonitor, since, sinceOption, storeOf, storeOption, week } from './use-store.ts';

const usage: Usage = {
  words: '[name]',
  about:
    'The runs of all monitors, or of one, the newest first: when each was due, how it ended, and whether its report is kept.',
  options: { store: storeOption, since: sinceOption, ...documentOptions(runsDocument) },
  examples: [
    ['', 'of the last seven days'],
    ['mx --since 2026-01-01 --format json', 'of one monitor, for a program'],
  ],
};

/** `mxprobe monitor runs`. */
export const command = writing(usage, runsDocument, async (given, sinks, io) => {
  const from = given.one('since', since) ?? Date.now() - week;
  await using store = await storeOf(given, io);
  const monitor = await namedMonitor(given, store, 'runs mx');
  await writeAll(await store.runs({ monitor, since: from }), sinks);
  return 0;
});
