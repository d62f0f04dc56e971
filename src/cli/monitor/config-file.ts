import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../../model/usage-error.ts';
import { whyNot } from '../../model/why-not.ts';
import type { MonitorConfig } from '../../monitor/config/config.ts';
import type { Files, ReadConfig } from '../../monitor/config/read-config.ts';
import { say } from '../complain.ts';
import { readInput } from '../files.ts';
import type { Io } from '../io.ts';

/** The file that commands read where none is named. */
export const usualFile = 'mxprobe.yaml';

/** Reads a file (`-`: standard input) and those that it names. Rejects with a `UsageError` where it cannot be read. */
export async function readConfigFile(file: string, io: Pick<Io, 'stdin' | 'scanner' | 'env'>): Promise<ReadConfig> {
  const text = await readInput(file, io);
  const { probes } = await io.scanner();
  const { readConfig } = await import('../../monitor/config/read-config.ts');
  return readConfig(text, { files: filesBeside(file, io), probes: probes.map(({ id }) => id) });
}

/** The same; null where there are mistakes, which are then on stderr, one a line. */
export async function configOf(
  file: string,
  io: Pick<Io, 'stdin' | 'scanner' | 'env' | 'stderr'>,
): Promise<MonitorConfig | null> {
  const read = await readConfigFile(file, io);
  if (read.kind === 'config') return read.config;
  for (const { text, place } of read.mistakes) say(`${file}:${place.line}:${place.column}: ${text}`, io);
  return null;
}

/** What a file names stands beside it. */
function filesBeside(file: string, { env }: Pick<Io, 'env'>): Files {
  const folder = file === '-' ? '.' : dirname(file);
  return {
    resolve: (name) => resolve(folder, name),
    read(name) {
      try {
        return readFileSync(resolve(folder, name), 'utf8');
      } catch (error) {
        throw new UsageError(`cannot be read: ${whyNot(error)}`);
      }
    },
    lacks(secret) {
      if (secret.kind === 'env')
        return (env[secret.env] ?? '') === '' ? `the environment has no ${secret.env} here` : null;
      try {
        accessSync(secret.file, constants.R_OK);
        return null;
      } catch (error) {
        return `"${secret.file}" cannot be read here: ${whyNot(error)}`;
      }
    },
  };
}
