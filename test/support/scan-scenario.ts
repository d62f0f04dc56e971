import type { RunningServer } from '../../docker/lab.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import { defaultRestraint, parseTarget, type Report, type ScanOptions, scan } from '../../src/index.ts';

/**
 * Scans a lab server as its scenario says, as a stranger from outside would; by its name, where `options.dns` knows
 * that.
 */
export async function scanScenario(
  scenario: Scenario,
  server: RunningServer,
  options: Partial<ScanOptions> = {},
): Promise<Report> {
  const scheme = { mx: 'smtp', submission: 'submission', submissions: 'submissions' }[scenario.role];
  const host = options.dns ? 'mx.example.test' : server.host;
  const target = parseTarget(`${scheme}://${host}:${server.port(scenario.service)}`);
  if (target.kind === 'bad') throw new Error(target.problem);
  const domain = scenario.scan?.domain ?? 'example.test';
  return await scan([target], {
    helo: 'scanner.example.com',
    domain,
    recipient: scenario.scan?.recipient ?? `alice@${domain}`,
    vantage: scenario.scan?.vantage === undefined ? 'outside' : scenario.scan.vantage,
    restraint: {
      ...defaultRestraint,
      replySeconds: scenario.scan?.timeoutSeconds ?? 60,
      connectionsPerAddress: scenario.scan?.connectionsAtOnce ?? defaultRestraint.connectionsPerAddress,
    },
    tlsCa: scenario.state === 'down' ? null : await server.caCertificate(),
    ...options,
  });
}
