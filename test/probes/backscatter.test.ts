import { describe, expect, test } from 'vitest';
import { backscatter } from '../../probes/backscatter.ts';
import { hello } from '../../probes/hello.ts';
import { openRelay } from '../../probes/open-relay.ts';
import { rcptOracle } from '../../probes/rcpt-oracle.ts';
import { mta } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';
import { data, denied, later, ok, round, scannerOf, unknown } from './recipients-data.ts';

const scanned = scannerOf(hello, openRelay, rcptOracle, backscatter);
const blocked = '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test';

const takesOutside = { phases: [{ openings: [{ rcpt: exchange('RCPT', ok) }] }] };
const guess = { domainGiven: false };

describe('backscatter judges', () => {
  test.each<[string, object, object | undefined, string]>([
    ['strangers refused', data([round({ known: ok, random: unknown, random2: unknown })]), undefined, 'pass'],
    ['strangers refused, no user known', data([round({ random: unknown, random2: unknown })]), undefined, 'pass'],
    [
      'OpenSMTPD, beside a user',
      data([round({ postmaster: ok, random: '550 Invalid recipient: <x@example.test>' })]),
      undefined,
      'pass',
    ],
    [
      'OpenSMTPD, no user known',
      data([round({ random: '550 Invalid recipient: <x@example.test>' })]),
      undefined,
      'inconclusive(prerequisite)',
    ],
    ['strangers taken', data([round({ known: ok, random: ok, random2: ok })]), undefined, 'fail'],
    ['strangers taken, at a guess of ours', data([round({ random: ok, random2: ok })], guess), undefined, 'fail'],
    [
      'everything taken, at a guess of ours',
      data([round({ random: ok, random2: ok })], guess),
      takesOutside,
      'inconclusive(prerequisite)',
    ],
    ['everything taken, at a domain named', data([round({ random: ok, random2: ok })]), takesOutside, 'fail'],
    [
      'strangers taken, seen from inside',
      data([round({ random: ok })], { vantage: 'trusted' }),
      undefined,
      'inconclusive(ambiguous)',
    ],
    ['two minds', data([round({ random: ok, random2: unknown })]), undefined, 'inconclusive(ambiguous)'],
    ['a domain of others', data([round({ known: denied, random: denied })]), undefined, 'inconclusive(prerequisite)'],
    ['greylisting', data([round({ known: later, random: later })]), undefined, 'inconclusive(greylisted)'],
    ['a block list', data([round({ known: blocked, random: blocked })]), undefined, 'inconclusive(client-blocked)'],
    [
      'an error over there',
      data([round({ random: '451 4.3.0 <x@example.test>: Temporary lookup failure' })]),
      undefined,
      'inconclusive(ambiguous)',
    ],
    ['no domain', data([round({ 'bare-postmaster': ok }, { domain: null })]), undefined, 'inconclusive(prerequisite)'],
  ])('%s', (_, seen, relay, expected) => {
    expect(said(judge(backscatter, null, { 'rcpt-oracle': seen, 'open-relay': relay }))).toBe(expected);
  });
});

describe('backscatter sees', () => {
  test('a server that takes any name, and claims no more than that', async () => {
    const { verdict, finding } = await scanned(
      mta().onRcpt(({ destination }) => (destination.outside === null ? ok : undefined)),
    );
    expect(verdict).toBe('fail');
    expect(finding).toMatchObject({ severity: 'low', measured: { answers: [ok, ok], vantage: 'loopback' } });
    expect(finding.because).toMatch(/catch-all, or bounces later.*seen from a loopback address/);
  });

  test('its clean twin', async () => {
    const { verdict, finding } = await scanned(mta());
    expect(verdict).toBe('pass');
    expect(finding.evidence[0]?.quote).toMatch(/^550 5\.1\.1 .*User unknown/);
  });

  test('no submission port', async () => {
    expect((await scanned(mta(), {}, { role: 'submission' })).verdict).toBe('not-applicable');
  });
});
