import { describe, expect, test } from 'vitest';
import { hello } from '../../probes/hello.ts';
import { ownDomainSpoof } from '../../probes/own-domain-spoof.ts';
import { rcptOracle } from '../../probes/rcpt-oracle.ts';
import { mta } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';
import { data, denied, later, ok, round, scannerOf, unknown } from './recipients-data.ts';

const scanned = scannerOf(hello, rcptOracle, ownDomainSpoof);
const blocked = '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test';

const own = (mail: string, rcpt: string | null, sender = 'known@example.test') => ({
  ...{ sender, recipient: 'known@example.test', mail: exchange('MAIL', mail) },
  rcpt: rcpt === null ? null : exchange('RCPT', rcpt),
});
const notIn = '553 5.7.1 <known@example.test>: Sender address rejected: not logged in';
const other = 'postmaster@example.test';
const seen = (control: string, ...ownSenders: readonly object[]) => data([round({ known: control }, { ownSenders })]);

describe('own-domain-spoof judges', () => {
  test.each<[string, object, string]>([
    ['taken', seen(ok, own(ok, ok)), 'fail'],
    ['refused at MAIL', seen(ok, own(notIn, '503 5.5.1 Error: need MAIL command')), 'pass'],
    ['refused at RCPT', seen(ok, own(ok, notIn)), 'pass'],
    [
      'refused by SPF',
      seen(ok, own(ok, '550 5.7.23 <known@example.test>: Recipient address rejected: SPF fail')),
      'pass',
    ],
    ['AUTH asked for', seen(ok, own('530 5.7.0 Authentication required', null)), 'pass'],
    ['refused in words of its own', seen(ok, own(ok, '550 go and log in')), 'pass'],
    ['one sender taken, one refused', seen(ok, own(notIn, null), own(ok, ok, other)), 'fail'],
    ['put off', seen(ok, own(ok, later)), 'inconclusive(greylisted)'],
    ['an error over there', seen(ok, own(ok, '451 4.3.0 Temporary lookup failure')), 'inconclusive(ambiguous)'],
    ['the control refused just the same', seen(unknown, own(ok, unknown)), 'inconclusive(prerequisite)'],
    ['a domain of others', seen(denied, own(ok, denied)), 'inconclusive(prerequisite)'],
    ['a block list', seen(blocked, own(ok, blocked)), 'inconclusive(client-blocked)'],
    [
      'not asked any more',
      data([round({ known: ok }, { cut: { doubt: 'closed', because: 'gone', evidence: [] } })]),
      'inconclusive(closed)',
    ],
    ['taken, seen from inside', { ...seen(ok, own(ok, ok)), vantage: 'trusted' }, 'inconclusive(ambiguous)'],
  ])('%s', (_, given, expected) => {
    expect(said(judge(ownDomainSpoof, null, { 'rcpt-oracle': given }))).toBe(expected);
  });
});

describe('own-domain-spoof sees', () => {
  const mailbox = { recipient: 'alice@example.test' };
  const guarded = () =>
    mta().onMail(({ address }) =>
      address.endsWith('@example.test') ? `553 5.7.1 <${address}>: Sender address rejected: not logged in` : undefined,
    );

  test('a server that asks nobody', async () => {
    const { verdict, finding } = await scanned(mta(), mailbox);
    expect(verdict).toBe('fail');
    const accepted = ['alice@example.test', 'postmaster@example.test'];
    expect(finding).toMatchObject({ severity: 'info', measured: { accepted, refused: [], vantage: 'loopback' } });
    expect(finding.because).toMatch(/without AUTH; SPF and DMARC checks after DATA are not visible here.*loopback/);
  });

  test('its clean twin', async () => {
    const { verdict, finding } = await scanned(guarded(), mailbox);
    expect(verdict).toBe('pass');
    expect(finding.evidence.map(({ quote }) => quote.slice(0, 3))).toEqual(['553', '250']);
  });

  test('what a mailbox would tell better, where only postmaster could be asked for', async () => {
    const { finding } = await scanned(mta());
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'info' });
    expect(finding.because).toContain('--recipient');
  });

  test('no submission port, and asks none', async () => {
    const { verdict, commands } = await scanned(mta(), mailbox, { role: 'submission' });
    expect(verdict).toBe('not-applicable');
    expect(commands.filter((command) => command.startsWith('MAIL FROM:<alice@'))).toEqual([]);
  });
});
