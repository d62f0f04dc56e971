import { describe, expect, test } from 'vitest';
import { hello } from '../../probes/hello.ts';
import { postmaster } from '../../probes/postmaster.ts';
import { rcptOracle } from '../../probes/rcpt-oracle.ts';
import { mta } from '../fakes/scripted-server.ts';
import { unknown as unknownUser } from '../fakes/stock-mta.ts';
import { judge, said } from './judged.ts';
import { data, denied, later, ok, round, scannerOf, unknown } from './recipients-data.ts';

const scanned = scannerOf(hello, rcptOracle, postmaster);
const blocked = '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test';

const names = (bare: string, named: string, abuse: string) =>
  data([round({ 'bare-postmaster': bare, postmaster: named, abuse })]);

describe('postmaster judges', () => {
  test.each<[string, object, string, string?]>([
    ['all taken', names(ok, ok, ok), 'pass'],
    ['postmaster unknown at the domain', names(ok, unknown, ok), 'fail'],
    [
      'postmaster without domain refused',
      names('501 5.1.3 postmaster: recipient address must contain a domain', ok, ok),
      'fail',
    ],
    ['postmaster without domain called a relay', names('550 I cannot deliver mail for <postmaster>', ok, ok), 'fail'],
    ['both refused', names(unknown, unknown, ok), 'fail'],
    ['only abuse refused', names(ok, ok, unknown), 'fail', 'info'],
    ['abuse put off', names(ok, ok, later), 'inconclusive(ambiguous)'],
    ['greylisting', names(later, later, later), 'inconclusive(greylisted)'],
    ['a block list', names(blocked, blocked, blocked), 'inconclusive(client-blocked)'],
    ['a domain of others', names(ok, denied, denied), 'inconclusive(prerequisite)'],
    ['soft bounces', names(ok, unknown.replace('550 5', '450 4'), ok), 'inconclusive(prerequisite)'],
    ['no domain', data([round({ 'bare-postmaster': ok }, { domain: null })]), 'inconclusive(prerequisite)'],
    [
      'a hang-up',
      data([round({}, { cut: { doubt: 'closed', because: 'gone', evidence: [] } })]),
      'inconclusive(closed)',
    ],
  ])('%s', (_, seen, expected, severity) => {
    const judgement = judge(postmaster, null, { 'rcpt-oracle': seen });
    expect(said(judgement)).toBe(expected);
    if (severity !== undefined) expect(judgement).toMatchObject({ severity });
  });
});

describe('postmaster sees', () => {
  test('a server without one', async () => {
    const server = mta().onRcpt(({ address }) =>
      address === 'postmaster@example.test' ? unknownUser(address) : undefined,
    );
    const { verdict, finding } = await scanned(server);
    expect(verdict).toBe('fail');
    expect(finding).toMatchObject({ severity: 'low', measured: { bare: 250, postmaster: 550, abuse: 250 } });
    expect(finding.because).toContain('<postmaster@example.test>');
  });

  test('its clean twin', async () => {
    const { verdict, finding } = await scanned(mta());
    expect(verdict).toBe('pass');
    expect(finding.evidence).toHaveLength(3);
  });

  test('no submission port', async () => {
    expect((await scanned(mta(), {}, { role: 'submission' })).verdict).toBe('not-applicable');
  });
});
