import { describe, expect, test } from 'vitest';
import { hello } from '../../probes/hello.ts';
import { rcptOracle } from '../../probes/rcpt-oracle.ts';
import { mta } from '../fakes/scripted-server.ts';
import { unknown as unknownUser } from '../fakes/stock-mta.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';
import { data, denied, later, ok, round, scannerOf, unknown } from './recipients-data.ts';

const scanned = scannerOf(hello, rcptOracle);
const blocked = '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test';

const access = '554 5.7.1 <x@example.test>: Recipient address rejected: Access denied';
const tlsFirst = round({}, { mail: exchange('MAIL', '530 5.7.0 Must issue a STARTTLS command first') });
const broken = { doubt: 'tls-failed', because: 'STARTTLS was refused', evidence: [] };

describe('rcpt-oracle judges', () => {
  test.each<[string, object, string]>([
    ['users taken, strangers refused', data([round({ known: ok, random: unknown, random2: unknown })]), 'fail'],
    ['the same by postmaster', data([round({ random: unknown, random2: unknown, postmaster: ok })]), 'fail'],
    ['the same by abuse', data([round({ known: unknown, random: unknown, random2: unknown, abuse: ok })]), 'fail'],
    ['OpenSMTPD', data([round({ known: ok, random: '550 Invalid recipient: <x@example.test>' })]), 'fail'],
    ['users put off, strangers refused', data([round({ known: later, random: unknown, random2: unknown })]), 'fail'],
    ['everybody taken', data([round({ known: ok, random: ok, random2: ok })]), 'pass'],
    ['strangers taken, and nobody to compare with', data([round({ random: ok, random2: ok })]), 'pass'],
    [
      'sender refused without AUTH',
      data([round({}, { mail: exchange('MAIL', '530 5.7.0 Authentication required') })]),
      'pass',
    ],
    [
      'all refused without AUTH',
      data([round({ known: access, random: access }, { auth: true })], { role: 'submission' }),
      'pass',
    ],
    [
      'all refused on an MX',
      data([round({ known: access, random: access }, { auth: true })]),
      'inconclusive(prerequisite)',
    ],
    [
      'all refused, and no AUTH',
      data([round({ known: access, random: access })], { role: 'submission' }),
      'inconclusive(prerequisite)',
    ],
    [
      'a domain of others',
      data([round({ known: denied, random: denied, random2: denied })]),
      'inconclusive(prerequisite)',
    ],
    ['a mailbox that is not there', data([round({ known: unknown, random: unknown })]), 'inconclusive(prerequisite)'],
    ['no domain', data([round({ 'bare-postmaster': ok }, { domain: null })]), 'inconclusive(prerequisite)'],
    ['greylisting', data([round({ known: later, random: later, random2: later })]), 'inconclusive(greylisted)'],
    ['a block list', data([round({ known: blocked, random: blocked })]), 'inconclusive(client-blocked)'],
    ['users taken, strangers put off', data([round({ known: ok, random: later })]), 'inconclusive(greylisted)'],
    ['two minds on strangers', data([round({ known: ok, random: unknown, random2: ok })]), 'inconclusive(ambiguous)'],
    ['strangers taken, users not', data([round({ known: unknown, random: ok })]), 'inconclusive(ambiguous)'],
    [
      'a limiter',
      data([round({ known: ok, random: '450 4.7.1 Error: too many recipients from 192.0.2.9' })]),
      'inconclusive(throttled)',
    ],
    [
      'silence',
      data([round({}, { cut: { doubt: 'timeout', because: 'nothing', evidence: [] } })]),
      'inconclusive(timeout)',
    ],
    [
      'TLS first, and TLS broken',
      data([tlsFirst, round({}, { mail: null, tls: true, cut: broken })]),
      'inconclusive(tls-failed)',
    ],
    [
      'a refused sender',
      data([round({}, { mail: exchange('MAIL', '550 5.1.0 <us@outside.test>: Sender address rejected: no') })]),
      'inconclusive(sender-rejected)',
    ],
  ])('%s', (_, seen, expected) => {
    expect(said(judge(rcptOracle, seen, { hello: {} }))).toBe(expected);
  });

  test('time as a figure, never as a verdict', () => {
    const seen = round({ known: ok, random: ok, random2: ok });
    const seconds = [1, 5, 5.5];
    const slow = seen.answers.map((answer, index) => ({
      ...answer,
      exchange: { ...answer.exchange, seconds: seconds[index] },
    }));
    const judgement = judge(rcptOracle, data([{ ...seen, answers: slow }]), { hello: {} });
    expect(judgement).toMatchObject({ verdict: 'pass', measured: { secondsKnown: 1, secondsUnknown: 4 } });
  });
});

describe('rcpt-oracle asks', () => {
  test('once, in two flights, and never beyond RCPT', async () => {
    const { verdict, finding, cost } = await scanned(mta(), { recipient: 'alice@example.test' });
    expect(verdict).toBe('fail');
    expect(finding).toMatchObject({
      severity: 'info',
      measured: { known: 250, unknown: ['550', '550'], vantage: 'loopback' },
    });
    expect(finding.evidence.map(({ quote }) => quote.slice(0, 9))).toEqual(['250 2.1.5', '550 5.1.1']);
    expect(cost?.connections).toBe(1);
  });

  test('its clean twin', async () => {
    const { verdict } = await scanned(
      mta().onRcpt(({ destination }) => (destination.outside === null ? ok : undefined)),
    );
    expect(verdict).toBe('pass');
  });

  test('inside TLS where the server wants it, with one refusal in clear', async () => {
    const server = mta().on(['MAIL', 'RCPT'], ({ dialogue }) =>
      dialogue.tls ? undefined : '530 5.7.0 Must issue a STARTTLS command first',
    );
    const { verdict, finding, commands } = await scanned(server);
    expect([verdict, finding.measured?.tls]).toEqual(['fail', true]);
    expect(commands.filter((command) => command.startsWith('MAIL FROM:<mxprobe@scanner.test>'))).toHaveLength(2);
  });

  test('from the null sender where ours is refused, one recipient at a time', async () => {
    const server = mta().onRcpt(({ dialogue }) =>
      dialogue.sender?.endsWith('scanner.test')
        ? `450 4.1.8 <${dialogue.sender}>: Sender address rejected: Domain not found`
        : undefined,
    );
    const { verdict, finding, commands } = await scanned(server);
    expect([verdict, finding.measured?.sender]).toEqual(['fail', '']);
    expect(commands.filter((command) => command === 'MAIL FROM:<>')).toHaveLength(5);
  });

  test("at the server's own name where the target tells no domain", async () => {
    const { verdict, finding } = await scanned(mta(), { domain: null });
    expect([verdict, finding.measured?.domain]).toEqual(['fail', 'example.test']);
  });

  test('one by one where the server does not pipeline', async () => {
    expect((await scanned(mta().lockStepOnly())).verdict).toBe('fail');
  });

  test('what an early hang-up leaves is asked again, as long as each session brings something', async () => {
    expect((await scanned(mta().hangsUpAfter(2))).verdict).toBe('inconclusive(closed)');
    expect((await scanned(mta().hangsUpAfter(3))).verdict).toBe('fail');
    const afterRandom = mta().onRcpt(({ address }) =>
      address.startsWith('mxprobe-') ? { say: unknownUser(address), and: 'hang up' } : undefined,
    );
    expect((await scanned(afterRandom, { recipient: 'alice@example.test' })).verdict).toBe('fail');
  });

  test('a server that ends every session in which the null sender is named is not asked for ever', async () => {
    const server = mta().onMail(({ address }) =>
      address === '' ? { and: 'hang up' } : '550 5.1.8 Sender address rejected: Domain not found',
    );
    expect((await scanned(server)).verdict).toBe('inconclusive(closed)');
  });

  test('an address without any name to go by', async () => {
    const nameless = mta()
      .greets('220 hi')
      .onEhlo(() => '250-hi\n250 PIPELINING');
    expect((await scanned(nameless, { domain: null })).verdict).toBe('inconclusive(prerequisite)');
  });
});
