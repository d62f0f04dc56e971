import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import { readArguments } from './arguments.ts';
import { everyCommand, overviewText } from './help.ts';
import type { Io } from './io.ts';
import { found } from './row.ts';
import { usageText } from './usage-text.ts';

/** Finds the command, takes its words apart, and answers `--help`; or lets it run. Gives the exit code. */
export async function dispatch(words: readonly string[], io: Io): Promise<number> {
  const [name, ...others] = words;
  if (name === '--help' || name === '-h') return print(overviewText(), io);
  const named = found(everyCommand, words);
  if (named === null) throw unknownCommand(name, others);
  const { row, rest } = named;
  // What a shell asks is the beginning of a command line, and none to be taken apart.
  const isForShell = row.name === 'completion' && rest[0] === 'words';
  if (isForShell) return print(await (await import('./complete.ts')).candidates(rest.slice(1), everyCommand, io), io);
  const { command } = await row.load();
  const given = await readArguments(row.name, command.usage, rest);
  return given === null
    ? print(await usageText(row.name, command.usage, io.stdout.width), io)
    : await command.run(given, io);
}

function print(text: string, { stdout }: Io): number {
  stdout.write(text);
  return 0;
}

/** Why there is no such command, and what was probably meant. */
function unknownCommand(name: string | undefined, rest: readonly string[]): UsageError {
  if (name === undefined) return new UsageError('say what to do: mxprobe scan <target>, or mxprobe --help');
  if (name.startsWith('-')) return new UsageError(`${name} comes after the command: mxprobe scan <target> ${name}`);
  if (/[.:@]/.test(name))
    return new UsageError(`"${name}" is no command: to scan it, mxprobe scan ${[name, ...rest].join(' ')}`);
  const names = everyCommand.map((command) => command.name);
  return new UsageError(`"${name}" is no command${didYouMean(name, names, 'mxprobe ')}; mxprobe --help lists them`);
}
