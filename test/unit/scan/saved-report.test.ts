import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { judgeAgain, probes, type Report, readReport, UsageError } from '../../../src/index.ts';
import { scanServer } from '../../fakes/scan-server.ts';
import { mta } from '../../fakes/scripted-server.ts';
import { renderAll } from '../../support/every-report.ts';

let open: Report;

beforeAll(async () => {
  await using server = await mta()
    .relaysWhen(() => true)
    .start();
  open = await scanServer(server);
});

const read = async (value: unknown) => await readReport(JSON.stringify(value));
const problemOf = async (value: unknown): Promise<string | null> =>
  await read(value).then(
    () => null,
    (error: unknown) => (error instanceof UsageError ? error.message : `no UsageError: ${String(error)}`),
  );

/** The same with one value put in the place of another. */
function changed(value: unknown, [step, ...rest]: readonly (string | number)[], put: unknown): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value)) return value.map((one, index) => (index === step ? changed(one, rest, put) : one));
  const fields = value as Record<string, unknown>;
  return { ...fields, [step]: changed(fields[step], rest, put) };
}

function pathsOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.slice(0, 3).flatMap((one, index) => pathsOf(one, [...path, index]))
    : Object.entries(value).flatMap(([name, one]) => pathsOf(one, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

describe('a saved report', () => {
  test('is read as it was written', async () => {
    expect(await read(open)).toEqual(JSON.parse(JSON.stringify(open)));
  });

  test.each<[string, (string | number)[], unknown, string]>([
    [
      'a severity',
      ['endpoints', 0, 'findings', 0, 'severity'],
      'hihg',
      'endpoints[0].findings[0].severity is not right',
    ],
    ['a verdict', ['endpoints', 0, 'findings', 2, 'verdict'], undefined, 'endpoints[0].findings[2].verdict is missing'],
    ['a port', ['endpoints', 0, 'port'], '25', 'endpoints[0].port is not right'],
    [
      'what a probe saw',
      ['endpoints', 0, 'observations', 'hello', 'greeting', 'code'],
      'x',
      'endpoints[0].observations.hello.greeting.code is not right',
    ],
    ['all of it', [], 7, 'the report is not right'],
  ])('%s that is wrong is named by its path', async (_, path, put, problem) => {
    expect(await problemOf(changed(open, path, put))).toContain(`is damaged: ${problem}`);
  });

  test('with additions of a later version goes on working, and keeps them', async () => {
    const later = changed(open, ['endpoints', 0, 'findings', 0, 'weather'], { rain: true });
    expect(await read(later)).toHaveProperty('endpoints.0.findings.0.weather', { rain: true });
  });

  test('without the observation of a probe keeps what others made of it', async () => {
    const again = judgeAgain(await read(changed(open, ['endpoints', 0, 'observations', 'starttls-works'], undefined)));
    const errors = again.endpoints.flatMap(({ findings }) => findings.filter(({ verdict }) => verdict === 'error'));
    expect(errors).toEqual([]);
  });

  test('with any one field changed is refused by its path, or judged and printed without a bug of ours', async () => {
    const described = new Set(probes.flatMap(({ id, data }) => (data === null ? [] : [id])));
    const paths = pathsOf(JSON.parse(JSON.stringify(open))).filter(
      ([, , part, id]) => part !== 'observations' || described.has(String(id)),
    );
    const other = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>(undefined, -1, 1e308, '', '__proto__'),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), other, async (path, put) => {
        const broken = changed(JSON.parse(JSON.stringify(open)), path, put);
        const report = await read(broken).catch((error: unknown) => {
          if (!(error instanceof UsageError)) throw error;
          expect(error.message).toMatch(/^is damaged: [^\n]+$/);
          return null;
        });
        if (report === null) return;
        const again = judgeAgain(report);
        expect(
          again.endpoints.flatMap(({ findings }) => findings.filter(({ verdict }) => verdict === 'error')),
        ).toEqual([]);
        for (const text of await renderAll(again, probes)) expect(text.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });
});
