/**
 * Makes of the modules that tsc has compiled what is published: the program and the library as few files, so that Node
 * finds and reads a tenth as many, and of the declarations those that users of the library can reach. Packages stay
 * packages.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

const entries = { 'src/cli/main': 'dist/src/cli/main.js', 'src/index': 'dist/src/index.js' };

const bundle = await rolldown({ input: entries, external: /^[^./]/, platform: 'node' });
const { output } = await bundle.generate({ format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' });
await bundle.close();

const declarations = reachable('dist/src/index.d.ts');
for (const path of readdirSync('dist', { recursive: true }).map((name) => join('dist', name)))
  if (/\.js$/.test(path) || (/\.d\.ts$/.test(path) && !declarations.has(path))) rmSync(path);
for (const { fileName, code } of output) {
  mkdirSync(dirname(join('dist', fileName)), { recursive: true });
  writeFileSync(join('dist', fileName), code);
}

/** A file of declarations, and all that it refers to. */
function reachable(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, name] of readFileSync(path, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)) {
    const next = join(dirname(path), name).replace(/\.[jt]sx?$/, '.d.ts');
    if (existsSync(next)) reachable(next, found);
  }
  return found;
}
