import { describe, expect, test } from 'vitest';
import { hello } from '../../probes/hello.ts';
import { openRelay } from '../../probes/open-relay.ts';
import { rcptOracle } from '../../probes/rcpt-oracle.ts';
import { takesItsMail } from '../../probes/takes-its-mail.ts';
import { mta } from '../fakes/scripted-server.ts';
import { unknown as unknownUser } from '../fakes/stock-mta.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';
import { denied, later, ok, scannerOf, unknown } from './recipients-data.ts';

const scanned = scannerOf(hello, openRelay, rcptOracle, takesItsMail);

/** What was answered, by recipient; a word in brackets is what MAIL was answered. */
const answers = (given: Record<string, string>, more: object = {}) => ({
  domains: [...new Set(Object.keys(given).map((to) => to.slice(to.indexOf('@') + 1)))],
  more: 0,
  recipient: 'alice@example.test',
  helo: 'us.test',
  rounds: [
    {
      tls: false,
      answers: Object.entries(given).map(([to, raw]) => ({
        ...{ id: to, sender: 'us@outside.test', recipient: to, session: 's1', control: null, cut: null },
        mail: exchange('MAIL FROM:<us@outside.test>', raw.startsWith('MAIL ') ? raw.slice(5) : '250 2.1.0 Ok'),
        rcpt: raw.startsWith('MAIL ') ? null : exchange(`RCPT TO:<${to}>`, raw),
      })),
    },
  ],
  vantage: 'outside',
  ...more,
});

const outside = (raw: string) => ({
  'open-relay': {
    phases: [
      {
        openings: [
          {
            ...{ helo: 'us.test', sender: 'us@outside.test', external: 'x@example.net', controls: [], cut: null },
            mail: exchange('MAIL FROM:<us@outside.test>', '250 2.1.0 Ok'),
            rcpt: exchange('RCPT TO:<x@example.net>', raw),
          },
        ],
      },
    ],
  },
});

const [postmaster, alice] = ['postmaster@example.test', 'alice@example.test'];
const relay = (to: string) => `454 4.7.1 <${to}>: Relay access denied`;

test('what many domains are told is told of all', () => {
  const many = Array.from({ length: 7 }, (_, at) => `postmaster@d${at}.test`);
  const refused = Object.fromEntries(
    many.map((to, at) => [to, at === 5 ? `550 5.1.2 <${to}>: Recipient address rejected: Domain not found` : denied]),
  );
  expect(judge(takesItsMail, answers(refused), {})).toMatchObject({
    headline: 'It does not take the mail of d0.test, d1.test and 5 more, whose MX it is',
    because: 'it refuses mail for d0.test, d1.test and 5 more as relaying, or as domains that it does not know',
  });
  const taken = judge(takesItsMail, answers(Object.fromEntries(many.map((to) => [to, ok]))), {});
  expect(taken.because).toBe('it takes mail for d0.test, d1.test and 5 more');
});

describe('takes-its-mail judges', () => {
  test.each<[string, object, string, object?]>([
    ['postmaster taken', answers({ [postmaster]: ok }), 'pass'],
    ['the mailbox taken, postmaster unknown', answers({ [alice]: ok, [postmaster]: unknown }), 'pass'],
    [
      'the first of many taken, the rest not asked for',
      answers({ [postmaster]: ok }, { more: 9 }),
      'inconclusive(budget-spent)',
    ],
    ['one of many refused, the rest not asked for', answers({ [postmaster]: denied }, { more: 9 }), 'fail'],
    ['a relay for now', answers({ [postmaster]: relay(postmaster) }), 'fail'],
    ['a relay for good', answers({ [alice]: denied, [postmaster]: denied }), 'fail'],
    ['one domain of two', answers({ [postmaster]: ok, 'postmaster@second.test': denied }), 'fail'],
    [
      'a domain that does not exist for it',
      answers({ [postmaster]: `450 4.1.2 <${postmaster}>: Recipient address rejected: Domain not found` }),
      'fail',
    ],
    ['postmaster unknown where outside is a relay', answers({ [postmaster]: unknown }), 'pass', outside(denied)],
    ['postmaster unknown, and nothing else known', answers({ [postmaster]: unknown }), 'inconclusive(prerequisite)'],
    [
      'words that fit user and domain',
      answers({ [postmaster]: `550 Invalid recipient: <${postmaster}>` }),
      'inconclusive(prerequisite)',
      outside('550 Invalid recipient: <x@example.net>'),
    ],
    [
      'a mailbox that exists, refused as one outside',
      answers({ [alice]: `550 Invalid recipient: <${alice}>` }),
      'fail',
      outside('550 Invalid recipient: <x@example.net>'),
    ],
    ['taken as everything is', answers({ [postmaster]: ok }), 'inconclusive(ambiguous)', outside(ok)],
    ['greylisting', answers({ [postmaster]: later }), 'inconclusive(greylisted)'],
    [
      'a block list',
      answers({ [postmaster]: '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test' }),
      'inconclusive(client-blocked)',
    ],
    [
      'a sender that does not exist',
      answers({ [postmaster]: '450 4.1.8 <us@outside.test>: Sender address rejected: Domain not found' }),
      'inconclusive(sender-rejected)',
    ],
    ['MAIL refused', answers({ [postmaster]: 'MAIL 530 5.7.0 Authentication required' }), 'inconclusive(prerequisite)'],
    ['no domain', answers({}, { domains: [], rounds: [] }), 'not-applicable'],
  ])('%s', (_, seen, expected, given = {}) => {
    const judgement = judge(takesItsMail, seen, given as Record<string, unknown>);
    expect(said(judgement)).toBe(expected);
    if (expected === 'pass' || expected === 'fail') expect(judgement).toMatchObject({ evidence: [{}] });
  });

  test('names the domains on either side', () => {
    const seen = answers({ [postmaster]: ok, 'postmaster@second.test': denied });
    expect(judge(takesItsMail, seen)).toMatchObject({
      measured: { taken: ['example.test'], refused: ['second.test'], untold: [] },
      because: 'it refuses mail for second.test as relaying',
    });
  });
});

describe('takes-its-mail sees', () => {
  test('a server that does not know the domain', async () => {
    const { verdict, finding } = await scanned(mta(), { domain: 'moved.test' });
    expect(verdict).toBe('fail');
    expect(finding).toMatchObject({ severity: 'high', measured: { refused: ['moved.test'] } });
    expect(finding.evidence[0]?.quote).toContain('Relay access denied');
  });

  test('its clean twin', async () => {
    const { verdict, finding } = await scanned(mta());
    expect(verdict).toBe('pass');
    expect(finding.measured).toMatchObject({ taken: ['example.test'] });
  });

  test('a domain without postmaster, by its users', async () => {
    const strict = mta().onRcpt(({ address }) => (/^postmaster@/.test(address) ? unknownUser(address) : undefined));
    expect((await scanned(strict)).verdict).toBe('pass');
  });

  test('a server that takes our null sender alone', async () => {
    const picky = mta().onMail(({ address }) => (address === '' ? undefined : '550 5.1.8 Sender address rejected'));
    expect((await scanned(picky)).verdict).toBe('pass');
  });

  test('a server that wants TLS first', async () => {
    const strict = mta().onMail(({ dialogue }) =>
      dialogue.tls ? undefined : '530 5.7.0 Must issue a STARTTLS command first',
    );
    expect((await scanned(strict)).verdict).toBe('pass');
  });
});
