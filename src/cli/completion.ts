import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import { printing } from './command.ts';
import { scripts, shells } from './completion-scripts.ts';
import type { Usage } from './usage.ts';

const usage: Usage = {
  words: '<shell>',
  values: shells,
  about: `Prints a script that completes mxprobe's commands, options and their values: for ${shells.join(', ')}.`,
  options: {},
  examples: [
    ['bash > ~/.local/share/bash-completion/completions/mxprobe', 'bash with bash-completion'],
    ['zsh > ~/.zfunc/_mxprobe', 'zsh, in a folder of its fpath'],
    ['fish > ~/.config/fish/completions/mxprobe.fish', 'fish'],
  ],
};

/** `mxprobe completion`. The scripts ask back with `completion words <word>...` (`candidates`). */
export const command = printing(usage, ({ words: [shell, ...others] }) => {
  if (shell === undefined || others.length > 0) {
    throw new UsageError(`completion takes one shell: mxprobe completion ${shells.join(', or ')}`);
  }
  const known = shells.find((name) => name === shell);
  if (known !== undefined) return scripts[known];
  throw new UsageError(
    `"${shell}" is no shell that is known here${didYouMean(shell, shells)}; there are ${shells.join(', ')}`,
  );
});
