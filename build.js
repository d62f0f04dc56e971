/**
 * Makes of the modules that tsc has compiled what is published: the program and the library as few files, so that Node
 * finds and reads a tenth as many, and of the declarations those that users of the library can reach. Packages that
 * package.json does not name as dependencies go in, with what their licences ask for; the others stay packages.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { rolldown } from 'rolldown';

const entries = { 'src/cli/main': 'dist/src/cli/main.js', 'src/index': 'dist/src/index.js' };
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const packages = Object.keys(dependencies);

/** Source asks `createRequire` for a package that few scans need; here that is code like any other, run when asked. */
const required = {
  name: 'required',
  transform: (code) => code.replace(/\bcreateRequire\(import\.meta\.url\)(?=\(')/g, 'require'),
};

const bundle = await rolldown({
  input: entries,
  external: (id) => id.startsWith('node:') || packages.includes(id),
  platform: 'node',
  plugins: [required],
});
const { output } = await bundle.generate({ format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' });
await bundle.close();

const declarations = reachable('dist/src/index.d.ts');
for (const path of readdirSync('dist', { recursive: true }).map((name) => join('dist', name)))
  if (/\.js$/.test(path) || (/\.d\.ts$/.test(path) && !declarations.has(path))) rmSync(path);
for (const [path, text] of declarations) write(path, text);
for (const { fileName, code } of output) write(join('dist', fileName), code);
write('dist/licences.txt', licences().join(`\n${'-'.repeat(72)}\n\n`));

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/**
 * A file of declarations, and all that it refers to: where each goes, and its text. Those of a package that goes in
 * stand below `dist/types`.
 */
function reachable(path, found = new Map(), place = path) {
  if (found.has(place)) return found;
  found.set(place, '');
  const text = readFileSync(path, 'utf8').replaceAll(
    /(from |import\()(['"])([^'"]+)\2/g,
    (whole, before, quote, name) => {
      const inside = name.startsWith('.');
      if (!inside && (name.startsWith('node:') || packages.includes(name))) return whole;
      const next = inside
        ? join(dirname(path), name).replace(/\.[jt]sx?$/, '.d.ts')
        : `node_modules/${name}/index.d.ts`;
      if (!existsSync(next)) return whole;
      const nextPlace = next.replace(/^node_modules/, 'dist/types');
      reachable(next, found, nextPlace);
      const way = relative(dirname(place), nextPlace).replace(/\.d\.ts$/, '.js');
      return `${before}${quote}${way.startsWith('.') ? way : `./${way}`}${quote}`;
    },
  );
  return found.set(place, text);
}

/** Of each package that goes in: its name and version, and the licence that it comes with. */
function licences() {
  const files = output.flatMap(({ moduleIds = [] }) => moduleIds);
  const folders = files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? `${license}\n` : readFileSync(join(folder, file), 'utf8');
    return `${name} ${version}\n\n${text}`;
  });
}
