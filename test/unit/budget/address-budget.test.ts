import { describe, expect, test } from 'vitest';
import { sideBySide } from '../../../src/budget/side-by-side.ts';
import { TroubleError } from '../../../src/wire/trouble-error.ts';
import { mta } from '../../fakes/scripted-server.ts';
import { budgetOf, type Lease, settled } from './leases.ts';

const doubtOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof TroubleError ? error.trouble.doubt : String(error)),
  );

/** Leases, uses and gives back. */
async function use(lease: Lease, want: Parameters<Lease>[0] = {}, commands: readonly string[] = []): Promise<string> {
  await using session = await lease(want);
  for (const command of commands) await session.say(command);
  return session.id;
}

describe('a session that was given back', () => {
  test('is leased again, under the name of the next probe', async () => {
    await using server = await mta().start();
    const { lease, recorder } = budgetOf(server);
    const first = await use(lease, { probe: 'hello' });
    expect(await use(lease, { probe: 'open-relay' }, ['NOOP'])).toBe(first);
    expect(server.connections).toHaveLength(1);
    expect(server.commands).toEqual(['EHLO probe.scanner.test', 'NOOP']);
    expect(recorder.sessions()[0]?.events.at(-1)).toMatchObject({ probe: 'open-relay', text: '250 2.0.0 Ok' });
  });

  test('says EHLO again for another name', async () => {
    await using server = await mta().start();
    const { lease } = budgetOf(server);
    await use(lease);
    await use(lease, { helo: 'other.test' });
    expect(server.connections.map(({ commands }) => commands)).toEqual([
      ['EHLO probe.scanner.test', 'EHLO other.test'],
    ]);
  });

  test('goes into TLS where that is wanted, and never serves in clear again', async () => {
    await using server = await mta().start();
    const { lease } = budgetOf(server);
    await use(lease);
    await use(lease, { tls: true });
    await use(lease, { tls: true }, ['NOOP']);
    await use(lease, { tls: false });
    expect(server.connections.map(({ commands }) => commands)).toEqual([
      ['EHLO probe.scanner.test', 'STARTTLS', 'EHLO probe.scanner.test', 'NOOP'],
      ['EHLO probe.scanner.test'],
    ]);
  });

  test('is taken as it is, before one that has to be changed', async () => {
    await using server = await mta().start();
    const { lease } = budgetOf(server);
    const [one, two] = await Promise.all([lease({ tls: true }), lease()]);
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    expect(await use(lease, { tls: true })).toBe(one.id);
    expect(await use(lease, { tls: false })).toBe(two.id);
  });

  test('hears RSET where a transaction was left open', async () => {
    await using server = await mta().start();
    const { lease } = budgetOf(server);
    await use(lease, {}, ['MAIL FROM:<>']);
    await use(lease, {}, ['NOOP']);
    expect(server.commands).toEqual(['EHLO probe.scanner.test', 'MAIL FROM:<>', 'RSET', 'NOOP']);
  });

  test('does not serve another port of the address', async () => {
    await using server = await mta().start();
    const { lease } = budgetOf(server);
    const first = await use(lease);
    expect(await use(lease, { endpoint: 'another' })).not.toBe(first);
  });

  test('does not serve who wants a connection of their own', async () => {
    await using server = await mta().start();
    const { lease } = budgetOf(server);
    const first = await use(lease);
    await using raw = await lease({ fresh: true });
    expect(raw.id).not.toBe(first);
    expect(raw).toMatchObject({ greeting: null, ehlo: null });
  });

  test.each([
    [
      'refusals',
      ['MAIL FROM:<>', ...Array.from({ length: 3 }, () => 'RCPT TO:<x@outside.test>'), 'RSET'],
      { refusals: 6, mistakes: 0, nonMail: 1 },
      { refusals: 5, mistakes: 0, nonMail: 1 },
    ],
    ['mistakes', ['XYZZY'], { refusals: 0, mistakes: 2, nonMail: 1 }, { refusals: 0, mistakes: 1, nonMail: 1 }],
    [
      'commands',
      ['NOOP', 'NOOP', 'NOOP'],
      { refusals: 0, mistakes: 0, nonMail: 7 },
      { refusals: 0, mistakes: 0, nonMail: 6 },
    ],
  ])('has room for so many %s and no more', async (_, commands, tooMuch, justEnough) => {
    await using server = await mta().start();
    const { lease } = budgetOf(server);
    const first = await use(lease, {}, commands);
    expect(await use(lease, { room: justEnough })).toBe(first);
    await use(lease, { endpoint: 'another' });
    expect(await use(lease, { room: tooMuch })).not.toBe(first);
  });

  test.each([
    ['has been closed by the server', () => mta().hangsUpAfter(2)],
    ['says what nobody asked for', () => mta().addsReply('250 2.0.0 Ok', { at: 2, place: 'after' })],
  ])('is ended, not leased, when it %s', async (_, server_) => {
    await using server = await server_().start();
    const { lease } = budgetOf(server);
    const first = await use(lease, {}, ['NOOP']);
    await settled();
    expect(await use(lease)).not.toBe(first);
    expect(server.withoutQuit).toEqual([]);
  });

  test('is ended with QUIT by drain', async () => {
    await using server = await mta().start();
    const { budget, lease } = budgetOf(server);
    await Promise.all([use(lease), use(lease), use(lease)]);
    await budget.drain();
    await expect.poll(() => server.connections.filter(({ open }) => open)).toEqual([]);
    expect(server.connections.every(({ quit }) => quit)).toBe(true);
  });

  test('gives its place back once, however often it is disposed', async () => {
    await using server = await mta().start();
    const { lease } = budgetOf(server, { connectionsPerAddress: 1 });
    const session = await lease({ fresh: true });
    await session[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();
    const [one, two] = [lease({ fresh: true }), lease({ fresh: true })];
    await (await one)[Symbol.asyncDispose]();
    await (await two)[Symbol.asyncDispose]();
    expect(server.peak).toBe(1);
  });
});

describe('a fresh connection that is to be greeted', () => {
  test('is tried again with fewer beside it where the server takes fewer', async () => {
    await using server = await mta().connectionsAtOnce(2).start();
    const { lease } = budgetOf(server, { connectionsPerAddress: 4 });
    const ask = () => use(lease, { fresh: true, greeted: true }, ['NOOP']);
    await Promise.all(Array.from({ length: 6 }, ask));
    expect(server.peak).toBe(2);
  });
});

describe('connections at once', () => {
  test.each([1, 2, 4])('are %i at the most, however many are wanted', async (connectionsPerAddress) => {
    // Slow enough that they stand side by side.
    await using server = await mta().cutsAt(3, 10).start();
    const { lease } = budgetOf(server, { connectionsPerAddress });
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => use(lease, { fresh: index % 3 === 0 }, index % 3 === 0 ? [] : ['NOOP'])),
    );
    expect(server.peak).toBe(connectionsPerAddress);
  });

  test('are no more when idle sessions make room for fresh ones', async () => {
    await using server = await mta().start();
    const { lease } = budgetOf(server, { connectionsPerAddress: 4 });
    await Promise.all([use(lease), use(lease), use(lease)]);
    await Promise.all(Array.from({ length: 4 }, () => use(lease, { fresh: true })));
    expect(server.peak).toBeLessThanOrEqual(4);
  });

  test('are no more when idle sessions do not fit', async () => {
    await using server = await mta().start();
    const { lease } = budgetOf(server, { connectionsPerAddress: 4 });
    await Promise.all(Array.from({ length: 4 }, () => use(lease, { tls: true })));
    await Promise.all(Array.from({ length: 4 }, () => use(lease, { tls: false })));
    expect(server.peak).toBeLessThanOrEqual(4);
  });

  test('are given back by those that fail', async () => {
    await using server = await mta().greets('554 5.7.1 no').start();
    const { lease } = budgetOf(server, { connectionsPerAddress: 2 });
    const doubts = await Promise.all(Array.from({ length: 10 }, () => doubtOf(lease())));
    expect(new Set(doubts)).toEqual(new Set(['client-blocked']));
    expect(server.withoutQuit).toEqual([]);
  });

  test('are fewer where the server takes fewer, and everyone is served all the same', async () => {
    for (const limit of [1, 2, 3]) {
      await using server = await mta().connectionsAtOnce(limit).start();
      const { lease } = budgetOf(server);
      const doubts = await Promise.all(
        Array.from({ length: 12 }, (_, index) => doubtOf(use(lease, { tls: index % 2 === 0 }, ['NOOP', 'NOOP']))),
      );
      expect(new Set(doubts), `limit ${limit}`).toEqual(new Set(['none']));
      expect(server.peak).toBeLessThanOrEqual(limit);
      // Each step down costs as many knocks as were under way.
      expect(server.connections.length).toBeLessThan(30);
    }
  });
});

test('a connection that is counted for a moment after its end makes them no fewer', async () => {
  const script = mta().turnsAwayWith({ and: 'hang up' });
  await using server = await script.start();
  const counted = () => void script.connectionsAtOnce(Number.POSITIVE_INFINITY);
  const { lease, waits } = budgetOf(server, { connectionsPerAddress: 2 }, { whileWaiting: counted });
  await using first = await lease();
  await use(lease, {}, ['QUIT']);
  script.connectionsAtOnce(1);
  await using second = await lease();
  expect([first.isHealthy, second.isHealthy, waits]).toEqual([true, true, [0.1]]);
});

describe('a limit on new connections', () => {
  test('ends the knocking', async () => {
    await using server = await mta().connectionsInAll(3).start();
    const { lease } = budgetOf(server);
    const doubts = await Promise.all(
      Array.from({ length: 12 }, () => doubtOf(use(lease, { endpoint: 'fits nothing idle' }))),
    );
    expect(doubts.filter((doubt) => doubt === 'none').length).toBeLessThanOrEqual(3);
    expect(doubts.filter((doubt) => doubt === 'throttled').length).toBeGreaterThanOrEqual(9);
    const knocks = server.connections.length;
    expect(knocks).toBeLessThanOrEqual(3 + 4 + 3);
    expect(await Promise.all(Array.from({ length: 20 }, () => doubtOf(lease())))).toEqual(
      Array.from({ length: 20 }, () => 'throttled'),
    );
    expect(server.connections.length).toBe(knocks);
  });

  test('is waited out as long as patience lasts, told each time', async () => {
    await using server = await mta().connectionsInAll(1).start();
    const { lease, waits, told } = budgetOf(server, { patienceSeconds: 40 });
    await use(lease, { fresh: true });
    await settled();
    expect(await doubtOf(lease())).toBe('throttled');
    expect(waits).toEqual([15, 15, 10]);
    expect(told).toHaveLength(3);
    expect(told[0]).toMatch(/^15 s: greeted with "421 4\.7\.0 /);
    // The one that worked, the one turned away, and a knock after each wait.
    expect(server.connections.length).toBe(5);
  });

  test('is over when a knock is answered, and what patience is left is kept', async () => {
    await using server = await mta().connectionsInAll(1).start();
    let waited = 0;
    const { lease, waits } = budgetOf(
      server,
      { patienceSeconds: 60 },
      {
        whileWaiting: () => {
          waited += 1;
          if (waited === 2) server.forgive();
        },
      },
    );
    await use(lease, { fresh: true });
    await settled();
    expect(await doubtOf(use(lease, {}, ['NOOP']))).toBe('none');
    expect(waits).toEqual([15, 15]);
  });

  test('is waited out once for all who want in', async () => {
    await using server = await mta().connectionsInAll(1).start();
    const { lease, waits } = budgetOf(
      server,
      { patienceSeconds: 15, connectionsPerAddress: 3 },
      { whileWaiting: (seconds) => void (seconds === 15 && server.forgive()) },
    );
    await use(lease, { fresh: true });
    await settled();
    const doubts = await Promise.all([doubtOf(use(lease)), doubtOf(use(lease)), doubtOf(use(lease))]);
    expect(waits.filter((seconds) => seconds === 15)).toHaveLength(1);
    expect(doubts).toEqual(['none', 'none', 'none']);
  });
});

describe('a limiter’s answer', () => {
  test('shuts the address, without a patient user for good', async () => {
    await using server = await mta()
      .onMail(() => '450 4.7.1 Error: too much mail from 127.0.0.1')
      .start();
    const { lease } = budgetOf(server, {}, { limiterSign: () => 'address' });
    await use(lease, {}, ['MAIL FROM:<>']);
    const knocks = server.connections.length;
    const error = await lease().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: 'a limiter answered "450 4.7.1 Error: too much mail from 127.0.0.1"',
      trouble: { doubt: 'throttled' },
    });
    expect((error as TroubleError).trouble.evidence[0]).toMatchObject({
      quote: '450 4.7.1 Error: too much mail from 127.0.0.1',
    });
    expect(server.connections.length).toBe(knocks);
    await expect.poll(() => server.connections.every(({ quit }) => quit)).toBe(true);
  });

  test('that ends a session only says how many errors the next may collect', async () => {
    await using server = await mta().errorLimit(5).start();
    const { budget, lease } = budgetOf(server, {}, { limiterSign: ({ code }) => (code === 421 ? 'session' : 'none') });
    expect(budget.refusalsPerSession).toBe(8);
    await use(lease, {}, ['MAIL FROM:<>', ...Array.from({ length: 8 }, () => 'RCPT TO:<x@outside.test>')]).catch(
      () => {},
    );
    expect(budget.refusalsPerSession).toBe(4);
    expect(await doubtOf(use(lease))).toBe('none');
  });

  test('a hang-up without a word teaches the same', async () => {
    await using server = await mta().hangsUpAfter(4).start();
    const { budget, lease } = budgetOf(server);
    await use(lease, {}, ['MAIL FROM:<>', 'RCPT TO:<x@outside.test>', 'RCPT TO:<x@outside.test>', 'NOOP']).catch(
      () => {},
    );
    expect(budget.refusalsPerSession).toBe(1);
    await use(lease, {}, ['MAIL FROM:<>', 'RCPT TO:<x@outside.test>', 'RSET', 'NOOP']).catch(() => {});
    expect(budget.refusalsPerSession).toBe(1);
  });
});

describe('a door that closes', () => {
  test('after it was open says something of us', async () => {
    const server = await mta().start();
    const { budget, lease } = budgetOf(server);
    await use(lease);
    await budget.drain();
    await server[Symbol.asyncDispose]();
    const error = await lease().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ trouble: { doubt: 'throttled' }, message: expect.stringContaining('ECONNREFUSED') });
    expect(await doubtOf(lease())).toBe('throttled');
  });

  test('that was never open is a server that cannot be reached', async () => {
    const server = await mta().start();
    await server[Symbol.asyncDispose]();
    const { lease } = budgetOf(server);
    expect(await doubtOf(lease())).toBe('unreachable');
  });
});

describe('side by side', () => {
  test('results stand in the order of the tasks, and no more run at once than are allowed', async () => {
    let running = 0;
    let most = 0;
    const results = await sideBySide([5, 1, 4, 2, 3], 2, async (turns) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return turns * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  test('at least one runs', async () => {
    expect(await sideBySide([1, 2], 0, async (task) => task)).toEqual([1, 2]);
  });
});
