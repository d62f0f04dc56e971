import { readFileSync } from 'node:fs';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/**
 * A block of the README as it is printed there, found by the title that is its first comment: `// check.ts`, `#
 * .gitlab-ci.yml`; a script has it below its `#!`. Throws where there is none, or more than one.
 */
export function printed(title: string): string {
  const blocks = [...readme.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  const found = blocks.filter((block) => titleOf(block) === title);
  if (found.length !== 1) throw new Error(`the README has ${found.length} blocks that begin with "${title}"`);
  return found[0] ?? '';
}

const titleOf = (block: string): string | undefined => /^(?:#!.*\n)?(?:\/\/|#) (.*)\n/.exec(block)?.[1];
