import { describe, expect, test } from 'vitest';
import { askControl, rejectedSession } from '../../../src/kit/control.ts';
import { greetedSession } from '../../fakes/open-session.ts';
import { mta } from '../../fakes/scripted-server.ts';
import { replyFrom } from '../mta/reply-from.ts';
import { exchange } from './replies.ts';

const go = '550 5.7.1 Go away';
const ok = '250 2.0.0 Ok';

describe('rejectedSession', () => {
  test.each<[string, string, [string, string], string]>([
    ['the same to RSET', go, [go, go], 'client-blocked/rejected-session "550 5.7.1 Go away" "550 5.7.1 Go away"'],
    [
      'the same to MAIL, as milters do',
      go,
      [ok, go],
      'client-blocked/rejected-session "550 5.7.1 Go away" "550 5.7.1 Go away"',
    ],
    [
      'the same words with another code',
      go,
      [ok, '554 5.7.1 go away'],
      'client-blocked/rejected-session "550 5.7.1 Go away" "554 5.7.1 go away"',
    ],
    [
      'everything put off',
      '454 4.3.0 Try again later',
      [ok, '451 4.7.1 Service unavailable'],
      'ambiguous/put-off "454 4.3.0 Try again later" "451 4.7.1 Service unavailable"',
    ],
    ['both taken', go, [ok, ok], 'an answer'],
    ['MAIL refused in other words', go, [ok, '530 5.7.0 Must issue a STARTTLS command first'], 'an answer'],
    ['MAIL put off where the refusal is for good', go, [ok, '451 4.7.1 Greylisted'], 'an answer'],
    [
      'TLS wanted for all',
      '530 5.7.0 Must issue a STARTTLS command first',
      [ok, '530 5.7.0 Must issue a STARTTLS command first'],
      'an answer',
    ],
    [
      'AUTH wanted for all',
      '530 5.7.0 Authentication required.',
      [ok, '530 5.7.0 Authentication required.'],
      'an answer',
    ],
  ])('%s', (_, refusal, [rset, mail], expected) => {
    const met = rejectedSession(replyFrom(refusal), [exchange('RSET', rset), exchange('MAIL FROM:<>', mail)]);
    const quotes = met?.evidence.map(({ quote }) => `"${quote}"`).join(' ');
    expect(met === null ? 'an answer' : `${met.doubt}/${met.cause} ${quotes}`).toBe(expected);
  });

  test('nothing asked: nothing told', () => {
    expect(rejectedSession(replyFrom(go), [])).toBeNull();
  });
});

describe('askControl', () => {
  const subject = { sender: 'us@probe.scanner.test', allow: 'active' } as const;
  test('says RSET and MAIL; a passive scan no MAIL', async () => {
    await using server = await mta().start();
    await using session = await greetedSession(server);
    expect((await askControl(session, subject)).map(({ command }) => command)).toEqual([
      'RSET',
      'MAIL FROM:<us@probe.scanner.test>',
    ]);
    await using passive = await greetedSession(server);
    expect(await askControl(passive, { ...subject, allow: 'passive' })).toHaveLength(1);
  });

  test('a session that is over tells nothing', async () => {
    await using server = await mta().hangsUpAfter(1).start();
    await using session = await greetedSession(server);
    expect(await askControl(session, subject)).toEqual([]);
  });
});
