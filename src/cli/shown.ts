import { UsageError } from '../model/usage-error.ts';
import type { TerminalOptions } from '../report/terminal.ts';
import type { CommandLine } from './arguments.ts';

/** How much of a report the terminal shows. */
export type Shown = Pick<TerminalOptions, 'transcript' | 'detail' | 'more' | 'exits'>;

/** Reads `--quiet`, `--verbose` and `--transcript`. Throws `UsageError`. */
export function readShown(given: CommandLine): Shown {
  const [quiet, verbose, transcript] = ['quiet', 'verbose', 'transcript'].map((option) => given.has(option));
  if (quiet && (verbose || transcript))
    throw new UsageError(`--quiet and --${verbose ? 'verbose' : 'transcript'} exclude each other: leave one out`);
  return {
    transcript: transcript === true,
    detail: quiet ? 'quiet' : verbose ? 'verbose' : 'usual',
    ...(verbose ? {} : { more: `${given.line.replace(/ --quiet\b/, '')} ${quiet ? '' : '--verbose'}`.trimEnd() }),
  };
}
