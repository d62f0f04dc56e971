import { describe, expect, test } from 'vitest';
import { etrn } from '../../probes/etrn.ts';
import { findingOf, type Scanned, scanServer } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { expectObservationsToFit } from '../support/observations.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const answer = (argument: string, raw: string, own = true) => ({
  ...{ argument, own, cut: null },
  exchange: exchange(`ETRN ${argument}`, raw),
});
const cut = (more: object) => ({
  ...{ argument: 'example.test', own: true, exchange: null },
  cut: { doubt: 'closed', cause: 'hang-up', because: 'it hung up', evidence: [], ...more },
});
const own = (raw: string) => answer('example.test', raw);
const queue = (raw: string) => answer('#example.test', raw);
const other = (raw: string) => answer('example.net', raw, false);
const said2 = (raw: string) => ({ exchange: exchange('RSET', raw), cut: null });
const data = (asked: readonly object[], { control = [] as object[], vantage = 'outside' } = {}) => ({
  ...{ tls: false, asked, control, vantage },
});

describe('etrn judges', () => {
  test.each<[string, object, string, boolean?]>([
    [
      'Sendmail',
      data([
        own('250 2.0.0 Queuing for node example.test started'),
        other('250 2.0.0 Queuing for node example.net started'),
      ]),
      'fail',
      false,
    ],
    [
      'Postfix, a domain that it relays',
      data([own('250 Queuing started'), other('459 <example.net>: service unavailable')]),
      'fail',
      true,
    ],
    ['nothing is waiting', data([own('251 OK, no messages waiting for node example.test')]), 'fail', false],
    ['three are waiting', data([own('253 OK, 3 pending messages for node example.test started')]), 'fail', false],
    ['an outside name alone', data([own('459 no'), other('250 OK')]), 'fail', true],
    ['Exim, by queue', data([own('501 argument must begin with #'), queue('250 OK')]), 'fail', false],
    [
      'from a place that may be trusted',
      data([own('250 Queuing started')], { vantage: 'private' }),
      'inconclusive(ambiguous)',
      false,
    ],
    [
      'Postfix',
      data([own('459 <example.test>: service unavailable'), other('459 <example.net>: service unavailable')]),
      'pass',
      false,
    ],
    [
      'Postfix, reject',
      data([
        own('554 5.7.1 <example.test>: Etrn command rejected: Access denied'),
        other('554 5.7.1 <example.net>: Etrn command rejected: Access denied'),
      ]),
      'pass',
      false,
    ],
    ['Exim', data([own('458 Administrative prohibition'), other('458 Administrative prohibition')]), 'pass', false],
    [
      'refused, and told apart',
      data([own('458 Unable to queue messages for node example.test'), other('459 Node example.net not allowed')]),
      'pass',
      true,
    ],
    ['not known', data([own('500 5.5.1 Invalid command: Command unrecognized')]), 'pass', false],
    ['switched off', data([own('502 5.7.0 Sorry, we do not allow this operation')]), 'pass', false],
    ['AUTH first', data([own('530 5.7.0 Authentication required')]), 'pass', false],
    ['neither form', data([own('501 Syntax error'), queue('501 Syntax error')]), 'pass', false],
    [
      'TLS first, and none to be had',
      data([own('530 5.7.0 Must issue a STARTTLS command first')]),
      'inconclusive(prerequisite)',
      false,
    ],
    ['put off', data([own('450 4.7.1 try again later')]), 'inconclusive(ambiguous)', false],
    [
      'a block list',
      data([own('554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test')]),
      'inconclusive(client-blocked)',
      false,
    ],
    [
      '421',
      data([cut({ reply: replyFrom('421 4.7.0 Error: too many connections from 192.0.2.9') })]),
      'inconclusive(throttled)',
      false,
    ],
    ['the end', data([cut({})]), 'inconclusive(closed)', false],
    ['221', data([own('221 2.7.0 bye')]), 'inconclusive(ambiguous)', false],
    [
      'a session that is refused',
      data([own('550 5.7.1 Service refused')], { control: [said2('250 ok'), said2('550 5.7.1 Service refused')] }),
      'inconclusive(client-blocked)',
      false,
    ],
  ])('%s', (_, seen, expected, toldApart) => {
    const judgement = judge(etrn, seen);
    expect(said(judgement)).toBe(expected);
    if ('measured' in judgement && expected !== 'inconclusive(client-blocked)')
      expect(judgement.measured?.toldApart).toBe(toldApart);
  });

  test('nobody’s domain', () => {
    expect(said(judge(etrn, data([])))).toBe('inconclusive(prerequisite)');
  });
});

async function scanned(scripted: ScriptedServer, options: Scanned = {}) {
  await using server = await scripted.start();
  const report = await scanServer(server, { probes: ['etrn'], allow: 'intrusive', ...options });
  expectQuotesToStand(report);
  expectObservationsToFit(report);
  return {
    finding: findingOf(report, 'etrn'),
    asked: server.commands.filter((command) => command.startsWith('ETRN')),
    withoutQuit: server.withoutQuit,
  };
}

describe('etrn asks', () => {
  test('for its own domain and for one outside, once each', async () => {
    const { finding, asked, withoutQuit } = await scanned(mta().on('ETRN', () => '250 Queuing started'));
    expect(finding.verdict).toBe('fail');
    expect(asked).toEqual(['ETRN example.test', 'ETRN example.net']);
    expect(withoutQuit).toEqual([]);
  });

  test('no more where the command is not known', async () => {
    const { finding, asked } = await scanned(mta().on('ETRN', () => '500 5.5.2 Error: command not recognized'));
    expect(finding.verdict).toBe('pass');
    expect(asked).toEqual(['ETRN example.test']);
  });

  test('for a queue where a plain name is a syntax error', async () => {
    const { finding, asked } = await scanned(
      mta().on('ETRN', ({ argument }) => (argument.startsWith('#') ? '250 OK' : '501 argument must begin with #')),
    );
    expect(finding.verdict).toBe('fail');
    expect(asked).toEqual(['ETRN example.test', 'ETRN #example.test']);
  });

  test('inside TLS where that comes first', async () => {
    const { finding, asked } = await scanned(
      mta().on('ETRN', ({ dialogue }) =>
        dialogue.tls ? '459 service unavailable' : '530 5.7.0 Must issue a STARTTLS command first',
      ),
    );
    expect(finding).toMatchObject({ verdict: 'pass', measured: { tls: true } });
    expect(asked).toHaveLength(3);
  });

  test('and knows a session that is refused whatever it says', async () => {
    const { finding } = await scanned(mta().on(['ETRN', 'RSET', 'MAIL'], () => '550 5.7.1 Service refused'));
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'client-blocked' });
  });

  test('and a 421 in its place shuts nobody out', async () => {
    const { finding } = await scanned(
      mta().on('ETRN', () => ({ say: '421 4.7.0 too many connections from you', and: 'hang up' })),
    );
    expect(finding.doubt).toBe('throttled');
  });
});
