import { didYouMean } from '../../model/nearest.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visible } from '../../model/visible.ts';
import { silenceMatches } from '../../monitor/alerts/silenced.ts';
import type { Store } from '../../monitor/store.ts';
import { timeWords } from '../../monitor/words/common.ts';
import type { CommandLine } from '../arguments.ts';
import type { Command } from '../command.ts';
import { say } from '../complain.ts';
import type { Io } from '../io.ts';
import { by, byOption, moment, storeOf, storeOption, until, untilOption } from './use-store.ts';

/** `mxprobe monitor silence`. */
export const command: Command = {
  usage: {
    words: '[<matcher>]',
    about:
      'Keeps monitors quiet for a while: they are scanned on, and what is still wrong at the end is told then. A matcher is a name, * for any characters, or tag:NAME; /probe behind it means that question alone.',
    options: {
      until: { ...untilOption, about: `Needed. ${untilOption.about}` },
      because: { value: 'text', about: 'Needed. Why, for whoever finds it' },
      from: { value: 'time', about: 'When it begins; default now' },
      by: byOption,
      list: { about: 'List those that are not over' },
      end: { value: 'id', about: 'End one now' },
      store: storeOption,
    },
    examples: [
      ["mx --until 2h --because 'new disks'", 'all that mx would tell'],
      ["'tag:own/tls-certificate' --until 2026-12-31 --because 'a new one is ordered'", 'one question of many'],
      ['--list', 'those that there are'],
    ],
  },
  async run(given, io) {
    await using store = await storeOf(given, io);
    const id = given.one('end');
    if (id !== null) return await end(id, store, io);
    if (given.has('list')) return await list(store, io);
    return await begin(given, store, io);
  },
};

async function begin(given: CommandLine, store: Store, io: Io): Promise<number> {
  const [match, ...others] = given.words;
  if (match === undefined || others.length > 0)
    throw new UsageError("say whom: mxprobe monitor silence mx --until 2h --because 'new disks'");
  const [, probe, ...more] = match.split('/');
  const ids = (await io.scanner()).probes.map(({ id }) => id);
  if (more.length > 0 || (probe !== undefined && !ids.includes(probe)))
    throw new UsageError(`there is no probe "${[probe, ...more].join('/')}"${didYouMean(probe ?? '', ids)}`);
  const to = given.one('until', until);
  if (to === null) throw new UsageError('a silence has an end: --until 2h');
  const because = given.one('because');
  if (because === null || because.trim() === '')
    throw new UsageError("a silence has a reason, for whoever finds it: --because 'new disks'");
  const from = given.one('from', moment) ?? Date.now();
  if (from >= to) throw new UsageError('a silence begins before it ends: --from lies behind --until');
  const monitors = (await store.monitors()).filter(({ state }) => state !== 'retired');
  const meant = monitors.filter((one) => silenceMatches(match, { ...one, name: one.id }, null));
  if (meant.length === 0) {
    const names = monitors.map(({ id }) => id);
    throw new UsageError(`no monitor is meant by "${match}"${didYouMean(match.split('/')[0] ?? '', names)}`);
  }
  const silence = await store.silence({ match, from, until: to, because, author: by(given, io) });
  const count = `${meant.length} monitor${meant.length === 1 ? '' : 's'}`;
  say(`${count} quiet until ${timeWords(to)}; mxprobe monitor silence --end ${silence.id} ends it`, io);
  return 0;
}

async function end(id: string, store: Store, io: Io): Promise<number> {
  if (!(await store.unsilence(id, Date.now())))
    throw new UsageError(`there is no silence "${id}": mxprobe monitor silence --list lists them`);
  say(`silence ${id} is over: what is still wrong is told now`, io);
  return 0;
}

async function list(store: Store, io: Io): Promise<number> {
  const now = Date.now();
  const lines = (await store.silences(now)).map(({ id, match, from, until: to, because, author }) => {
    const times = `${from > now ? `from ${timeWords(from)} ` : ''}until ${timeWords(to)}`;
    return `${id}  ${match}  ${times}, by ${author}: ${because}`;
  });
  for (const line of lines.length === 0 ? ['no silences'] : lines) io.stdout.write(`${visible(line)}\n`);
  return 0;
}
