import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { probes } from '../probes/index.ts';
import { isAboutDomain, type Probe } from '../src/kit/domain-probe.ts';
import { safeties, severities } from '../src/model/judgement.ts';

/** `vrfy`, `domain/mx`: a file each, below probes and, with the ending of a test, below test/probes. */
const filesBelow = (root: string, ending: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.endsWith('index.ts'))
    .map((file) => file.slice(0, -ending.length));
const files = filesBelow('probes', '.ts');
const idOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
const ids = probes.map(({ id }) => id);

describe('the catalogue', () => {
  test('holds each probe once', () => {
    expect(ids).toEqual([...new Set(ids)]);
  });

  test.each(files)('%s: file name, id and place in the catalogue agree', async (file) => {
    const exported = Object.values(
      (await import(/* @vite-ignore */ new URL(`../probes/${file}.ts`, import.meta.url).href)) as Record<
        string,
        unknown
      >,
    );
    const defined = exported.filter(
      (one) => one !== null && typeof one === 'object' && 'observe' in one && 'judge' in one,
    ) as Probe[];
    expect(defined.map(({ id }) => id)).toEqual([idOf(file)]);
    expect(defined.map(isAboutDomain)).toEqual([file.startsWith('domain/')]);
    expect(probes).toContain(defined[0]);
  });

  test.each(files)('%s has a test of its name', (file) => {
    expect(existsSync(`test/probes/${file}.test.ts`)).toBe(true);
  });

  test('has no probe without a file, and no test without a probe', () => {
    expect(ids.filter((id) => !files.map(idOf).includes(id))).toEqual([]);
    expect(filesBelow('test/probes', '.test.ts').filter((file) => !files.includes(file))).toEqual([]);
  });
});

describe.each(probes.map((probe) => [probe.id, probe] as const))('%s', (_, probe) => {
  test('says what it asks, why, how it is judged, by which RFC, and how to mend it', () => {
    expect(probe.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(probe.question).toMatch(/^[A-Z].*\?$/);
    expect(probe.why.trim()).toMatch(/\.$/);
    expect(probe.judged.trim()).toMatch(/\.$/);
    expect(probe.refs.length).toBeGreaterThan(0);
    for (const ref of probe.refs) expect(ref.trim()).not.toBe('');
    const lines = Object.values(probe.fix).flat();
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line?.trim()).not.toBe('');
    expect(severities).toContain(probe.severity);
    expect(probe.weighs, 'why a fail weighs what it does').toMatch(/^[A-Z].*\.$/);
    expect(safeties).toContain(probe.safety);
  });

  test('stands below the probes that it needs', () => {
    for (const needed of [...probe.needs, ...probe.wants]) {
      expect(ids.indexOf(needed), needed).toBeGreaterThanOrEqual(0);
      expect(ids.indexOf(needed), needed).toBeLessThan(ids.indexOf(probe.id));
    }
  });

  test('describes what it observes, or observes nothing', () => expect(probe.data).not.toBeNull());

  test('needs nothing louder than itself', () => {
    for (const needed of probe.needs) {
      const other = probes.find(({ id }) => id === needed);
      expect(safeties.indexOf(other?.safety ?? 'load')).toBeLessThanOrEqual(safeties.indexOf(probe.safety));
    }
  });
});
