import { setMaxListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { UsageError } from '../../model/usage-error.ts';
import type { MonitorConfig } from '../../monitor/config/config.ts';
import { watch, watchOnce } from '../../monitor/watch.ts';
import { worstCode } from '../../monitor/worst-code.ts';
import type { Command } from '../command.ts';
import { misused, say } from '../complain.ts';
import type { Io } from '../io.ts';
import { configOf, usualFile } from './config-file.ts';
import { linkOf, type Pages, servingWhere } from './serving.ts';
import { type Watching, watching } from './watching.ts';

/** `mxprobe monitor run`. */
export const command: Command = {
  usage: {
    words: '[file]',
    values: 'files',
    about: `Scans each monitor of a file (default ${usualFile}) when it is due, remembers what was said, tells people, serves pages, and prints a line a run, until it is stopped. SIGHUP reads the file again: one with mistakes changes nothing.`,
    options: { once: { about: 'Scan what is due now, and end: for cron and CI' } },
    examples: [
      ['', 'watch, in the foreground: a service manager starts it again'],
      ['mxprobe.yaml --once', 'from cron, as often as what is to be scanned comes'],
    ],
    epilogue:
      'Exit codes: with --once those of scan, the worst of the runs. Else 0 when it is stopped. 3 where the file or the store cannot be used.',
  },
  async run(given, io) {
    const [file = usualFile, ...others] = given.words;
    if (others.length > 0) throw new UsageError('run takes one file: mxprobe monitor run mxprobe.yaml');
    const config = await configOf(file, io);
    if (config === null) return misused;
    const controller = new AbortController();
    const { signal } = controller;
    // Each scan listens for the end.
    setMaxListeners(0, signal);
    const isOnce = given.has('once');
    await using all = await watching(config, io, signal, {
      link: ({ web }) => linkOf(web),
      isOnce,
    });
    if (all === null) throw heldBy(config.store);
    const stop = io.onInterrupt(() => controller.abort());
    try {
      return isOnce ? await once(all, signal) : await untilStopped(all, { file, config }, io);
    } finally {
      stop();
    }
  },
};

export const heldBy = (store: string): UsageError =>
  new UsageError(`another mxprobe monitor run is at work on the store "${store}": end it, or give this one its own`);

async function once({ parts, ended }: Watching, { aborted }: AbortSignal): Promise<number> {
  await watchOnce(parts);
  const codes = ended.map(({ report }) => report?.summary.exitCode ?? 3);
  return worstCode(aborted ? [...codes, 2] : codes);
}

async function untilStopped(
  all: Watching,
  { file, config }: { readonly file: string; readonly config: MonitorConfig },
  io: Io,
): Promise<number> {
  // What is alive is a quarter of what V8 keeps on a large machine before it collects: it is to keep a third more.
  setFlagsFromString('--heap-growing-percent=30');
  let isReloaded = true;
  await using pages = await servingWhere({ ...all, isReloaded: () => isReloaded }, config.web.listen, io);
  const count = config.monitors.length;
  const nobody = config.channels.length === 0 ? '; nobody is told, as the file has no channels' : '';
  say(`watching ${count} monitor${count === 1 ? '' : 's'}, remembered in ${config.store}${nobody}; Ctrl-C ends it`, io);
  let reloads = Promise.resolve();
  const stop = io.onReload(() => {
    reloads = reloads.then(async () => {
      isReloaded = await reload(all, { file, config, pages }, io);
    });
  });
  try {
    await watch(all.parts);
    await reloads;
    return 0;
  } finally {
    stop();
  }
}

/** Whether the file is in force now: one with mistakes changes nothing. */
async function reload(
  all: Watching,
  { file, config, pages }: { readonly file: string; readonly config: MonitorConfig; readonly pages: Pages },
  io: Io,
): Promise<boolean> {
  const { store, clock } = all.parts;
  try {
    const next = await configOf(file, io);
    if (next === null) throw new UsageError(`"${file}" has mistakes`);
    if (next.store !== config.store) {
      say(`the store stays "${config.store}" while it runs: start again to use another`, io);
      return false;
    }
    await pages.move(next.web.listen);
    await all.use(next);
    await store.noteSelf('file', null, clock.now());
    say(`"${file}" is in force`, io);
    return true;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(`${error.message}: the file in force stays in force`, io);
    // Where the store is in trouble, the loop says so.
    await store.noteSelf('file', error.message, clock.now()).catch((trouble: unknown) => {
      if (!(trouble instanceof UsageError)) throw trouble;
    });
    return false;
  }
}
