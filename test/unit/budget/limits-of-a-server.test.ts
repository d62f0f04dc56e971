import { describe, expect, test } from 'vitest';
import { defaultRestraint } from '../../../src/index.ts';
import { findingOf, firstFour, type Scanned, scanServer as scanWith, verdictsOf } from '../../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../../fakes/scripted-server.ts';

/** The catalogue may grow; what a server's limits do to it does not. */
const scanServer = (server: { readonly port: number }, options: Scanned = {}) =>
  scanWith(server, { probes: firstFour, ...options });

const allPass = { hello: 'pass', 'starttls-works': 'pass', 'starttls-offer': 'pass', 'open-relay': 'pass' };

describe('the default scan', () => {
  test('stays within its connections at once, and says QUIT on each', async () => {
    await using server = await mta().start();
    const report = await scanServer(server);
    expect(verdictsOf(report)).toEqual(allPass);
    expect(server.peak).toBeLessThanOrEqual(defaultRestraint.connectionsPerAddress);
    expect(server.connections.length).toBeLessThanOrEqual(8);
    expect(server.withoutQuit).toEqual([]);
    expect(server.connections.every(({ quit, open }) => quit && !open)).toBe(true);
    expect(report.endpoints[0]?.cost.connections).toBe(server.connections.length);
    expect(report.endpoints[0]?.cost.commands).toBe(server.commands.length);
  });

  test('never asks DATA, and stays under the soft error limit of Postfix in every session', async () => {
    await using server = await mta().start();
    const report = await scanServer(server);
    expect(server.commands.filter((command) => /^(DATA|BDAT)/i.test(command))).toEqual([]);
    for (const { id, events } of report.endpoints[0]?.sessions ?? []) {
      const refusals = events.filter(({ from, text }) => from === 'them' && /^[45]\d\d[ -]/.test(text));
      expect(refusals.length, id).toBeLessThan(10);
    }
  });

  test.each([1, 2, 3])('gets its verdicts of a server that takes %i connections at once', async (limit) => {
    await using server = await mta().connectionsAtOnce(limit).start();
    const report = await scanServer(server);
    expect(verdictsOf(report)).toEqual(allPass);
    expect(server.peak).toBeLessThanOrEqual(limit);
    expect(server.connections.length).toBeLessThanOrEqual(24);
    expect(server.withoutQuit).toEqual([]);
  });

  test.each([1, 2, 4, 6])('that meets a limit of %i new connections says so, or needs no more', async (limit) => {
    await using server = await mta().connectionsInAll(limit).start();
    const report = await scanServer(server);
    expect(verdictsOf(report)).toMatchObject({ hello: 'pass' });
    expect(['inconclusive(throttled)', 'pass']).toContain(verdictsOf(report)['open-relay']);
    if (limit < 4) expect(findingOf(report, 'open-relay').doubt).toBe('throttled');
    expect(server.connections.length).toBeLessThanOrEqual(limit + 8);
  });

  const errorLimits: readonly [string, () => ScriptedServer][] = [
    ['5 errors', () => mta().errorLimit(5)],
    ['3 errors', () => mta().errorLimit(3)],
    ['10 errors, in lock step', () => mta().lockStepOnly().errorLimit(10)],
    ['4 errors, in lock step', () => mta().lockStepOnly().errorLimit(4)],
  ];

  test.each(errorLimits)('gets its verdicts of a server that ends a session after %s', async (_, server_) => {
    await using server = await server_().start();
    const report = await scanServer(server, { restraint: { sessionsPerProbe: 60 } });
    expect(verdictsOf(report)).toEqual(allPass);
    expect(server.withoutQuit).toEqual([]);
  });

  test('of a server that ends a session at the first error says that it could not ask all', async () => {
    await using server = await mta().errorLimit(1).start();
    const report = await scanServer(server);
    expect(['inconclusive(throttled)', 'inconclusive(budget-spent)', 'pass']).toContain(
      verdictsOf(report)['open-relay'],
    );
    expect(server.connections.length).toBeLessThanOrEqual(45);
  });
});
