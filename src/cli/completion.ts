import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import { readArguments, type Usage } from './arguments.ts';
import { candidates } from './complete.ts';
import { scripts, shells } from './completion-scripts.ts';
import type { Io } from './io.ts';

export const usage: Usage = {
  command: 'completion',
  words: '<shell>',
  values: shells,
  about: `Prints a script that completes mxprobe's commands, options and their values: for ${shells.join(', ')}.`,
  options: {},
  examples: [
    ['$0 bash > ~/.local/share/bash-completion/completions/mxprobe', 'bash with bash-completion'],
    ['$0 zsh > ~/.zfunc/_mxprobe', 'zsh, in a folder of its fpath'],
    ['$0 fish > ~/.config/fish/completions/mxprobe.fish', 'fish'],
  ],
};

/**
 * `mxprobe completion`. The scripts ask back with `completion words <word>...`, the last of which is the one to complete: one candidate a
 * line, with a tab and what it is about.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === 'words') {
    io.stdout.write(await candidates(argv.slice(1), io));
    return 0;
  }
  const read = await readArguments(usage, argv, io.stdout.width);
  if (read.kind === 'help') {
    io.stdout.write(read.text);
    return 0;
  }
  const [shell, ...others] = read.words;
  if (shell === undefined || others.length > 0) {
    throw new UsageError(`completion takes one shell: mxprobe completion ${shells.join(', or ')}`);
  }
  const known = shells.find((name) => name === shell);
  if (known === undefined) {
    throw new UsageError(
      `"${shell}" is no shell that is known here${didYouMean(shell, shells)}; there are ${shells.join(', ')}`,
    );
  }
  io.stdout.write(scripts[known]);
  return 0;
}
