import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionRequest, Wire } from '../../../src/kit/probe.ts';
import type { Subject } from '../../../src/kit/subject.ts';
import { type AskOptions, askTransactions } from '../../../src/kit/transactions/ask.ts';
import { deal } from '../../../src/kit/transactions/deal.ts';
import type { Transaction } from '../../../src/kit/transactions/transaction.ts';
import { isIntroduced } from '../../../src/wire/session.ts';
import { inTrouble } from '../../../src/wire/trouble-error.ts';
import { noLoad } from '../../fakes/no-load.ts';
import { greetedSession } from '../../fakes/open-session.ts';
import { mta, type RunningServer } from '../../fakes/scripted-server.ts';

const us = 'probe.scanner.test';
const transaction = (id: string, part: Partial<Transaction> = {}): Transaction => ({
  id,
  sender: 'mxprobe@scanner.test',
  recipient: `${id}@outside.test`,
  helo: us,
  odd: false,
  ...part,
});
const many = (count: number, part: Partial<Transaction> = {}) =>
  Array.from({ length: count }, (_, index) => transaction(`t${index}`, part));
const options: AskOptions = {
  tls: false,
  control: 'postmaster@example.test',
  wary: false,
  doubtful: false,
  oddPerSession: Number.POSITIVE_INFINITY,
  perSession: Number.POSITIVE_INFINITY,
};

interface FakeWire extends Wire {
  readonly requests: SessionRequest[];
}

/** Real sessions, each new; the budget of an address is not what is tested here. */
function wireTo(
  server: RunningServer,
  { refusals = 8, mistakes = 2, nonMail = 10, sessionsPerProbe = 16 } = {},
): FakeWire {
  const requests: SessionRequest[] = [];
  return {
    subject: { helo: us } as Subject,
    allowance: { refusals, mistakes, nonMail, transactions: Number.POSITIVE_INFINITY },
    sessionsPerProbe,
    oneByOne: false,
    requests,
    session: async (request = {}) => {
      requests.push(request);
      const session = await greetedSession(server, { restraint: { replySeconds: 0.3 } });
      if (!isIntroduced(session)) throw new Error('the server refused EHLO');
      return session;
    },
    fresh: () => Promise.reject(new Error('not wanted here')),
    apart: () => Promise.reject(new Error('not wanted here')),
    receiving: {
      sink: null,
      inbox: null,
      waitSeconds: 0,
      handToSink: async () => 'no sink',
      now: () => 0,
      pause: async () => {},
    },
    ...noLoad,
  };
}

describe('dealing', () => {
  const anyTransactions = fc
    .array(fc.record({ odd: fc.boolean(), renamed: fc.boolean() }), { maxLength: 60 })
    .map((kinds) =>
      kinds.map(({ odd, renamed }, index) =>
        transaction(`t${index}`, renamed && index > 0 ? { helo: 'mx.example.test' } : { odd }),
      ),
    );

  test('hands out each once, in batches no larger than allowed', () => {
    fc.assert(
      fc.property(anyTransactions, fc.integer({ min: 1, max: 12 }), (all, size) => {
        const batches = deal(all, size, Number.POSITIVE_INFINITY);
        expect(
          batches
            .flat()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(all.map(({ id }) => id).sort());
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(size);
        expect(batches.length).toBe(Math.ceil(all.length / size));
      }),
    );
  });

  test('puts no more odd ones in a batch than allowed', () => {
    fc.assert(
      fc.property(
        anyTransactions,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        (all, size, odd) => {
          const batches = deal(all, size, odd);
          expect(batches.flat()).toHaveLength(all.length);
          for (const batch of batches) {
            expect(batch.length).toBeLessThanOrEqual(size);
            expect(batch.filter((one) => one.odd).length).toBeLessThanOrEqual(odd);
          }
        },
      ),
    );
  });

  test('asks under our name first: a session changes its name once', () => {
    fc.assert(
      fc.property(anyTransactions, fc.integer({ min: 1, max: 12 }), (all, size) => {
        for (const batch of deal(all, size, Number.POSITIVE_INFINITY)) {
          const changes = batch.filter(({ helo }, index) => index > 0 && batch[index - 1]?.helo !== helo);
          expect(changes.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test.each([0, -3])('of a size of %i hands out one by one', (size) => {
    expect(deal(many(3), size, size).map((batch) => batch.length)).toEqual([1, 1, 1]);
  });

  test('of nothing is nothing', () => {
    expect(deal([], 8, 2)).toEqual([]);
  });
});

describe('asking', () => {
  test('brings an answer to each, in as few sessions as patience for errors allows', async () => {
    await using server = await mta().start();
    const wire = wireTo(server);
    const answers = await askTransactions(wire, many(20), options);
    expect(answers.map(({ id }) => id)).toEqual(many(20).map(({ id }) => id));
    for (const { mail, rcpt, control, cut, recipient } of answers) {
      expect(cut).toBeNull();
      expect(mail?.reply.code).toBe(250);
      expect(rcpt).toMatchObject({ command: `RCPT TO:<${recipient}>`, reply: { code: 554 } });
      expect(control).toMatchObject({ command: 'RCPT TO:<postmaster@example.test>', reply: { code: 250 } });
    }
    expect(server.connections).toHaveLength(3);
    for (const { commands } of server.connections) {
      expect(commands.filter((command) => command.includes('outside.test')).length).toBeLessThanOrEqual(8);
      expect(commands.filter((command) => command === 'RCPT TO:<postmaster@example.test>')).toHaveLength(1);
    }
  });

  const fourOfTwoSenders = [
    transaction('a', { sender: '' }),
    transaction('b'),
    transaction('c', { sender: '' }),
    transaction('d'),
  ];
  const own = 'RCPT TO:<postmaster@example.test>';

  test('asks the control once a session where the words speak of relaying', async () => {
    await using server = await mta().start();
    const answers = await askTransactions(wireTo(server), fourOfTwoSenders, options);
    expect(server.commands.filter((command) => /^(MAIL|RCPT)/.test(command))).toEqual([
      'MAIL FROM:<>',
      own,
      'RCPT TO:<a@outside.test>',
      'MAIL FROM:<mxprobe@scanner.test>',
      'RCPT TO:<b@outside.test>',
      'MAIL FROM:<>',
      'RCPT TO:<c@outside.test>',
      'MAIL FROM:<mxprobe@scanner.test>',
      'RCPT TO:<d@outside.test>',
    ]);
    expect(answers.map(({ control }) => control?.reply.code ?? null)).toEqual([250, null, 250, null]);
  });

  test('asks the control for every sender where they may mean something else', async () => {
    await using server = await mta()
      .onRcpt(({ destination }) => (destination.outside === null ? undefined : '550 5.1.1 User unknown'))
      .start();
    const answers = await askTransactions(wireTo(server), fourOfTwoSenders, options);
    expect(server.commands.filter((command) => command === own)).toHaveLength(2);
    expect(answers.map(({ control }) => control?.reply.code ?? null)).toEqual([250, 250, 250, 250]);
  });

  test('stays within what a session may hold, the controls of all senders counted', async () => {
    await using server = await mta()
      .onRcpt(({ destination }) => (destination.outside === null ? undefined : '550 5.1.1 User unknown'))
      .start();
    const senders = Array.from({ length: 8 }, (_, index) =>
      transaction(`s${index}`, { sender: `s${index}@scanner.test` }),
    );
    await askTransactions(wireTo(server), senders, options);
    for (const { commands } of server.connections) {
      expect(commands.filter((command) => /^(EHLO|RSET)/.test(command)).length).toBeLessThanOrEqual(10);
    }
  });

  test.each([
    ['where RCPT is not asked before MAIL is answered', () => mta().lockStepOnly(), false],
    ['where we are wary', () => mta(), true],
  ])('a refused sender costs no RCPT, %s', async (_, server_, wary) => {
    await using server = await server_()
      .onMail(({ address }) => (address === '' ? '550 5.7.1 no bounces here' : undefined))
      .start();
    const answers = await askTransactions(wireTo(server), [transaction('a', { sender: '' }), transaction('b')], {
      ...options,
      wary,
    });
    expect(answers[0]).toMatchObject({ mail: { reply: { code: 550 } }, rcpt: null, cut: null });
    expect(answers[1]).toMatchObject({ mail: { reply: { code: 250 } }, rcpt: { reply: { code: 554 } }, cut: null });
    expect(server.commands.filter((command) => command.startsWith('RCPT') && command.includes('a@'))).toEqual([]);
  });

  test('under a second name says EHLO once in a session', async () => {
    await using server = await mta().start();
    const answers = await askTransactions(
      wireTo(server),
      [...many(3), transaction('x', { helo: 'mx.example.test' }), transaction('y', { helo: 'mx.example.test' })],
      options,
    );
    expect(answers.every(({ cut }) => cut === null)).toBe(true);
    expect(server.commands.filter((command) => command.startsWith('EHLO'))).toEqual([
      'EHLO probe.scanner.test',
      'EHLO mx.example.test',
    ]);
  });

  test('under a second name that is refused brings the others’ answers all the same', async () => {
    await using server = await mta()
      .on(['EHLO', 'HELO'], ({ argument }) => (argument === 'mx.example.test' ? '550 5.7.1 that is me' : undefined))
      .start();
    const answers = await askTransactions(
      wireTo(server),
      [...many(3), transaction('x', { helo: 'mx.example.test' })],
      options,
    );
    expect(answers.slice(0, 3).every(({ cut, rcpt }) => cut === null && rcpt?.reply.code === 554)).toBe(true);
    expect(answers[3]?.cut).toMatchObject({
      doubt: 'ambiguous',
      because: expect.stringContaining('EHLO is refused: "550 5.7.1 that is me"'),
    });
  });

  test('wants room for what a session is to bear', async () => {
    await using server = await mta().start();
    const wire = wireTo(server);
    await askTransactions(wire, many(10), { ...options, tls: false });
    expect(wire.requests).toEqual([
      { tls: false, helo: us, refusals: 5, nonMail: 5 },
      { tls: false, helo: us, refusals: 5, nonMail: 5 },
    ]);
  });

  test('keeps to fewer odd forms a session where they count as mistakes', async () => {
    await using server = await mta().start();
    await askTransactions(wireTo(server), many(6, { odd: true }), { ...options, oddPerSession: 2 });
    expect(server.connections.length).toBe(3);
  });
});

describe('a session that is cut short', () => {
  test.each([4, 6, 9, 12])('after %i commands is followed by another, until all is answered', async (after) => {
    await using server = await mta().hangsUpAfter(after).start();
    const answers = await askTransactions(wireTo(server, { sessionsPerProbe: 40 }), many(12), options);
    expect(answers.filter(({ cut }) => cut !== null)).toEqual([]);
    expect(answers.every(({ rcpt }) => rcpt?.reply.code === 554)).toBe(true);
  });

  test('before it has brought anything is not followed by another', async () => {
    await using server = await mta().hangsUpAfter(1).start();
    const answers = await askTransactions(wireTo(server), many(20), options);
    expect(answers.every(({ cut }) => cut?.doubt === 'closed')).toBe(true);
    expect(server.connections).toHaveLength(3);
  });

  test('keeps what was answered before the cut', async () => {
    await using server = await mta().says421At(6).start();
    const answers = await askTransactions(wireTo(server, { sessionsPerProbe: 1 }), many(3), options);
    expect(answers.map(({ rcpt, cut }) => rcpt?.reply.code ?? cut?.doubt)).toEqual([554, 'closed', 'closed']);
  });

  test('is not followed by more than a probe may open', async () => {
    await using server = await mta().hangsUpAfter(4).start();
    const answers = await askTransactions(wireTo(server, { sessionsPerProbe: 5 }), many(30), options);
    expect(server.connections).toHaveLength(5);
    expect(answers.filter(({ cut }) => cut === null)).toHaveLength(5);
    expect(answers.filter(({ cut }) => cut !== null)).toHaveLength(25);
  });

  test('what no session was left for is not asked, and says so', async () => {
    await using server = await mta().start();
    const answers = await askTransactions(wireTo(server, { sessionsPerProbe: 2 }), many(40), options);
    expect(server.connections).toHaveLength(2);
    expect(answers.filter(({ cut }) => cut === null)).toHaveLength(16);
    expect(answers.filter(({ cut }) => cut?.doubt === 'budget-spent')).toHaveLength(24);
    expect(answers.find(({ cut }) => cut !== null)).toMatchObject({
      session: null,
      mail: null,
      rcpt: null,
      control: null,
    });
  });

  test('that cannot be had is a cut with its doubt; a bug of ours is not', async () => {
    const failing = (error: Error): Wire => ({
      ...wireTo({ port: 0 } as RunningServer),
      session: () => Promise.reject(error),
    });
    const answers = await askTransactions(
      failing(inTrouble('throttled', 'reply', 'too many connections')),
      many(2),
      options,
    );
    expect(answers.map(({ cut }) => cut?.doubt)).toEqual(['throttled', 'throttled']);
    await expect(askTransactions(failing(new TypeError('ours')), many(2), options)).rejects.toThrow(TypeError);
  });
});

describe('a session out of step', () => {
  /** What each would say in step: all are refused. */
  const told = (answers: readonly { rcpt: { reply: { code: number | null } } | null; cut: unknown }[]) =>
    answers.filter(({ cut }) => cut === null).map(({ rcpt }) => rcpt?.reply.code);

  test('by a reply too many: what was read behind it is no answer', async () => {
    for (let at = 2; at <= 10; at++) {
      await using server = await mta().addsReply('250 2.0.0 Ok', { at, place: 'before' }).start();
      const answers = await askTransactions(wireTo(server, { sessionsPerProbe: 1 }), many(3), options);
      expect(new Set(told(answers)), `before command ${at}`).toEqual(new Set(told(answers).length === 0 ? [] : [554]));
    }
  });

  test('by a reply too few: what was read behind it is no answer', async () => {
    for (let at = 2; at <= 10; at++) {
      await using server = await mta().swallowsReply({ at }).start();
      const answers = await askTransactions(wireTo(server, { sessionsPerProbe: 1 }), many(3), options);
      expect(new Set(told(answers)), `at command ${at}`).toEqual(new Set(told(answers).length === 0 ? [] : [554]));
    }
  });

  test('by a stray refusal in front of the answer to MAIL: that sender was not refused', async () => {
    for (const transactions of [many(1), many(3)]) {
      await using server = await mta()
        .addsReply('554 5.7.1 <x@outside.test>: Relay access denied', { at: 2, place: 'before' })
        .start();
      const [first] = await askTransactions(wireTo(server, { sessionsPerProbe: 1 }), transactions, {
        ...options,
        wary: true,
      });
      expect(first?.cut, `the first of ${transactions.length}`).not.toBeNull();
    }
  });
});
