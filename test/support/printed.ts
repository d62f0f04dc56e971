import { readdirSync, readFileSync } from 'node:fs';

/** What users read: the README and the documents, by path. */
export const documents: ReadonlyMap<string, string> = new Map(
  ['README.md', ...readdirSync(new URL('../../docs', import.meta.url)).map((name) => `docs/${name}`)]
    .filter((path) => path.endsWith('.md'))
    .map((path) => [path, readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')]),
);

/** Every block of code in them, as it is printed there. */
export const blocks: readonly string[] = [...documents.values()].flatMap((text) =>
  [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block),
);

/**
 * A block as it is printed, found by the title that is its first comment: `// check.ts`, `# .gitlab-ci.yml`; a script
 * has it below its `#!`. Throws where there is none, or more than one.
 */
export function printed(title: string): string {
  const found = blocks.filter((block) => titleOf(block) === title);
  if (found.length !== 1) throw new Error(`the documents have ${found.length} blocks that begin with "${title}"`);
  return found[0] ?? '';
}

const titleOf = (block: string): string | undefined => /^(?:#!.*\n)?(?:\/\/|#) (.*)\n/.exec(block)?.[1];
