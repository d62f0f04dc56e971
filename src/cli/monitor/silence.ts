import { didYouMean } from '../../model/nearest.ts';
import { UsageError } from '../../model/usage-error.ts';
import { matcherOf } from '../../monitor/config/match.ts';
import type { Store } from '../../monitor/store.ts';
import { timeWords } from '../../monitor/words/common.ts';
import { type Silences, silencesDocument } from '../../monitor/words/silences.ts';
import type { CommandLine } from '../arguments.ts';
import { type Command, writingTo } from '../command.ts';
import { say } from '../complain.ts';
import { documentOptions } from '../document-options.ts';
import type { Io } from '../io.ts';
import { type Sink, writeAll } from '../sinks.ts';
import { by, byOption, moment, storeOf, storeOption, until, untilOption } from './use-store.ts';

const listing = documentOptions(silencesDocument);
const options = {
  until: { ...untilOption, about: `Needed. ${untilOption.about}` },
  because: { value: 'text', about: 'Needed. Why, for whoever finds it' },
  from: { value: 'time', about: 'When it begins; default now' },
  by: byOption,
  list: { about: 'List those that are not over' },
  end: { value: 'id', about: 'End one now' },
  store: storeOption,
  ...listing,
};

/** `mxprobe monitor silence`. */
export const command: Command = {
  usage: {
    words: '[<matcher>]',
    about:
      'Keeps monitors quiet for a while: they are scanned on, and what is still wrong at the end is told then. A matcher is a name, * for any characters, or tag:NAME; /probe behind it means that question alone.',
    options,
    examples: [
      ["mx --until 2h --because 'new disks'", 'all that mx would tell'],
      ["'tag:own/tls-certificate' --until 2026-12-31 --because 'a new one is ordered'", 'one question of many'],
      ['--list', 'those that there are'],
    ],
  },
  async run(given, io) {
    if (given.has('list')) {
      refuseBeside('list', ['store', ...Object.keys(listing)], given);
      return await writingTo(silencesDocument, given, io, (sinks) => list(sinks, given, io));
    }
    const id = given.one('end');
    if (id !== null) refuseBeside('end', ['store'], given);
    const shown = Object.keys(listing).find((option) => given.has(option));
    if (shown !== undefined) throw new UsageError(`--${shown} is for --list: mxprobe monitor silence --help`);
    await using store = await storeOf(given, io);
    return id === null ? await begin(given, store, io) : await end(id, store, io);
  },
};

/** Who lists or ends means no silence of their own. */
function refuseBeside(what: 'list' | 'end', takes: readonly string[], given: CommandLine): void {
  const other = Object.keys(options).find((one) => one !== what && !takes.includes(one) && given.has(one));
  const refused = given.words[0] === undefined ? (other === undefined ? null : `--${other}`) : `"${given.words[0]}"`;
  if (refused !== null) throw new UsageError(`--${what} takes no ${refused}: mxprobe monitor silence --help`);
}

async function begin(given: CommandLine, store: Store, io: Io): Promise<number> {
  const [match, ...others] = given.words;
  if (match === undefined || others.length > 0)
    throw new UsageError("say whom: mxprobe monitor silence mx --until 2h --because 'new disks'");
  const [who = '', probe, ...more] = match.split('/');
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
  const isMeant = matcherOf(who);
  const meant = monitors.filter((one) => isMeant({ ...one, name: one.id }));
  if (meant.length === 0) {
    const names = monitors.map(({ id }) => id);
    throw new UsageError(`no monitor is meant by "${match}"${didYouMean(who, names)}`);
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

async function list(sinks: readonly Sink<Silences>[], given: CommandLine, io: Io): Promise<number> {
  await using store = await storeOf(given, io);
  const at = Date.now();
  await writeAll({ at, silences: await store.silences(at) }, sinks);
  return 0;
}
