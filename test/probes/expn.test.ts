import { describe, expect, test } from 'vitest';
import { expn } from '../../probes/expn.ts';
import { hello } from '../../probes/hello.ts';
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
  const report = await scan([target], asked, () => {}, [hello, expn]);
  expectQuotesToStand(report);
  expectObservationsToFit(report);
  expect(server.commands.filter((command) => /^(DATA|BDAT)/i.test(command))).toEqual([]);
  const finding = findingOf(report, 'expn');
  const verdict = finding.doubt === undefined ? finding.verdict : `${finding.verdict}(${finding.doubt})`;
  return { finding, verdict, commands: server.commands, cost: report.endpoints[0]?.cost };
}

type Asked = readonly [who: 'known' | 'random' | 'root' | 'postmaster', form: 'address' | 'local', reply: string];
const phase = (answers: readonly Asked[], more: object = {}) => ({
  ...{ tls: false, listed: true, cut: null },
  answers: answers.map(([who, form, raw]) => {
    const name = form === 'address' ? `${who}@example.test` : who;
    return { who, form, name, exchange: exchange(`EXPN ${name}`, raw) };
  }),
  ...more,
});

const data = (root: string, random: string, known?: string) => ({
  phases: [
    phase([
      ['root', 'local', root],
      ['random', 'local', random],
      ...(known === undefined ? [] : [['known', 'local', known] as const]),
    ]),
  ],
});
const one = (raw: string) => ({ phases: [phase([['root', 'local', raw]])] });
const cut = { doubt: 'closed', because: 'gone', evidence: [] };
const alias = '250 2.1.5 <alice@example.test>';

describe('expn judges', () => {
  test.each<[string, object, string]>([
    ['an alias opened', data(alias, '550 5.1.1 random... User unknown'), 'fail'],
    [
      'a list opened',
      data('250-2.1.5 <alice@example.test>\n250 2.1.5 <bob@example.test>', '550 5.1.1 random... User unknown'),
      'fail',
    ],
    [
      'only the mailbox told from strangers',
      data('550 5.1.1 User unknown', '550 5.1.1 User unknown', '252 2.0.0 known'),
      'fail',
    ],
    ['250 to all, with something to read for one', data(alias, '250 2.1.5 <random@example.test>'), 'fail'],
    ['250 to all, in the same words', data('250 2.1.5 <root@example.test>', '250 2.1.5 <random@example.test>'), 'pass'],
    ['Postfix', one('502 5.5.2 Error: command not recognized'), 'pass'],
    ['Exim', one('550 Administrative prohibition'), 'pass'],
    ['Courier, disabled', data('252 EXPN disabled', '252 EXPN disabled'), 'pass'],
    ['Sendmail, goaway', one('502 5.7.0 Sorry, we do not allow this operation'), 'pass'],
    ['qmail', one('502 unimplemented (#5.5.1)'), 'pass'],
    ['all unknown', data('550 5.1.1 User unknown', '550 5.1.1 User unknown'), 'pass'],
    ['AUTH first', one('530 5.7.0 Authentication required'), 'pass'],
    ['TLS first', one('530 5.7.0 Must issue a STARTTLS command first'), 'inconclusive(prerequisite)'],
    [
      'a block list',
      one('554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test'),
      'inconclusive(client-blocked)',
    ],
    ['a hang-up after the first', { phases: [phase([['root', 'local', alias]], { cut })] }, 'inconclusive(closed)'],
    ['a hang-up', { phases: [phase([], { cut })] }, 'inconclusive(closed)'],
  ])('%s', (_, seen, expected) => {
    expect(said(judge(expn, seen, { hello: {} }))).toBe(expected);
  });
});

describe('expn asks', () => {
  const asked = (commands: readonly string[]) => commands.filter((command) => command.startsWith('EXPN '));

  test('for names that most servers have, and for one that none has', async () => {
    const server = mta().on('EXPN', ({ argument }) =>
      argument.startsWith('mxprobe-')
        ? '550 5.1.1 User unknown'
        : `250-2.1.5 <alice@example.test>\n250 2.1.5 <bob@example.test>`,
    );
    const { verdict, finding, commands } = await scanned(server, { recipient: 'alice@example.test' });
    expect(verdict).toBe('fail');
    expect(finding.evidence.map(({ quote }) => quote)).toEqual([
      '250-2.1.5 <alice@example.test>',
      '550 5.1.1 User unknown',
    ]);
    const shown = asked(commands).map((command) => command.replace(/mxprobe-\w+/, 'random'));
    expect(shown).toEqual(['EXPN root', 'EXPN random', 'EXPN alice', 'EXPN postmaster']);
  });

  test('the clean twin once', async () => {
    const { verdict, finding, commands } = await scanned(mta());
    expect(verdict).toBe('pass');
    expect(finding.measured).toMatchObject({ advertised: false });
    expect(asked(commands)).toHaveLength(1);
  });

  test('inside TLS where the server wants that', async () => {
    const server = mta().on('EXPN', ({ dialogue }) =>
      dialogue.tls ? '502 5.5.1 no' : '530 5.7.0 Must issue a STARTTLS command first',
    );
    const { verdict, finding } = await scanned(server);
    expect([verdict, finding.measured?.tls]).toEqual(['pass', true]);
  });
});

describe('a session that is rejected', () => {
  test.each([
    ['in the same words for all', '550 5.7.1 Service refused', 'inconclusive(client-blocked)'],
    ['and calls every command rejected', '550 5.7.1 Command rejected', 'inconclusive(client-blocked)'],
    ['for now', '451 4.7.1 Service unavailable - try again later', 'inconclusive(ambiguous)'],
  ])('tells nothing of names: %s', async (_, reply, expected) => {
    const { verdict, finding } = await scanned(mta().on(['MAIL', 'RSET', 'EXPN', 'STARTTLS'], () => reply));
    expect([verdict, finding.evidence.length]).toEqual([expected, 2]);
  });

  test('is none where MAIL is taken', async () => {
    const { verdict } = await scanned(mta().on('EXPN', () => '550 5.7.1 Command rejected'));
    expect(verdict).toBe('pass');
  });
});
