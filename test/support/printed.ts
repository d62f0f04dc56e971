import { readFileSync } from 'node:fs';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/**
 * A block of the README as it is printed there, found by what its first line says: `// check.ts`, `# .gitlab-ci.yml`. Throws where there is
 * none, or more than one.
 */
export function printed(title: string): string {
  const blocks = [...readme.matchAll(/^```\w*\n((?:\/\/|#) .*\n)([\s\S]*?)^```$/gm)];
  const found = blocks.filter(([, first]) => first?.replace(/^(\/\/|#) /, '').trim() === title);
  if (found.length !== 1) throw new Error(`the README has ${found.length} blocks that begin with "${title}"`);
  return `${found[0]?.[1]}${found[0]?.[2]}`;
}
