import { describe, expect, test } from 'vitest';
import { heloRequired } from '../../probes/helo-required.ts';
import { findingOf, type Scanned, scanServer } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { expectObservationsToFit } from '../support/observations.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const answer = (command: string, raw: string) => ({ exchange: exchange(command, raw), cut: null });
const noAnswer = (cut: object) => ({
  exchange: null,
  cut: { doubt: 'closed', cause: 'hang-up', because: 'it hung up', evidence: [], ...cut },
});
const phase = (raw: string, behind?: string, tls = false) => ({
  tls,
  mail: answer('MAIL FROM:<>', raw),
  control: behind === undefined ? [] : [answer('EHLO us', '250-mx\n250 SIZE'), answer('MAIL FROM:<>', behind)],
});
const ok = '250 2.1.0 Ok';
const starttls = '530 5.7.0 Must issue a STARTTLS command first';

describe('helo-required judges', () => {
  test.each<[string, readonly object[], string]>([
    ['Postfix as it comes', [phase(ok)], 'fail'],
    ['Postfix, smtpd_helo_required', [phase('503 5.5.1 Error: send HELO/EHLO first', ok)], 'pass'],
    ['Exim', [phase('503 HELO or EHLO required', ok)], 'pass'],
    ['Courier', [phase('502 Polite people say HELO first', ok)], 'pass'],
    ['Sendmail, needmailhelo', [phase('503 5.0.0 Polite people say HELO first', ok)], 'pass'],
    ['Haraka', [phase('503 Use EHLO/HELO before MAIL', ok)], 'pass'],
    ['words that nobody knows, and EHLO helps', [phase('550 5.7.1 not like this', ok)], 'pass'],
    ['for now, and EHLO helps', [phase('450 4.7.1 who are you?', ok)], 'pass'],
    [
      'words that nobody knows, and EHLO does not help',
      [phase('550 5.7.1 no', '550 5.7.1 no')],
      'inconclusive(ambiguous)',
    ],
    [
      'no bounces are taken',
      [phase('550 5.7.1 no bounces here', '550 5.7.1 no bounces here')],
      'inconclusive(ambiguous)',
    ],
    [
      'a block list',
      [
        phase(
          '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test',
          '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test',
        ),
      ],
      'inconclusive(client-blocked)',
    ],
    ['TLS first, then taken', [phase(starttls), phase(ok, undefined, true)], 'fail'],
    ['TLS first, then refused', [phase(starttls), phase('503 5.5.1 Error: send HELO/EHLO first', ok, true)], 'pass'],
    ['TLS first, and nothing more', [phase(starttls, starttls)], 'inconclusive(prerequisite)'],
    [
      'AUTH first',
      [phase('530 5.7.0 Authentication required', '530 5.7.0 Authentication required')],
      'inconclusive(prerequisite)',
    ],
    ['the end', [{ tls: false, mail: noAnswer({}), control: [] }], 'inconclusive(closed)'],
    [
      '421 that names it',
      [{ tls: false, mail: noAnswer({ reply: replyFrom('421 4.5.1 send HELO/EHLO first') }), control: [] }],
      'pass',
    ],
    [
      '421 of a limiter',
      [{ tls: false, mail: noAnswer({ reply: replyFrom('421 4.7.0 too many connections') }), control: [] }],
      'inconclusive(throttled)',
    ],
    ['221', [phase('221 2.7.0 bye')], 'inconclusive(ambiguous)'],
    ['nothing', [], 'inconclusive(ambiguous)'],
  ])('%s', (_, phases, expected) => {
    expect(said(judge(heloRequired, { phases }))).toBe(expected);
  });
});

async function scanned(scripted: ScriptedServer, options: Scanned = {}) {
  await using server = await scripted.start();
  const report = await scanServer(server, { probes: ['helo-required'], allow: 'intrusive', ...options });
  expectQuotesToStand(report);
  expectObservationsToFit(report);
  const commands = server.connections.at(-1)?.commands ?? [];
  return { finding: findingOf(report, 'helo-required'), commands, withoutQuit: server.withoutQuit };
}

/** Refuses MAIL to whoever has not said EHLO on this side of TLS. */
function polite(reply: string): ScriptedServer {
  const introduced = new WeakMap<object, boolean>();
  return mta()
    .onEhlo(({ dialogue }) => {
      introduced.set(dialogue, dialogue.tls);
      return undefined;
    })
    .onMail(({ dialogue }) => (introduced.get(dialogue) === dialogue.tls ? undefined : reply));
}

describe('helo-required asks', () => {
  test('right behind the greeting, and takes MAIL back at once', async () => {
    const { finding, commands, withoutQuit } = await scanned(mta());
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'info' });
    expect(commands).toEqual(['MAIL FROM:<>', 'RSET', 'QUIT']);
    expect(withoutQuit).toEqual([]);
  });

  test('again behind EHLO where it is refused', async () => {
    const { finding, commands } = await scanned(polite('550 5.7.1 not like this'));
    expect(finding.verdict).toBe('pass');
    expect(finding.evidence.map(({ quote }) => quote.slice(0, 3))).toEqual(['550', '250']);
    expect(commands).toEqual(['MAIL FROM:<>', 'EHLO probe.scanner.test', 'MAIL FROM:<>', 'RSET', 'QUIT']);
  });

  test.each([
    ['taken', mta().onMail(({ dialogue }) => (dialogue.tls ? undefined : starttls)), 'fail'],
    [
      'refused',
      polite('503 5.5.1 Error: send HELO/EHLO first').onMail(({ dialogue }) => (dialogue.tls ? undefined : starttls)),
      'pass',
    ],
  ])('inside TLS where that comes first: %s', async (_, server, verdict) => {
    const { finding } = await scanned(server, { role: 'submission' });
    expect(finding).toMatchObject({ verdict, measured: { tls: true } });
  });

  test('and a server that hangs up says nothing', async () => {
    const { finding } = await scanned(
      mta().onMail(({ dialogue }) => (dialogue.commands === 1 ? { and: 'hang up' } : undefined)),
    );
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'closed' });
  });
});
