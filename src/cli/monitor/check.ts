import { UsageError } from '../../model/usage-error.ts';
import { type Checked, dueIn } from '../../monitor/checked.ts';
import type { ReadConfig } from '../../monitor/config/read-config.ts';
import { checkDocument } from '../../monitor/words/check.ts';
import { writing } from '../command.ts';
import { misused } from '../complain.ts';
import { documentOptions } from '../document-options.ts';
import { writeAll } from '../sinks.ts';
import type { Usage } from '../usage.ts';
import { readConfigFile, usualFile } from './config-file.ts';

const usage: Usage = {
  words: '[file]',
  values: 'files',
  about: `Reads a monitor's file (default ${usualFile}; - is standard input) and says every mistake in it, with line and column; where there is none, what is due when, and what may not be as it was meant. Scans nothing.`,
  options: documentOptions(checkDocument),
  examples: [
    ['', `is ${usualFile} in order, and what is due when?`],
    ['/etc/mxprobe/mxprobe.yaml --format json', 'for a program'],
  ],
  epilogue: 'Exit codes: 0 in order, warnings or not; 3 mistakes in the file, bad usage, or an error of our own.',
};

/** `mxprobe monitor check`. */
export const command = writing(usage, checkDocument, async ({ words: [file = usualFile, ...others] }, sinks, io) => {
  if (others.length > 0) throw new UsageError(`monitor check takes one file: mxprobe monitor check ${usualFile}`);
  const read = await readConfigFile(file, io);
  await writeAll(checkedOf(file, read, Date.now()), sinks);
  return read.kind === 'config' ? 0 : misused;
});

function checkedOf(file: string, read: ReadConfig, at: number): Checked {
  if (read.kind === 'mistakes') return { file, at, mistakes: read.mistakes, warnings: [], monitors: [] };
  return { file, at, mistakes: [], warnings: read.warnings, monitors: dueIn(read.config, at) };
}
