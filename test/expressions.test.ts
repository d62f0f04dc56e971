import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expressionsOf, slowestOf } from './support/expressions.ts';

const files = ['src', 'probes'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `${folder}/${file}`),
);
const expressions = files.flatMap((file) =>
  expressionsOf(file, readFileSync(file, 'utf8')).map((says) => [file, says] as const),
);

describe('no expression takes more than 50 ms on 64 kB of a text made against it', () => {
  it('all of them are looked at', () => {
    const shown = files.reduce(
      (sum, file) => sum + (readFileSync(file, 'utf8').match(/\bnew RegExp\(/g)?.length ?? 0),
      0,
    );
    expect(shown).toBeGreaterThan(2);
    expect(expressions.length).toBeGreaterThan(600);
  });

  it.each(expressions)('%s: %s', (_file, says) => {
    const slow = slowestOf(says);
    expect(slow.milliseconds, JSON.stringify(slow)).toBeLessThanOrEqual(50);
  });

  it.each([
    ['const slow = /a.*c/;', 'a.*c'],
    ['const slow = /^(?:a+)+$/;', '^(?:a+)+$'],
    ['const slow = text.replace(/ +$/gm, "");', ' +$'],
    ['const slow = text.split(/\\s*\\n/);', '\\s*\\n'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a program.
    ['const slow = new RegExp(`${word}.*x`);', 'hole.*x'],
    ['const slow = (word: string) => /<[^>]*>$/.test(word);', '<[^>]*>$'],
  ])('one that does is found: %s', (source, pattern) => {
    const [says = /never/] = expressionsOf('planted.ts', source);
    expect(says.source).toBe(pattern);
    expect(slowestOf(says).milliseconds).toBeGreaterThan(50);
  });
});
