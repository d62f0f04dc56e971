import { UsageError } from '../../model/usage-error.ts';
import type { MonitorConfig } from '../../monitor/config/config.ts';
import { watchOnce } from '../../monitor/watch.ts';
import type { Command } from '../command.ts';
import { misused, say } from '../complain.ts';
import type { Io } from '../io.ts';
import { configOf, usualFile } from './config-file.ts';
import { oneMonitor } from './use-store.ts';
import { watching } from './watching.ts';

/** `mxprobe monitor now`. */
export const command: Command = {
  usage: {
    words: '<name>',
    about:
      'Scans a monitor now, beside its schedules, which do not move. Where mxprobe monitor run is at work, that does it; else this command does.',
    options: { file: { value: 'file', values: 'files', about: `The file of monitors (default ${usualFile})` } },
    examples: [['mx', 'after something was mended']],
    epilogue: 'Exit codes: those of scan; 0 where another process does it.',
  },
  async run(given, io) {
    const config = await configOf(given.one('file') ?? usualFile, io);
    if (config === null) return misused;
    const [name, ...others] = given.words;
    if (name === undefined || others.length > 0) throw new UsageError('name one monitor: mxprobe monitor now mx');
    const controller = new AbortController();
    await using all = await watching(config, io, controller.signal, { isOnce: true });
    if (all === null) return await leave(given, config, io);
    const { parts, ended } = all;
    const { id } = await oneMonitor(given, parts.store, 'now mx');
    const run = await parts.store.ask(id, parts.clock.now());
    if (run === null) throw new UsageError(`"${id}" has a run that a person asked for: mxprobe monitor run scans it`);
    const stop = io.onInterrupt(() => controller.abort());
    try {
      await watchOnce(parts, run);
    } finally {
      stop();
    }
    return ended.at(-1)?.report?.summary.exitCode ?? (controller.signal.aborted ? 2 : 3);
  },
};

/** Leaves it to the process that runs the monitors, which looks every second. */
async function leave(given: Parameters<Command['run']>[0], { store: file }: MonitorConfig, io: Io): Promise<number> {
  const { openShared } = await import('../../store/sqlite-store.ts');
  await using store = await openShared(file);
  const { id } = await oneMonitor(given, store, 'now mx');
  const run = await store.ask(id, Date.now());
  if (run === null) throw new UsageError(`"${id}" has a run that a person asked for, and that is not over yet`);
  say(`run ${run.id.slice(0, 8)} is begun by the mxprobe monitor run that is at work; mxprobe monitor runs tells`, io);
  return 0;
}
