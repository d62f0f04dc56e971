import { commands, helpText, unknownCommand } from './commands.ts';
import { complain, wordsOf } from './complain.ts';
import { isForMonitor } from './destinations.ts';
import type { Io } from './io.ts';

/** Runs one command line, without the program's name, and gives the exit code. Never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    const code = complain(error, io);
    if (isForMonitor(argv)) io.stdout.write((await import('../report/nagios.ts')).unknownLine(wordsOf(error)));
    return code;
  }
}

async function dispatch([name, ...rest]: readonly string[], io: Io): Promise<number> {
  if (name === '--help' || name === '-h') return print(helpText(), io);
  if (name === '--version') return print(`${io.version}\n`, io);
  const command = commands.find((entry) => entry.name === name);
  if (command === undefined) throw unknownCommand(name, rest);
  const { run: runCommand } = await command.load();
  return runCommand(rest, io);
}

function print(text: string, { stdout }: Io): number {
  stdout.write(text);
  return 0;
}
