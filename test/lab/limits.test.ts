import { once } from 'node:events';
import { connect } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { startServer } from '../../docker/lab.ts';
import { limitScenarios } from '../../docker/scenarios/limits.ts';
import type { LimitScenario } from '../../docker/scenarios/scenario.ts';
import { defaultRestraint } from '../../src/index.ts';
import type { Finding } from '../../src/model/report.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

// Most of the time is waiting for windows.
vi.setConfig({ maxConcurrency: 10 });

describe('limits of real servers, measured', () => {
  it.concurrent.each(limitScenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s',
    async (_id, scenario) => {
      await using server = await startServer(scenario);
      if (scenario.crowd !== undefined) await crowd(server.port(scenario.service), scenario.crowd);
      const report = await scanScenario(scenario, server, optionsOf(scenario));
      expect(differences(scenario, report.endpoints[0]?.findings ?? [])).toEqual([]);
      expectQuotesToStand(report);
    },
    600_000,
  );
});

const optionsOf = ({
  says,
  scan,
  windowSeconds,
  maxEvents = defaultRestraint.maxEvents,
  vantage = 'outside',
}: LimitScenario) =>
  ({
    allow: 'load',
    vantage,
    probes: Object.keys(says),
    restraint: {
      ...defaultRestraint,
      replySeconds: scan?.timeoutSeconds ?? 60,
      assumedWindowSeconds: windowSeconds,
      maxEvents,
    },
  }) as const;

/** Holds so many greeted connections at once, then lets them go. */
async function crowd(port: number, size: number): Promise<void> {
  const sockets = Array.from({ length: size }, () => connect(port, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'data')));
  await Promise.all(sockets.map((socket) => once(socket.end('QUIT\r\n').resume(), 'close')));
}

/** What was said or measured otherwise than expected, and why. */
function differences({ says }: LimitScenario, findings: readonly Finding[]): string[] {
  return Object.entries(says).flatMap(([id, [wanted, figures]]) => {
    const finding = findings.find(({ probe }) => probe === id);
    const said = finding?.doubt === undefined ? finding?.verdict : `${finding.verdict}(${finding.doubt})`;
    const measured = finding?.measured ?? {};
    const wrong = Object.keys(figures).filter((key) => !isDeepStrictEqual(measured[key], figures[key]));
    if (said === wanted && wrong.length === 0) return [];
    const quotes = finding?.evidence.map(({ quote }) => quote).join(' | ');
    const expected = `${wanted} ${JSON.stringify(figures)} expected`;
    return [`${id}: ${expected}, ${said} ${JSON.stringify(measured)} said: ${finding?.because} [${quotes}]`];
  });
}
