import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log, Result } from 'sarif';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probes } from '../../../src/index.ts';
import { toSarif } from '../../../src/report/sarif.ts';
import { endpointReport, finding, report } from './handmade.ts';
import { attacks, domainsSaying, reportSaying } from './hostile.ts';

const require = createRequire(import.meta.url);
const multitool: string = require('@microsoft/sarif-multitool');
const run = promisify(execFile);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mxprobe-sarif-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * Notes that say what a scan of a server cannot have, or would be worse for: message ids (2002), the commit scanned
 * (2003), pages that a machine without Internet cannot reach (2006), rule ids as numbers (2009), lines around the quote
 * (2011).
 */
const beside = /note SARIF20(02|03|06|09|11):/;

/**
 * What Microsoft's validator has to say of a log: the rules of the format and those of GitHub's code scanning, down to
 * notes.
 */
async function complaints(text: string): Promise<string[]> {
  const file = join(folder, `${Math.random()}.sarif`);
  await writeFile(file, text);
  const rules = ['--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning;Note'];
  // .NET wants a library for locales that small systems have not; nothing here is sorted or spelt.
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };
  const { stdout } = await run(multitool, ['validate', file, ...rules], { env });
  expect(stdout).toContain('Analysis completed successfully');
  return stdout.split('\n').filter((line) => /: (error|warning|note) /.test(line) && !beside.test(line));
}

const parsed = (text: string): Log => JSON.parse(text);
const resultsIn = (log: Log): readonly Result[] => log.runs[0]?.results ?? [];

describe("Microsoft's validator", () => {
  test('finds nothing to say of every verdict, two endpoints and hostile words', async () => {
    expect(await complaints(toSarif(reportSaying(attacks.join(' ')), probes))).toEqual([]);
    expect(await complaints(toSarif(domainsSaying(attacks.join(' ')), probes))).toEqual([]);
  });

  test('nor of all rules, nor of an empty report', async () => {
    const all = probes.map(({ id }) => finding(id, 'fail'));
    expect(await complaints(toSarif(report([endpointReport(all)]), probes))).toEqual([]);
    expect(await complaints(toSarif(report([]), probes))).toEqual([]);
  });

  test.each<[string, (log: Log) => unknown, RegExp]>([
    [
      'a rule index that leads nowhere',
      (log) => Object.assign(resultsIn(log)[0] ?? {}, { ruleIndex: 999 }),
      /error SARIF1/,
    ],
    ['a field of our own', (log) => Object.assign(resultsIn(log)[0] ?? {}, { verdict: 'fail' }), /error JSON1005/],
    ['no location', (log) => Object.assign(resultsIn(log)[0] ?? {}, { locations: [] }), /GH1/],
    ['no rules', (log) => Object.assign(log.runs[0]?.tool.driver ?? {}, { rules: [] }), /SARIF|GH/],
  ])('sees a planted defect: %s', async (_, plant, expected) => {
    const log = parsed(toSarif(reportSaying('250 ok'), probes));
    plant(log);
    expect((await complaints(JSON.stringify(log))).join('\n')).toMatch(expected);
  });
});

/** The validator does not mind words that are not in a list of the schema; the schema does. */
describe('the schema', () => {
  const schema: object = require(join(dirname(multitool), 'sarif-2.1.0.json'));
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

  test('is met', () => {
    for (const attack of attacks) {
      expect(validate(parsed(toSarif(domainsSaying(attack), probes))), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  test('sees a level that is none', () => {
    const log = parsed(toSarif(reportSaying('250 ok'), probes));
    Object.assign(resultsIn(log)[0] ?? {}, { level: 'bad' });
    expect(validate(log)).toBe(false);
  });
});

describe('results', () => {
  const log = parsed(toSarif(reportSaying('250 [a](https://evil.example/) {0}'), probes));
  const results = resultsIn(log);

  test('are fails with their level, and open questions; nothing that GitHub would raise a false alert for', () => {
    expect(results.map(({ ruleId, kind, level }) => [ruleId, kind, level])).toEqual([
      ['open-relay', 'fail', 'error'],
      ['auth-weak', 'fail', 'warning'],
      ['vrfy', 'open', 'none'],
      ['expn', 'open', 'none'],
      ['hello', 'fail', 'error'],
    ]);
  });

  test('are known again from scan to scan', () => {
    const [first] = reportSaying('').endpoints;
    const { fingerprint } = first?.findings[0] ?? {};
    expect(results[0]?.partialFingerprints).toEqual({
      'mxprobe/v1': fingerprint,
      primaryLocationLineHash: `${fingerprint}:1`,
    });
  });

  test('stand at a path that GitHub takes, with the exact quote', () => {
    const [ours, implicit] = [results[0], results[4]].map((result) => result?.locations?.[0]);
    expect(ours?.physicalLocation?.artifactLocation?.uri).toBe('mx1.example.com/192.0.2.1/25');
    expect(ours?.physicalLocation?.region?.snippet?.text).toBe('250 [a](https://evil.example/) {0}');
    expect(implicit?.physicalLocation?.artifactLocation?.uri).toBe('mx2.example.com/2001%3Adb8%3A%3A2/465');
    expect(implicit?.logicalLocations?.[0]?.fullyQualifiedName).toBe('smtps://mx2.example.com/[2001:db8::2]:465');
  });

  test('hold no link and no argument of a server in their message', () => {
    expect(results[0]?.message.text).toContain('250 [a] (https://evil.example/) { 0}');
  });
});

test('what the policy waives is a suppressed result, and the validator has nothing to say of it', async () => {
  const waived = { until: '2026-12-31', reason: 'known, {0} [x](y)' };
  const findings = [
    finding('open-relay', 'fail', { severity: 'critical', waived }),
    finding('vrfy', 'inconclusive', { doubt: 'timeout', mustTell: true }),
  ];
  const text = toSarif(report([endpointReport(findings)]), probes);
  expect(await complaints(text)).toEqual([]);
  expect(resultsIn(parsed(text))).toMatchObject([
    {
      kind: 'fail',
      level: 'error',
      suppressions: [{ kind: 'external', status: 'accepted', justification: 'until 2026-12-31: known, {0} [x](y)' }],
    },
    { kind: 'open', level: 'none' },
  ]);
});

test('a report of another catalogue has its rules all the same', () => {
  const [sarif] = parsed(toSarif(report([endpointReport([finding('my-own', 'fail')])]), [])).runs;
  expect(sarif?.tool.driver.rules).toMatchObject([{ id: 'my-own', name: 'SmtpMyOwn' }]);
  expect(sarif?.results).toMatchObject([{ ruleId: 'my-own', ruleIndex: 0 }]);
});

test('rules have help with fixes, a level, and the score that GitHub reads', () => {
  const log = parsed(toSarif(reportSaying('x'), probes));
  const rule = log.runs[0]?.tool.driver.rules?.find(({ id }) => id === 'open-relay');
  expect(rule?.defaultConfiguration?.level).toBe('error');
  expect(Number(rule?.properties?.['security-severity'])).toBeGreaterThan(9);
  expect(rule?.help?.text).toContain('Fix for Postfix:\n  ');
  expect(rule?.help?.markdown).toMatch(/### Fix for Postfix\n\n```\n/);
  expect(rule?.helpUri).toMatch(/^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+$/);
});

test('the run tells its exit code, its category, and what went wrong with the scan itself', () => {
  const [sarif] = parsed(toSarif(reportSaying('x'), probes)).runs;
  const [invocation] = sarif?.invocations ?? [];
  expect(sarif?.automationDetails?.id).toMatch(/^mxprobe\/example\.com,nowhere\.example\/2026-/);
  expect(invocation).toMatchObject({ executionSuccessful: false, exitCode: 3 });
  expect(invocation?.toolExecutionNotifications?.map(({ level, message }) => [level, message.text])).toEqual([
    ['error', expect.stringContaining('tls-version broke down for a bug of ours')],
    ['warning', expect.stringContaining('nowhere.example led to no server')],
  ]);
});
