import type { RunningServer } from '../../docker/lab.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import { defaultLimits, parseTarget, type Report, type ScanOptions, scan } from '../../src/index.ts';

/** Scans a lab server as its scenario says, as a stranger from outside would. */
export async function scanScenario(
  scenario: Scenario,
  server: RunningServer,
  options: Partial<ScanOptions> = {},
): Promise<Report> {
  const scheme = { mx: 'smtp', submission: 'submission', submissions: 'submissions' }[scenario.role];
  const target = parseTarget(`${scheme}://${server.host}:${server.port(scenario.service)}`);
  if (target.kind === 'bad') throw new Error(target.problem);
  const domain = scenario.scan?.domain ?? 'example.test';
  return await scan([target], {
    helo: 'scanner.example.com',
    domain,
    recipient: scenario.scan?.recipient ?? `alice@${domain}`,
    limits: { ...defaultLimits, replySeconds: scenario.scan?.timeoutSeconds ?? 15 },
    ...options,
  });
}
