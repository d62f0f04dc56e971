import { describe, expect, test } from 'vitest';
import { probes } from '../../../probes/index.ts';
import type { Finding } from '../../../src/model/report.ts';
import type { SessionTranscript } from '../../../src/model/transcript.ts';
import { authSides } from '../../../src/report/html/auth-lists.tsx';
import { inWords } from '../../../src/report/html/limit-picture.tsx';
import { besides, seriesOf } from '../../../src/report/html/limit-series.ts';
import { relayAnswers } from '../../../src/report/html/relay-answers.ts';
import { endpointReport, finding } from './handmade.ts';

const measured = (probe: string, figures: NonNullable<Finding['measured']>) =>
  finding(probe, 'pass', { measured: figures });

/** Answers at these seconds, in one session. */
const answeredAt = (...seconds: number[]): SessionTranscript => ({
  id: 's1',
  events: seconds.map((at) => ({ at, from: 'them', tls: false, probe: 'p', text: '250 Ok' })),
});

/** `level`, with an x behind what was refused; the answers stand in the transcript in the same order. */
const timeline = (...marks: string[]) =>
  marks.map((mark, event) => ({
    session: 's1',
    event,
    level: Number.parseInt(mark, 10),
    isRefused: mark.endsWith('x'),
  }));

const drawn = (probe: string, figures: NonNullable<Finding['measured']>, observation: unknown, ...seconds: number[]) =>
  seriesOf(measured(probe, figures), { observations: { [probe]: observation }, sessions: [answeredAt(...seconds)] });

describe('events over time', () => {
  const reply = '450 4.7.1 Error: too much mail';

  test('at the times of their answers, counted from the first', () => {
    const observation = { timeline: timeline('1', '2', '3x', '3x', '1') };
    const series = drawn('message-rate', { limit: 2, reply }, observation, 10, 10.5, 11, 15, 20);
    expect(series?.marks).toEqual([
      { at: 0, level: 1, isRefused: false },
      { at: 0.5, level: 2, isRefused: false },
      { at: 1, level: 3, isRefused: true },
      { at: 5, level: 3, isRefused: true },
      { at: 10, level: 1, isRefused: false },
    ]);
    expect(series && inWords('message-rate', series)).toBe(
      `5 MAIL commands in 10 s; number 3 was refused after 1 s with ${reply}; waits of 4 s, 5 s; the limit is 2`,
    );
  });

  const said = (at: number, from: 'us' | 'them', probe = 'message-rate') => ({
    at,
    from,
    tls: false,
    probe,
    text: 'x',
  });
  const pausesOf = (events: SessionTranscript['events'], answers: readonly number[]) => {
    const marks = answers.map((event, index) => ({ session: 's1', event, level: index + 1, isRefused: false }));
    return seriesOf(measured('message-rate', { limit: 2 }), {
      observations: { 'message-rate': { timeline: marks } },
      sessions: [{ id: 's1', events }],
    });
  };

  test('with the wait before the first, since another probe or its own preparation spoke', () => {
    const events = [said(10, 'them', 'hello'), said(22, 'us'), said(22.1, 'them'), said(25, 'us'), said(25.5, 'them')];
    const drawnOf = pausesOf([...events, said(25.5, 'us'), said(26, 'them')], [4, 6]);
    expect(drawnOf?.waits).toEqual([
      { from: 0, to: 12 },
      { from: expect.closeTo(12.1), to: 15 },
    ]);
    expect(drawnOf?.marks.map(({ at }) => at)).toEqual([15.5, 16]);
    expect(drawnOf && inWords('message-rate', drawnOf)).toMatch(/^2 MAIL commands in 500 ms; .*waits of 12 s, 2\.9 s/);
  });

  test('probes that run beside the others do not cut a wait short', () => {
    expect(besides.toSorted()).toEqual(
      probes
        .filter(({ waits }) => waits === true)
        .map(({ id }) => id)
        .toSorted(),
    );
    const events = [said(10, 'them', 'hello'), said(20, 'us', 'command-deadline'), said(22, 'us'), said(22.1, 'them')];
    expect(pausesOf([...events, said(22.1, 'us'), said(22.2, 'them')], [3, 5])?.waits).toEqual([{ from: 0, to: 12 }]);
  });

  test('a server that takes its time is none of our waits', () => {
    const slow = [said(0, 'us'), said(9, 'them'), said(9, 'us'), said(18, 'them'), said(20, 'us'), said(29, 'them')];
    expect(pausesOf(slow, [1, 3, 5])?.waits).toEqual([{ from: 9, to: 11 }]);
  });

  test('no refusal is quoted where none was met', () => {
    expect(drawn('error-limit', { limit: null, reply }, { timeline: timeline('1', '2') }, 0, 1)?.refusal).toBeNull();
  });

  test.each<[string, unknown]>([
    ['a report that kept none', { result: {} }],
    ['one event', { timeline: timeline('1') }],
    [
      'events that the transcript has not',
      { timeline: timeline('1', '2', '3').map((one) => ({ ...one, session: 's9' })) },
    ],
    ['a probe that had nothing to count', null],
  ])('nothing is drawn of %s', (_, observation) => {
    expect(drawn('message-rate', { limit: 2 }, observation, 0, 1, 2)).toBeNull();
    expect(drawn('constructor', { limit: 2 }, observation, 0, 1, 2)).toBeNull();
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

  test.each([
    ['a pass', before, false],
    ['a failure', { ...before, verdict: 'fail', severity: 'high' } as const, true],
    ['a warning', { ...before, verdict: 'fail', severity: 'low' } as const, false],
    ['waived', { ...before, verdict: 'fail', waived: { until: '2026-12-31', reason: 'known' } } as const, false],
  ])('what works in clear is a fault where that is a failure: %s', (_, inClear, isFault) => {
    expect(authSides({ findings: [inClear, after] })?.map((side) => side.isFault)).toEqual([isFault, false]);
  });

  test('a side that was not measured says why; none at all is no table', () => {
    const none = finding('auth-before-tls', 'not-applicable', { because: 'TLS comes first' });
    expect(authSides({ findings: [none, after] })?.[0]).toMatchObject({ listed: [], because: 'TLS comes first' });
    expect(authSides({ findings: [none] })).toBeNull();
  });
});
