import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed, type Sample, samplesOf } from './support/samples.ts';

const run = promisify(execFile);
const documents = ['.', 'docs'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);
const samples = documents.filter((name) => name.startsWith('docs/add-')).flatMap(samplesOf);

const folders = ['src', 'probes', 'test', 'docker', 'docs', 'examples', '.ci', '.github'];
const files = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'biome.json', 'vitest.config.ts', 'README.md'];

/** A copy of the sources in which every guide has been followed to the letter. */
let copy = '';

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'mxprobe-guides-'));
  for (const name of [...folders, ...files])
    await cp(name, join(copy, name), { recursive: true, filter: (path) => !path.includes('node_modules') });
  await symlink(resolve('node_modules'), join(copy, 'node_modules'));
  for (const sample of samples) await follow(sample);
}, 120_000);

afterAll(() => rm(copy, { recursive: true, force: true }));

async function follow(sample: Sample): Promise<void> {
  const file = join(copy, sample.path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, sample.changes ? changed(await readFile(file, 'utf8'), sample) : sample.text);
}

/** What a command says where it fails; nothing where it does not. */
const complaint = (command: string, ...args: string[]) =>
  run(join('node_modules', '.bin', command), args, { cwd: copy, env: outside }).then(
    () => '',
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );

/** A test run of its own knows nothing of this one. */
const outside = Object.fromEntries(
  Object.entries({ ...process.env, NO_COLOR: '1' }).filter(([name]) => !/^(VITEST|FORCE_COLOR)/.test(name)),
);

const paths = [...new Set(samples.map(({ path }) => path))];
const lookAtEverything = [
  'architecture',
  'registry',
  'readme',
  'unit/report/every-format',
  'unit/mta',
  'unit/verify',
].map((name) => `test/${name}`);

describe('who follows the guides to the letter', () => {
  test('has something to follow', () => expect(samples.length).toBeGreaterThan(0));

  test('has code that compiles', async () => expect(await complaint('tsc', '-p', 'tsconfig.json')).toBe(''), 300_000);

  test('has code in the form of this house', async () => {
    const sources = paths.filter((path) => /\.tsx?$/.test(path));
    expect(await complaint('biome', 'check', ...sources)).toBe('');
  }, 120_000);

  test('has tests that pass, and breaks none of those that look at everything', async () => {
    const written = paths.filter((path) => path.endsWith('.test.ts'));
    expect(await complaint('vitest', 'run', '--update=new', '--project', 'fast', ...lookAtEverything, ...written)).toBe(
      '',
    );
  }, 300_000);
});

describe.each(documents)('%s', (document) => {
  const text = readFileSync(document, 'utf8');

  test('links to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link.replace(/#.*$/, ''));
    const missing = links.filter(
      (link) => link !== '' && !/^https?:/.test(link) && !existsSync(join(dirname(document), link)),
    );
    expect(missing).toEqual([]);
  });

  // Outside a checkout npx would run whatever anybody publishes under this name.
  test('has nobody run what npx finds', () => expect(text).not.toMatch(/npx mxprobe|npm exec mxprobe/));

  test('links to headings that exist', () => {
    const links = [...text.matchAll(/\]\(([^)\s#]*)#([^)\s]+)\)/g)].map(([, path = '', heading = '']) => ({
      file: path === '' ? document : join(dirname(document), path),
      heading,
    }));
    const missing = links.filter(
      ({ file, heading }) => existsSync(file) && !headingsOf(readFileSync(file, 'utf8')).includes(heading),
    );
    expect(missing).toEqual([]);
  });

  test('names scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names files of the sources that exist', () => {
    const told = samples.filter((sample) => sample.document === document).map(({ path }) => path);
    const named = [...text.matchAll(/`((?:src|probes|test|docker|docs)\/[\w./-]*\w)`/g)].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(path) && !told.includes(path))).toEqual([]);
  });
});

/** The headings of a document as links call them. */
const headingsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\d _-]/gu, '')
      .replaceAll(' ', '-'),
  );
