import { describe, expect, test } from 'vitest';
import { hello } from '../../probes/hello.ts';
import { vrfy } from '../../probes/vrfy.ts';
import { scan } from '../../src/index.ts';
import { findingOf, ourName, shortLimits } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { ownDomain } from '../fakes/stock-mta.ts';
import { expectObservationsToFit } from '../support/observations.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';

async function scanned(server_: ScriptedServer, options: object = {}, at: object = {}) {
  await using server = await server_.start();
  const place = { kind: 'endpoint', input: 'it', host: '127.0.0.1', port: server.port } as const;
  const target = { ...place, role: 'mx', tls: 'starttls', ...at } as const;
  const asked = { helo: ourName, domain: ownDomain, restraint: shortLimits, ...options };
  const report = await scan([target], asked, () => {}, [hello, vrfy]);
  expectQuotesToStand(report);
  expectObservationsToFit(report);
  expect(server.commands.filter((command) => /^(DATA|BDAT)/i.test(command))).toEqual([]);
  const finding = findingOf(report, 'vrfy');
  const verdict = finding.doubt === undefined ? finding.verdict : `${finding.verdict}(${finding.doubt})`;
  return { finding, verdict, commands: server.commands, cost: report.endpoints[0]?.cost };
}

type Asked = readonly [who: 'known' | 'random' | 'root' | 'postmaster', form: 'address' | 'local', reply: string];
const phase = (answers: readonly Asked[], more: object = {}) => ({
  ...{ tls: false, listed: true, cut: null },
  answers: answers.map(([who, form, raw]) => {
    const name = form === 'address' ? `${who}@example.test` : who;
    return { who, form, name, exchange: exchange(`VRFY ${name}`, raw) };
  }),
  ...more,
});

const data = (...phases: readonly object[]) => ({ phases });
const pair = (known: string, random: string) =>
  data(
    phase([
      ['known', 'address', known],
      ['random', 'address', random],
    ]),
  );
const alone = (random: string, local = random) =>
  data(
    phase([
      ['random', 'address', random],
      ['random', 'local', local],
    ]),
  );
const one = (raw: string) => data(phase([['known', 'address', raw]]));
const unknown = '550 5.1.1 <random@example.test>: Recipient address rejected: User unknown in local recipient table';
const denied = '554 5.7.1 <random@example.test>: Relay access denied';
const starttls = '530 5.7.0 Must issue a STARTTLS command first';
const cut = { doubt: 'tls-failed', because: 'STARTTLS was refused', evidence: [] };

describe('vrfy judges', () => {
  test.each<[string, object, string]>([
    ['Postfix, 252 against 550', pair('252 2.0.0 known@example.test', unknown), 'fail'],
    [
      'Exim with an ACL',
      pair('250 <known@example.test> is deliverable', '550 <random@example.test> is not deliverable'),
      'fail',
    ],
    ['Sendmail', pair('250 2.1.5 Known <known@example.test>', '550 5.1.1 random... User unknown'), 'fail'],
    ['Courier', pair('250 <known@example.test>', '500 <random@example.test> not found.'), 'fail'],
    ['251 against 550', pair('251 2.1.5 will forward', '550 5.1.1 User unknown'), 'fail'],
    ['250 against 252', pair('250 2.1.5 <known@example.test>', '252 2.1.5 <random@example.test>'), 'fail'],
    ['a domain of which nobody else is let in', pair('252 2.0.0 known', denied), 'fail'],
    ['Postfix, 252 to all', pair('252 2.0.0 known@example.test', '252 2.0.0 random@example.test'), 'pass'],
    ['250 to all', pair('250 Ok', '250 Ok'), 'pass'],
    ['refused in the same words', pair('550 5.7.1 not for you', '550 5.7.1 not for you'), 'pass'],
    ['Postfix, disabled', one('502 5.5.1 VRFY command is disabled'), 'pass'],
    ['OpenSMTPD', one('500 5.5.1 Invalid command: Command unrecognized'), 'pass'],
    ['Exim without an ACL', pair('252 Administrative prohibition', '252 Administrative prohibition'), 'pass'],
    ['Courier, disabled', alone('252 VRFY disabled'), 'pass'],
    ['Sendmail, novrfy', alone('252 2.5.2 Cannot VRFY user; try RCPT to attempt delivery (or try finger)'), 'pass'],
    ['Sendmail, goaway', one('502 5.7.0 Sorry, we do not allow this operation'), 'pass'],
    ['Haraka', alone("252 Just try sending a mail and we'll see how it turns out..."), 'pass'],
    ['qmail', alone("252 send some mail, i'll try my best"), 'pass'],
    ['AUTH first', one('530 5.7.0 Authentication required'), 'pass'],
    ['strangers unknown, and nobody to compare with', alone(unknown), 'fail'],
    [
      'strangers unknown, by local part only',
      alone(denied, '550 5.1.1 <random>: Recipient address rejected: User unknown'),
      'fail',
    ],
    [
      'local parts that need a domain',
      alone('252 Administrative prohibition', '501 random: recipient address must contain a domain'),
      'pass',
    ],
    ['a mailbox that is not there', pair(unknown, unknown), 'inconclusive(prerequisite)'],
    ['a domain of others', alone(denied, '502 5.5.1 no'), 'inconclusive(prerequisite)'],
    ['words that need not mean the name', alone('550 5.7.1 not for you'), 'inconclusive(prerequisite)'],
    [
      'greylisting',
      pair('450 4.2.0 Greylisted, try again later', '450 4.2.0 Greylisted, try again later'),
      'inconclusive(greylisted)',
    ],
    [
      'a block list',
      one('554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test'),
      'inconclusive(client-blocked)',
    ],
    ['a limiter', one('450 4.7.1 Error: too many recipients from 192.0.2.9'), 'inconclusive(throttled)'],
    ['an error over there', alone('451 4.3.0 Temporary lookup failure'), 'inconclusive(ambiguous)'],
    ['TLS first', one(starttls), 'inconclusive(prerequisite)'],
    [
      'TLS first, then the leak',
      data(phase([['known', 'address', starttls]]), ...pair('252 2.0.0 known', unknown).phases),
      'fail',
    ],
    [
      'TLS first, and TLS broken',
      data(phase([['known', 'address', starttls]]), phase([], { tls: true, cut })),
      'inconclusive(tls-failed)',
    ],
    [
      'silence',
      data(phase([], { cut: { doubt: 'timeout', because: 'nothing', evidence: [] } })),
      'inconclusive(timeout)',
    ],
  ])('%s', (_, seen, expected) => {
    expect(said(judge(vrfy, seen, { hello: {} }))).toBe(expected);
  });
});

describe('vrfy asks', () => {
  const mailbox = { recipient: 'alice@example.test' };
  const asked = (commands: readonly string[]) => commands.filter((command) => command.startsWith('VRFY '));

  test('known and random names, with and without domain', async () => {
    const { verdict, finding, commands } = await scanned(mta(), mailbox);
    expect(verdict).toBe('fail');
    expect(finding.evidence.map(({ quote }) => quote.slice(0, 3))).toEqual(['252', '550']);
    expect(finding.measured).toMatchObject({ advertised: true, tls: false });
    const shown = asked(commands).map((command) => command.replace(/mxprobe-\w+/, 'random'));
    expect(shown).toEqual(['VRFY alice@example.test', 'VRFY random@example.test', 'VRFY random', 'VRFY alice']);
  });

  test('the clean twin once', async () => {
    const { verdict, commands } = await scanned(
      mta().on('VRFY', () => '502 5.5.1 VRFY command is disabled'),
      mailbox,
    );
    expect(verdict).toBe('pass');
    expect(asked(commands)).toHaveLength(1);
  });

  test('although EHLO hides it', async () => {
    const { verdict, finding } = await scanned(mta().hides('VRFY'), mailbox);
    expect([verdict, finding.measured?.advertised]).toEqual(['fail', false]);
  });

  test('random names alone where no mailbox is known', async () => {
    const { verdict, finding, commands } = await scanned(mta());
    expect(verdict).toBe('fail');
    expect(finding.because).toContain('--recipient');
    expect(asked(commands)).toHaveLength(2);
  });

  test('inside TLS where the server wants that', async () => {
    const server = mta().on('VRFY', ({ dialogue }) => (dialogue.tls ? undefined : starttls));
    const { verdict, finding, commands } = await scanned(server, mailbox);
    expect([verdict, finding.measured?.tls]).toEqual(['fail', true]);
    expect(asked(commands)).toHaveLength(5);
  });

  test('no further where each local part would be a syntax error', async () => {
    const server = mta().on('VRFY', ({ argument }) =>
      argument.includes('@')
        ? '252 Administrative prohibition'
        : `501 ${argument}: recipient address must contain a domain`,
    );
    const { verdict, commands } = await scanned(server, mailbox);
    expect(verdict).toBe('pass');
    expect(asked(commands)).toHaveLength(3);
  });
});

describe('a session that is rejected', () => {
  test.each([
    ['in the same words for all', '550 5.7.1 Service refused', 'inconclusive(client-blocked)'],
    ['and calls every command rejected', '550 5.7.1 Command rejected', 'inconclusive(client-blocked)'],
    ['for now', '451 4.7.1 Service unavailable - try again later', 'inconclusive(ambiguous)'],
  ])('tells nothing of names: %s', async (_, reply, expected) => {
    const { verdict, finding } = await scanned(mta().on(['MAIL', 'RSET', 'VRFY', 'STARTTLS'], () => reply));
    expect([verdict, finding.evidence.length]).toEqual([expected, 2]);
  });

  test('is none where MAIL is taken', async () => {
    const { verdict } = await scanned(
      mta().on('VRFY', () => '550 5.7.1 Command rejected'),
      {
        recipient: 'alice@example.test',
      },
    );
    expect(verdict).toBe('pass');
  });
});
