import { describe, expect, test } from 'vitest';
import { hello } from '../../probes/hello.ts';
import { ownDomainSpoof } from '../../probes/own-domain-spoof.ts';
import { rcptOracle } from '../../probes/rcpt-oracle.ts';
import { scan } from '../../src/index.ts';
import { findingOf, ourName, shortLimits } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { ownDomain } from '../fakes/stock-mta.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';

async function scanned(server_: ScriptedServer, options: object = {}, at: object = {}) {
  await using server = await server_.start();
  const place = { kind: 'endpoint', input: 'it', host: '127.0.0.1', port: server.port } as const;
  const target = { ...place, role: 'mx', tls: 'starttls', ...at } as const;
  const asked = { helo: ourName, domain: ownDomain, limits: shortLimits, ...options };
  const report = await scan([target], asked, () => {}, [hello, rcptOracle, ownDomainSpoof]);
  expectQuotesToStand(report);
  expect(server.commands.filter((command) => /^(DATA|BDAT)/i.test(command))).toEqual([]);
  const finding = findingOf(report, 'own-domain-spoof');
  const verdict = finding.doubt === undefined ? finding.verdict : `${finding.verdict}(${finding.doubt})`;
  return { finding, verdict, commands: server.commands, cost: report.endpoints[0]?.cost };
}

const round = (answers: Record<string, string>, more: object = {}) => ({
  ...{ tls: false, helo: 'us.test', sender: 'us@outside.test', domain: 'example.test', auth: false },
  mail: exchange('MAIL FROM:<us@outside.test>', '250 2.1.0 Ok'),
  answers: Object.entries(answers).map(([name, raw]) => ({
    name: name.replace(/\d/, ''),
    recipient: name === 'bare-postmaster' ? 'postmaster' : `${name}@example.test`,
    exchange: exchange('RCPT', raw),
  })),
  ...{ ownSenders: [], cut: null, ...more },
});
const data = (rounds: readonly object[], more: object = {}) => ({
  rounds,
  role: 'mx',
  vantage: 'outside',
  domainGiven: true,
  ...more,
});
const ok = '250 2.1.5 Ok';
const unknown = '550 5.1.1 <x@example.test>: Recipient address rejected: User unknown in local recipient table';
const denied = '554 5.7.1 <x@example.test>: Relay access denied';
const later = '450 4.2.0 <x@example.test>: Recipient address rejected: Greylisted, try again later';
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
    expect(finding).toMatchObject({ severity: 'medium', measured: { accepted, refused: [], vantage: 'loopback' } });
    expect(finding.because).toMatch(/without AUTH; SPF and DMARC checks after DATA are not visible here.*loopback/);
  });

  test('its clean twin', async () => {
    const { verdict, finding } = await scanned(guarded(), mailbox);
    expect(verdict).toBe('pass');
    expect(finding.evidence.map(({ quote }) => quote.slice(0, 3))).toEqual(['553', '250']);
  });

  test('less where only postmaster could be asked for', async () => {
    const { finding } = await scanned(mta());
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'low' });
    expect(finding.because).toContain('--recipient');
  });

  test('no submission port, and asks none', async () => {
    const { verdict, commands } = await scanned(mta(), mailbox, { role: 'submission' });
    expect(verdict).toBe('not-applicable');
    expect(commands.filter((command) => command.startsWith('MAIL FROM:<alice@'))).toEqual([]);
  });
});
