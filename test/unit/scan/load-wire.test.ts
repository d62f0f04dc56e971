import { describe, expect, it } from 'vitest';
import { AddressBudget } from '../../../src/budget/address-budget.ts';
import { endpointOf } from '../../../src/model/endpoint.ts';
import type { Restraint } from '../../../src/model/restraint.ts';
import { loadWire } from '../../../src/scan/load-wire.ts';
import { defaultOptions } from '../../../src/scan/options.ts';
import { Recorder } from '../../../src/wire/recorder.ts';
import { StandingClock } from '../../fakes/scan-load.ts';
import { shortLimits } from '../../fakes/scan-server.ts';
import { mta } from '../../fakes/scripted-server.ts';

function wireTo(
  { port }: { readonly port: number },
  { signal = null, restraint: less = {} }: { signal?: AbortSignal | null; restraint?: Partial<Restraint> } = {},
) {
  const clock = new StandingClock();
  const recorder = new Recorder(clock.now);
  const told: string[] = [];
  const restraint = { ...shortLimits, maxEvents: 3, ...less };
  const budget = new AddressBudget({ restraint, limiterSign: () => 'none', wait: async () => {}, onWait: () => {} });
  const wire = loadWire({
    endpoint: endpointOf({ host: '127.0.0.1', address: '127.0.0.1', port, role: 'mx', tls: 'starttls' }),
    options: {
      ...defaultOptions,
      helo: 'probe.scanner.test',
      restraint,
      signal,
      clock: signal === null ? clock : null,
    },
    budget,
    recorder,
    onWait: (seconds, because) => void told.push(`${Math.round(seconds)} s ${because}`),
  });
  return { wire, clock, told, recorder };
}

describe('silence', () => {
  it('is counted from the begin of the scan where nothing was sent, and waited for once', async () => {
    const { wire, clock, told } = wireTo({ port: 1 });
    const began = clock.now();
    expect(await wire.quiet(61, 'for a fresh window')).toBe(began);
    expect(clock.now()).toBe(began + 61);
    await wire.quiet(61, 'for a fresh window');
    expect(told).toEqual(['61 s for a fresh window']);
  });

  it('is counted from the last command', async () => {
    await using server = await mta().start();
    const { wire, clock } = wireTo(server);
    await clock.wait(100);
    const session = await wire.raw('test');
    await session.greet();
    await clock.wait(7);
    await session.say('EHLO probe.scanner.test');
    const said = clock.now();
    await session.release(session);
    await clock.wait(20);
    expect(await wire.quiet(61, 'for a fresh window')).toBeCloseTo(said, 3);
    expect(clock.now()).toBeCloseTo(said + 61, 3);
  });

  it('ends with the scan', async () => {
    const { wire } = wireTo({ port: 1 }, { signal: AbortSignal.abort() });
    await expect(wire.quiet(61, 'for a fresh window')).rejects.toMatchObject({ trouble: { doubt: 'budget-spent' } });
  });

  it('is kept after a limiter was filled, once', async () => {
    const { wire, told } = wireTo({ port: 1 });
    await wire.rested();
    wire.service.noteRefusal();
    await wire.rested();
    await wire.rested();
    expect(told).toEqual(['72 s for the window of a limiter that was filled on purpose']);
  });
});

describe('what load probes may take together', () => {
  it('says how long was waited', async () => {
    const { wire, clock, recorder } = wireTo({ port: 1 });
    expect(recorder.cost()).not.toHaveProperty('waitedSeconds');
    await wire.clock.wait(61, 'for a fresh window');
    await clock.wait(9);
    await wire.clock.wait(11, 'for another');
    expect(recorder.cost()).toMatchObject({ waitedSeconds: 72, seconds: 81 });
  });

  it('ends the waiting before it begins, and the time of a probe with it', async () => {
    const { wire, clock } = wireTo({ port: 1 }, { restraint: { loadSeconds: 120, loadProbeSeconds: 100 } });
    const began = clock.now();
    expect(wire.load.loadProbeSeconds).toBe(100);
    await wire.clock.wait(70, 'for a fresh window');
    expect(wire.load.loadProbeSeconds).toBe(50);
    await expect(wire.clock.wait(51, 'for another')).rejects.toMatchObject({
      trouble: { doubt: 'budget-spent' },
      message: expect.stringContaining('the 2 min that all load probes of one endpoint may take (--max-minutes)'),
    });
    expect(clock.now()).toBe(began + 70);
  });

  it('ends the connections', async () => {
    await using server = await mta().start();
    const { wire, clock } = wireTo(server, { restraint: { loadSeconds: 60, loadConnections: 2 } });
    for (const session of [await wire.raw('test'), await wire.raw('test')]) await session.release(session);
    await expect(wire.raw('test')).rejects.toMatchObject({ trouble: { doubt: 'budget-spent' } });
    expect(server.connections).toHaveLength(2);
    const { wire: late } = wireTo(server, { restraint: { loadSeconds: 0 } });
    await expect(late.raw('test')).rejects.toMatchObject({ message: expect.stringContaining('--max-minutes') });
    expect(clock.now()).toBe(10_000);
  });
});

describe('a connection outside the gate', () => {
  it('reads a 421 as data, and ends with QUIT', async () => {
    await using server = await mta().connectionsAtOnce(1).start();
    const { wire } = wireTo(server);
    const first = await wire.raw('test');
    await first.greet();
    const second = await wire.raw('test');
    await expect(second.greet()).rejects.toMatchObject({ trouble: { reply: { code: 421 } } });
    await second.release(second);
    await first.release(first);
    const third = await wire.raw('test');
    expect((await third.greet()).code).toBe(220);
    await third.release(third);
    expect(server.withoutQuit).toEqual([]);
  });

  it('is one of a few more than the events of a burst', async () => {
    await using server = await mta().start();
    const { wire } = wireTo(server);
    const held = await Promise.all(Array.from({ length: 8 }, () => wire.raw('test')));
    await expect(wire.raw('test')).rejects.toThrow('holds 8 connections');
    await Promise.all(held.map((session) => session.release(session)));
  });
});
