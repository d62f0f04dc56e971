import { complain, misused, say, wordsOf } from './complain.ts';
import type { Io } from './io.ts';

/**
 * Runs one command line, without the program's name, and gives the exit code. Never throws. What did not arrive on
 * stdout is no success.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const code = await answered(argv, io);
  const lost = await io.stdout.lost();
  if (lost === null) return code;
  say(`standard output cannot be written: ${lost}`, io);
  return misused;
}

async function answered(argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === '--version' || argv[0] === '-V') {
    // It is what installers and monitors ask first and most: nothing heavy is loaded for it.
    io.stdout.write(`${io.version}\n`);
    return 0;
  }
  try {
    return await (await import('./dispatch.ts')).dispatch(argv, io);
  } catch (error) {
    const code = complain(error, io);
    const { isForMonitor } = await import('./destinations.ts');
    if (isForMonitor(argv)) io.stdout.write((await import('../report/nagios.ts')).unknownLine(wordsOf(error)));
    return code;
  }
}
