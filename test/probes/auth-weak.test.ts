import { describe, expect, test } from 'vitest';
import { authWeak } from '../../probes/auth-weak.ts';
import { defaultPolicy } from '../../src/index.ts';
import { findingOf } from '../fakes/scan-server.ts';
import { authMta, notEnabled, ntlmChallenge, phaseOf, scanAuth, takes } from '../unit/kit/auth/auth-server.ts';

const bare = '250-mx\n250 STARTTLS';
const listing = (mechanisms: string) => `250-mx\n250 AUTH ${mechanisms}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

function judge(ehlo: string, answers: Record<string, string>) {
  const clear = { role: 'mx', kind: 'asked', phase: phaseOf(bare, { PLAIN: notEnabled }) };
  const inside = { role: 'mx', kind: 'asked', before: [], phase: phaseOf(ehlo, answers, { tls: true }) };
  return authWeak.judge(null, { 'auth-before-tls': clear, 'auth-after-tls': inside }, defaultPolicy);
}

describe('judge', () => {
  test('fail, with what the challenges tell', () => {
    const judgement = judge(listing('PLAIN NTLM DIGEST-MD5 CRAM-MD5'), {
      NTLM: `334 ${ntlmChallenge}`,
      'DIGEST-MD5': `334 ${base64('realm="example.test",nonce="x"')}`,
      'CRAM-MD5': `334 ${base64('<1.2@inner.example.test>')}`,
    });
    expect(judgement).toMatchObject({
      verdict: 'fail',
      measured: {
        weak: ['NTLM', 'DIGEST-MD5', 'CRAM-MD5'],
        realm: 'example.test',
        challengeHost: 'inner.example.test',
      },
    });
    expect('measured' in judgement ? judgement.measured?.ntlm : []).toContain('OS version: 10.0.17763');
  });
  test('fail: listed is enough', () => {
    expect(judge(listing('CRAM-MD5'), { PLAIN: '454 4.7.0 down' })).toMatchObject({
      verdict: 'fail',
      measured: { realm: null },
    });
  });
  test('pass: GSSAPI and SCRAM are none of them', () => {
    expect(judge(listing('GSSAPI SCRAM-SHA-256 PLAIN'), {})).toMatchObject({
      verdict: 'pass',
      evidence: [{}, { quote: '250 AUTH GSSAPI SCRAM-SHA-256 PLAIN' }],
    });
  });
  test('pass: no AUTH at all', () => {
    expect(judge(bare, { PLAIN: notEnabled }).verdict).toBe('pass');
  });
  test('inconclusive: no list, back end down', () => {
    expect(judge(bare, { PLAIN: '454 4.7.0 Temporary failure' })).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'ambiguous',
    });
  });
});

test('NTLM on the wire tells of the inside; its clean twin does not offer it', async () => {
  const answer = (mechanism: string) =>
    mechanism === 'NTLM' ? '334 ntlm supported' : '504 5.7.4 Unrecognized authentication type';
  await using flawed = await authMta({ list: { tls: ['AUTH NTLM'] }, answer }).start();
  const report = await scanAuth(flawed, 'mx');
  const finding = findingOf(report, 'auth-weak');
  expect(finding).toMatchObject({ verdict: 'fail', severity: 'low' });
  expect(finding.measured?.ntlm).toEqual([
    'target: EXAMPLE',
    'NetBIOS computer: DC1',
    'NetBIOS domain: EXAMPLE',
    'DNS computer: dc1.corp.example.test',
    'DNS domain: corp.example.test',
    'DNS tree: example.test',
    'OS version: 10.0.17763',
    'time: 2026-01-02T03:04:05.000Z',
  ]);
  const ours = report.endpoints[0]?.sessions.flatMap(({ events }) =>
    events.flatMap(({ from, text }) => (from === 'us' ? [text] : [])),
  );
  expect(ours).toContain('<NTLM opening, without a name>');
  expect(ours?.join()).not.toContain('TlRMTVNTUAAB');

  await using clean = await authMta({ list: { tls: ['AUTH PLAIN'] }, answer: takes('PLAIN') }).start();
  expect(findingOf(await scanAuth(clean, 'mx'), 'auth-weak').verdict).toBe('pass');
});
