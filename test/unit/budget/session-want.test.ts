import { describe, expect, test } from 'vitest';
import { fits, type SessionWant, takeFitting } from '../../../src/budget/session-want.ts';
import type { SmtpSession } from '../../../src/wire/session.ts';

type Idle = {
  name: string;
  endpoint?: string;
  tls?: boolean;
  helo?: string;
  isHealthy?: boolean;
  spent?: Partial<SmtpSession['spent']>;
  isWorn?: boolean;
};

/** As much of a session as the choice looks at. */
function idle({
  name,
  endpoint = 'e',
  tls = false,
  helo = 'us',
  isHealthy = true,
  spent = {},
  isWorn = false,
}: Idle): SmtpSession {
  const parts = {
    id: name,
    endpoint: { id: endpoint },
    tls: tls ? {} : null,
    helo,
    isHealthy,
    isWorn,
    spent: { refusals: 0, mistakes: 0, nonMail: 0, recipients: 0, transactions: 0, ...spent },
  };
  return parts as unknown as SmtpSession;
}

const want = (part: Partial<SessionWant> = {}): SessionWant => ({
  probe: 'p',
  endpoint: 'e',
  fresh: false,
  tls: false,
  helo: 'us',
  room: { refusals: 2, mistakes: 1, nonMail: 3 },
  allowance: {
    refusals: 8,
    mistakes: 2,
    nonMail: 10,
    recipients: Number.POSITIVE_INFINITY,
    transactions: Number.POSITIVE_INFINITY,
  },
  ...part,
});

const noRefusal = { refusals: 0, mistakes: 0, nonMail: 1 };

const taken = (sessions: readonly Idle[], wanted: SessionWant) => takeFitting(sessions.map(idle), wanted)?.id ?? null;

describe('a fitting session', () => {
  test.each<[string, readonly Idle[], SessionWant, string | null]>([
    ['there is none', [], want(), null],
    ['as wanted', [{ name: 'a' }], want(), 'a'],
    ['another port', [{ name: 'a', endpoint: 'f' }], want(), null],
    ['in TLS, wanted in clear', [{ name: 'a', tls: true }], want(), null],
    ['in clear, wanted in TLS', [{ name: 'a' }], want({ tls: true }), 'a'],
    ['as wanted before one to be changed', [{ name: 'a', helo: 'x' }, { name: 'b' }], want(), 'b'],
    ['another name, to be changed', [{ name: 'a', helo: 'x' }], want(), 'a'],
    ['just enough refusals left', [{ name: 'a', spent: { refusals: 6 } }], want(), 'a'],
    ['too few refusals left', [{ name: 'a', spent: { refusals: 7 } }], want(), null],
    ['just enough mistakes left', [{ name: 'a', spent: { mistakes: 1 } }], want(), 'a'],
    ['too few mistakes left', [{ name: 'a', spent: { mistakes: 2 } }], want(), null],
    ['just enough commands left', [{ name: 'a', spent: { nonMail: 7 } }], want(), 'a'],
    ['too few commands left', [{ name: 'a', spent: { nonMail: 8 } }], want(), null],
    ['worn by a slow refusal', [{ name: 'a', isWorn: true }], want(), null],
    ['worn, where nothing will be refused', [{ name: 'a', isWorn: true }], want({ room: noRefusal }), 'a'],
    [
      'one that died, before one to be changed: it has to be ended anyway',
      [
        { name: 'a', helo: 'x' },
        { name: 'b', helo: 'x', isHealthy: false },
      ],
      want(),
      'b',
    ],
  ])('%s', (_, sessions, wanted, expected) => {
    expect(taken(sessions, wanted)).toBe(expected);
  });

  test('is out of the list, and the others stay', () => {
    const list = [idle({ name: 'a', helo: 'x' }), idle({ name: 'b' }), idle({ name: 'c' })];
    expect(takeFitting(list, want())?.id).toBe('b');
    expect(list.map(({ id }) => id)).toEqual(['a', 'c']);
  });

  test('fits by name and TLS', () => {
    expect(fits(idle({ name: 'a' }), want())).toBe(true);
    expect(fits(idle({ name: 'a', helo: 'x' }), want())).toBe(false);
    expect(fits(idle({ name: 'a', tls: true }), want())).toBe(false);
    expect(fits(idle({ name: 'a', tls: true }), want({ tls: true }))).toBe(true);
  });
});
