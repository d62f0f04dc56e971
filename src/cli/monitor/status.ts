import type { Summary } from '../../model/report.ts';
import { statusOf } from '../../monitor/status.ts';
import { pluginState, statusDocument } from '../../monitor/words/status.ts';
import { worstCode } from '../../monitor/worst-code.ts';
import { writing } from '../command.ts';
import { documentOptions } from '../document-options.ts';
import { writeAll } from '../sinks.ts';
import type { Usage } from '../usage.ts';
import { namedMonitor, storeOf, storeOption } from './use-store.ts';

const usage: Usage = {
  words: '[name]',
  about:
    'How each monitor stands, or one: what fails and what is untold now, since when, how old that is, and the incidents that are open.',
  options: { store: storeOption, ...documentOptions(statusDocument) },
  examples: [
    ['', 'all of them'],
    ['mx --format nagios', 'for a monitoring system: UNKNOWN where nobody has scanned for twice the period'],
  ],
  epilogue:
    'Exit codes: those of scan, the worst of the newest runs; 2 where one is older than twice its period, or there is none. With --format nagios those of a plugin.',
};

/** `mxprobe monitor status`. */
export const command = writing(usage, statusDocument, async (given, sinks, io) => {
  await using store = await storeOf(given, io);
  const name = await namedMonitor(given, store, 'status mx');
  const at = Date.now();
  const incidents = await store.incidents({ monitor: name, isOpen: true });
  const all = statusOf(await store.monitors(), await store.newestRuns(), await store.openSpans(name), incidents, at);
  const monitors = all.filter(({ monitor }) => name === undefined || monitor === name);
  await writeAll({ at, monitors, incidents }, sinks);
  const isPlugin = sinks.some(({ format, file }) => format === 'nagios' && file === null);
  if (isPlugin) return pluginState(monitors);
  return worstCode([
    monitors.length === 0 ? 2 : 0,
    ...monitors
      .filter(({ state }) => state !== 'paused')
      .flatMap(({ newest, isStale }): Summary['exitCode'][] => [newest?.exitCode ?? 2, isStale ? 2 : 0]),
  ]);
});
