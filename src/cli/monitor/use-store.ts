import { existsSync } from 'node:fs';
import { didYouMean } from '../../model/nearest.ts';
import { UsageError } from '../../model/usage-error.ts';
import type { Incident } from '../../monitor/alerts/incident.ts';
import { timeAround } from '../../monitor/config/duration.ts';
import type { Run } from '../../monitor/run.ts';
import type { MonitorRow, Store } from '../../monitor/store.ts';
import type { CommandLine } from '../arguments.ts';
import type { Io } from '../io.ts';
import type { Option } from '../usage.ts';
import { configOf, usualFile } from './config-file.ts';

export const storeOption: Option = {
  value: 'file',
  values: 'files',
  about: 'The store (default: what mxprobe.yaml here names, else mxprobe.db)',
};

export const sinceOption: Option = {
  value: 'time',
  about: 'Only what is as new as that: 12h, 7d, 4w, or a day such as 2026-01-31 (default 7d)',
};

/** Opens the store that a command line names, whoever else is at work on it. Rejects with a `UsageError`. */
export async function storeOf(given: CommandLine, io: Io): Promise<Store> {
  const file = await storeFile(given, io);
  const { openShared } = await import('../../store/sqlite-store.ts');
  return await openShared(file);
}

/** The file of the store that a command line names. Rejects with a `UsageError`. */
export const storeFile = async (given: CommandLine, io: Io): Promise<string> =>
  given.one('store') ?? (await usualStore(io));

async function usualStore(io: Io): Promise<string> {
  if (!existsSync(usualFile)) return 'mxprobe.db';
  const config = await configOf(usualFile, io);
  if (config !== null) return config.store;
  throw new UsageError(`"${usualFile}" has mistakes, and does not say where the store is: --store does`);
}

/** The monitor that the words name; undefined where they name none. Throws `UsageError`. */
export async function namedMonitor(given: CommandLine, store: Store, example: string): Promise<string | undefined> {
  const [name, ...others] = given.words;
  if (others.length > 0) throw new UsageError(`one monitor at a time: mxprobe monitor ${example}`);
  return name === undefined ? undefined : (await knownMonitor(name, store)).id;
}

/** The same where one must be named. */
export async function oneMonitor(given: CommandLine, store: Store, example: string): Promise<MonitorRow> {
  const [name, ...others] = given.words;
  if (name === undefined || others.length > 0) throw new UsageError(`name one monitor: mxprobe monitor ${example}`);
  return await knownMonitor(name, store);
}

async function knownMonitor(name: string, store: Store): Promise<MonitorRow> {
  const monitors = await store.monitors();
  const found = monitors.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const ids = monitors.map(({ id }) => id);
  throw new UsageError(`the store knows no monitor "${name}"${didYouMean(name, ids)}; it knows ${listed(ids)}`);
}

const mostListed = 20;

function listed(ids: readonly string[]): string {
  if (ids.length === 0) return 'none: mxprobe monitor run begins to watch';
  return ids.length <= mostListed ? ids.join(', ') : `${ids.slice(0, mostListed).join(', ')} and more`;
}

/** A run by the beginning of its id. Throws `UsageError`. */
export async function namedRun(prefix: string, store: Store): Promise<Run> {
  const runs = await store.runsNamed(prefix);
  const [run, other] = runs;
  if (run === undefined) throw new UsageError(`there is no run "${prefix}": mxprobe monitor runs lists them`);
  if (other !== undefined)
    throw new UsageError(`"${prefix}" may be ${runs.map(({ id }) => id.slice(0, 12)).join(' or ')}: write more of it`);
  return run;
}

/** An incident by the beginning of its id; null where none fits. Throws `UsageError` where several do. */
export async function namedIncident(prefix: string, store: Store): Promise<Incident | null> {
  const [incident, ...others] = await store.incidentsNamed(prefix);
  if (incident === undefined || others.length === 0) return incident ?? null;
  throw new UsageError(
    `"${prefix}" may be ${[incident, ...others].map(({ id }) => id).join(' or ')}: write more of it`,
  );
}

/** A time that is over, milliseconds since 1970: so long ago, or as it is written. Throws `UsageError`. */
export function since(option: string, text: string): number {
  const at = timeAround(Date.now(), -1, text);
  if (at !== null) return at;
  throw new UsageError(`${option}: "${text}" is no time: write 12h, 7d or 4w, or a day such as 2026-01-31`);
}

export const week = 7 * 86_400_000;

export const untilOption: Option = {
  value: 'time',
  about: 'A time to come: 2h, 3d, or a day or time such as 2026-12-31T18:00Z',
};

export const byOption: Option = { value: 'name', about: 'Who says so; default the user of this machine' };

/** Who a person is who says something. */
export const by = (given: CommandLine, { env }: Pick<Io, 'env'>): string =>
  given.one('by') ?? env.SUDO_USER ?? env.USER ?? env.LOGNAME ?? 'somebody';

/** A time to come, milliseconds since 1970. Throws `UsageError`. */
export function until(option: string, text: string): number {
  const at = moment(option, text);
  if (at <= Date.now()) throw new UsageError(`${option}: ${text} is over already`);
  return at;
}

/** A time, milliseconds since 1970: so much from now, or as it is written. Throws `UsageError`. */
export function moment(option: string, text: string): number {
  const at = timeAround(Date.now(), 1, text);
  if (at !== null) return at;
  throw new UsageError(`${option}: "${text}" is no time: write 2h, 3d, or a time such as 2026-12-31T18:00Z`);
}
