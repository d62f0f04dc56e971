import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/model/report.ts';
import type { RemarkKind, SessionTranscript } from '../../../src/model/transcript.ts';
import { authSides } from '../../../src/report/html/auth-lists.tsx';
import { inWords } from '../../../src/report/html/limit-picture.tsx';
import { seriesOf } from '../../../src/report/html/limit-series.ts';
import { relayAnswers } from '../../../src/report/html/relay-answers.ts';
import { endpointReport, finding } from './handmade.ts';

const measured = (probe: string, figures: NonNullable<Finding['measured']>) =>
  finding(probe, 'pass', { measured: figures });

/** `at C: text` a line. */
function dialogue(id: string, probe: string, lines: readonly string[]): SessionTranscript {
  const kinds: Readonly<Record<string, RemarkKind>> = {
    'connected to': 'connected',
    'TLS established:': 'handshake',
    'TLS handshake': 'handshake-failed',
  };
  const speakers = { C: 'us', S: 'them', '-': 'scanner' } as const;
  const events = lines.map((line) => {
    const [at = '', who = '', ...text] = line.split(' ');
    const kind = who === '-' ? { kind: kinds[text.slice(0, 2).join(' ')] ?? 'trouble' } : {};
    return { at: Number(at), from: speakers[who as 'C'], tls: false, probe, text: text.join(' '), ...kind };
  });
  return { id, events };
}

/** `at level`, with a cross behind what was refused. */
const drawn = (probe: string, figures: NonNullable<Finding['measured']>, sessions: readonly SessionTranscript[]) =>
  seriesOf(measured(probe, figures), sessions)?.marks.map(
    ({ at, level, isRefused }) => `${at} ${level}${isRefused ? ' x' : ''}`,
  ) ?? null;

describe('events over time', () => {
  const reply = '450 4.7.1 Error: too much mail';

  test('of a pipelined burst, its refusal, and the window that begins anew', () => {
    const sessions = [
      dialogue('s1', 'message-rate', [
        '9 S 220 hello',
        ...['10 C MAIL FROM:<>', '10 C RSET', '10 C MAIL FROM:<>', '10 C RSET', '10 C MAIL FROM:<>', '10 C RSET'],
        ...['10 S 250 Ok', '10 S 250 Ok', '10.5 S 250 Ok', '10.5 S 250 Ok', `11 S ${reply}`, '11 S 250 Ok'],
        ...['15 C MAIL FROM:<>', `15 S ${reply}`, '20 C MAIL FROM:<>', '20 S 250 Ok'],
      ]),
    ];
    expect(drawn('message-rate', { limit: 2, reply }, sessions)).toEqual(['0 1', '0.5 2', '1 3 x', '5 3 x', '10 1']);
    const series = seriesOf(measured('message-rate', { limit: 2, reply }), sessions);
    expect(series && inWords('message-rate', series)).toBe(
      `5 MAIL commands in 10 s; number 3 was refused after 1 s with ${reply}; the limit is 2`,
    );
  });

  test('an error everybody gets is no refusal; the last word of the server, which answers nothing, is', () => {
    const end = '421 4.7.0 Error: too many errors';
    const lines = [
      '0 C EHLO a',
      '0 S 250-b',
      '0 S 250 c',
      '1 C MXP1',
      '1 S 500 what?',
      '2 C MXP2',
      '3 S 500 what?',
      `3 S ${end}`,
    ];
    expect(drawn('error-limit', { limit: 2, reply: end, soft: 1 }, [dialogue('s1', 'error-limit', lines)])).toEqual([
      '0 1',
      '2 2',
      '2 3 x',
    ]);
  });

  test('connections at once are those that are open', () => {
    const open = (id: string, from: number, to: number, text = '220 hello') =>
      dialogue(id, 'connection-count', [
        `${from} - connected to a`,
        `${from} S ${text}`,
        `${to} C QUIT`,
        `${to} S 221 bye`,
      ]);
    const sessions = [open('s1', 0, 9), open('s2', 1, 2), open('s3', 1.5, 1.5, '421 too many'), open('s4', 3, 9)];
    expect(drawn('connection-count', { limit: 2 }, sessions)).toEqual(['0 1', '1 2', '1.5 3 x', '3 2']);
    expect(drawn('connection-rate', { limit: 2 }, [])).toBeNull();
  });

  test('handshakes that fail, or are put off inside TLS, are refused', () => {
    const shake = (id: string, at: number, ...more: string[]) =>
      dialogue(id, 'tls-session-rate', [`${at} C STARTTLS`, `${at} S 220 go`, ...more]);
    const sessions = [
      shake('s1', 0, '0 - TLS established: TLSv1.3'),
      shake('s2', 1, '1 - TLS established: TLSv1.3', '1 S 421 4.7.0 too many'),
      shake('s3', 2, '2 - TLS handshake failed: reset'),
    ];
    expect(drawn('tls-session-rate', { limit: 1 }, sessions)).toEqual(['0 1', '1 2 x', '2 2 x']);
  });

  test('what is not known to be an event is not drawn', () => {
    const lines = ['0 C HELP', '0 S 214 no', '1 C HELP', '1 S 214 no'];
    expect(drawn('idle-timeout', { limit: 300 }, [dialogue('s1', 'idle-timeout', lines)])).toBeNull();
    expect(drawn('constructor', { limit: 300 }, [dialogue('s1', 'constructor', lines)])).toBeNull();
  });
});

describe('the relay matrix', () => {
  const figures = {
    accepted: ['null>plain', 'tls:outside>percent@domain'],
    refused: ['own-helo:outside>plain'],
    untested: ['bare>plain: the sender was refused', 'not a form'],
  };

  test('reads sender, recipient, HELO and TLS out of the names of the forms, and codes out of what was observed', () => {
    const answer = (id: string, code: number | null) => ({ id, rcpt: code === null ? null : { reply: { code } } });
    const observations = {
      'open-relay': {
        phases: [
          {
            tls: false,
            answers: [answer('null>plain', 250), answer('own-helo:outside>plain', 554), answer('x', null)],
          },
          { tls: true, answers: [answer('outside>percent@domain', 251)] },
        ],
      },
    };
    const rows = relayAnswers(endpointReport([measured('open-relay', figures)], { observations }));
    expect(
      rows.map((row) => [row.tls, row.ownHelo, row.sender, row.recipient, row.outcome, row.code, row.why]),
    ).toEqual([
      [false, false, 'null', 'plain', 'accepted', 250, null],
      [true, false, 'outside', 'percent@domain', 'accepted', 251, null],
      [false, true, 'outside', 'plain', 'refused', 554, null],
      [false, false, 'bare', 'plain', 'untested', null, 'the sender was refused'],
    ]);
  });

  test('stands without codes where nothing was observed', () => {
    const rows = relayAnswers(endpointReport([measured('open-relay', figures)], { observations: {} }));
    expect(rows.map(({ code }) => code)).toEqual([null, null, null, null]);
  });
});

describe('AUTH side by side', () => {
  const before = measured('auth-before-tls', { before: [], works: ['PLAIN'], refused: ['LOGIN'] });
  const after = measured('auth-after-tls', { before: [], after: ['PLAIN'], works: ['PLAIN'], refused: [] });

  test('both sides', () => {
    expect(authSides({ findings: [before, after] })).toMatchObject([
      { title: 'In clear', listed: [], works: ['PLAIN'], refused: ['LOGIN'], because: null },
      { title: 'Inside TLS', listed: ['PLAIN'], works: ['PLAIN'], because: null },
    ]);
  });

  test('a side that was not measured says why; none at all is no table', () => {
    const none = finding('auth-before-tls', 'not-applicable', { because: 'TLS comes first' });
    expect(authSides({ findings: [none, after] })?.[0]).toMatchObject({ listed: [], because: 'TLS comes first' });
    expect(authSides({ findings: [none] })).toBeNull();
  });
});
