import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalogueMarkdown } from '../src/cli/catalogue.ts';
import { probes } from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('README', () => {
  test('holds the table of probes as the program prints it', () => {
    expect(readme, 'paste what `mxprobe probes --format markdown` prints').toContain(catalogueMarkdown(probes));
  });

  test('gives the two commands on its first screen', () => {
    const screen = readme.split('\n').slice(0, 24).join('\n');
    expect(screen).toContain('npm ci && npm run demo');
    expect(screen).toContain('npm ci && npm test');
  });

  test('names scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      scripts: object;
    };
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('CI runs the second command, and nothing else', () => {
    const ci = readFileSync(new URL('../.ci/run', import.meta.url), 'utf8');
    expect(ci.split('\n').filter((line) => /^(npm|bash|docker|apt)/.test(line))).toEqual(['npm ci && npm test']);
  });
});
