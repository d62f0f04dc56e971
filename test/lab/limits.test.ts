import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { startServer } from '../../docker/lab.ts';
import { type LimitScenario, limitScenarios } from '../../docker/scenarios/limits.ts';
import { defaultLimits } from '../../src/index.ts';
import type { Finding } from '../../src/model/report.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

// Most of the time is waiting for windows; the rest is measured in milliseconds, and more at once would show in it.
vi.setConfig({ maxConcurrency: 4 });

describe('limits of real servers, measured', () => {
  it.concurrent.each(limitScenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s',
    async (_id, scenario) => {
      await using server = await startServer(scenario);
      if (scenario.crowd !== undefined) await crowd(server.port(scenario.service), scenario.crowd);
      const report = await scanScenario(scenario, server, optionsOf(scenario));
      const findings = report.endpoints[0]?.findings ?? [];
      const told = Object.keys(scenario.says).map((id) => findings.find(({ probe }) => probe === id));
      expect(Object.fromEntries(told.map((finding) => [finding?.probe, finding && tellOf(finding)]))).toMatchObject(
        Object.fromEntries(Object.entries(scenario.says).map(([id, [said, measured]]) => [id, { said, measured }])),
      );
      expectQuotesToStand(report);
    },
    180_000,
  );
});

const optionsOf = ({ says, windowSeconds, maxEvents = defaultLimits.maxEvents, vantage = 'outside' }: LimitScenario) =>
  ({
    allow: 'load',
    vantage,
    probes: Object.keys(says),
    limits: { ...defaultLimits, replySeconds: 15, assumedWindowSeconds: windowSeconds, maxEvents },
  }) as const;

/** Holds so many greeted connections at once, then lets them go. */
async function crowd(port: number, size: number): Promise<void> {
  const sockets = Array.from({ length: size }, () => connect(port, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'data')));
  await Promise.all(sockets.map((socket) => once(socket.end('QUIT\r\n').resume(), 'close')));
}

/** What is compared, and beside it what helps where it differs. */
function tellOf({ verdict, doubt, because, measured, evidence }: Finding) {
  const said = doubt === undefined ? verdict : `${verdict}(${doubt})`;
  return { said, measured: measured ?? {}, because, evidence: evidence.map(({ quote }) => quote) };
}
