import { readFileSync } from 'node:fs';

/**
 * A block of code in a document. Its first line is `// path`; a `diff` block changes that file, any other is the whole
 * of it.
 */
export interface Sample {
  readonly document: string;
  readonly path: string;
  readonly changes: boolean;
  readonly text: string;
}

/**
 * The blocks of TypeScript and the changes that a document holds, in their order. Throws where one does not say which
 * file it is.
 */
export function samplesOf(document: string): Sample[] {
  const blocks = readFileSync(document, 'utf8').matchAll(/^```(ts|tsx|diff)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, language, block = '']) => {
    const [, path, text] = /^\/\/ (\S+)\n([\s\S]*)$/.exec(block) ?? [];
    if (path === undefined || text === undefined) throw new Error(`${document}: no "// path" above\n${block}`);
    return { document, path, changes: language === 'diff', text };
  });
}

/** A file after the change that a `diff` block shows. The lines that stay must stand in it once. */
export function changed(before: string, { document, path, text }: Sample): string {
  const lines = text.trimEnd().split('\n');
  const side = (other: string) =>
    lines
      .filter((line) => !line.startsWith(other))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const places = before.split(side('+'));
  if (places.length !== 2) throw new Error(`${document}: its change finds ${places.length - 1} places in ${path}`);
  return places.join(side('-'));
}
