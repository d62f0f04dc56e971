import { hello } from '../../probes/hello.ts';
import { type Finding, scan } from '../../src/index.ts';
import type { DefinedProbe } from '../../src/kit/probe.ts';
import type { ScanEvent } from '../../src/scan/events.ts';
import type { ScanOptions } from '../../src/scan/options.ts';
import { fixedWindow } from '../unit/kit/limits/simulated.ts';
import { shortLimits } from './scan-server.ts';
import { ownDomain } from './stock-mta.ts';

/** A clock that stands still until somebody waits. */
export class StandingClock {
  #now = 10_000;
  readonly #heard: (() => void)[] = [];

  now = (): number => this.#now;

  wait = async (seconds: number): Promise<void> => {
    this.#now += seconds;
    for (const heard of this.#heard) heard();
  };

  onWait(heard: () => void): void {
    this.#heard.push(heard);
  }
}

/** A limiter like Postfix's on that clock, a quarter of a second off: true where it lets an event in. */
export function windowOn(clock: StandingClock, limit: number, unit = 60, phase = 0.75): () => boolean {
  const limiter = fixedWindow(limit, unit);
  return () => limiter(clock.now() + phase);
}

/**
 * Runs `hello` and `load` probes against a port of loopback, on a clock that costs no time. The findings of the `load`
 * probes, and what was told.
 */
export async function scanLoad(
  { port }: { readonly port: number },
  probes: readonly DefinedProbe[],
  clock: StandingClock,
  options: Partial<Omit<ScanOptions, 'restraint'>> & { readonly maxEvents?: number } = {},
): Promise<{ findings: readonly Finding[]; events: readonly ScanEvent[]; connections: number; commands: number }> {
  const target = {
    kind: 'endpoint',
    input: `127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    role: 'mx',
    tls: 'starttls',
  } as const;
  const { maxEvents = 30, ...rest } = options;
  const events: ScanEvent[] = [];
  const report = await scan(
    [target],
    {
      helo: 'probe.scanner.test',
      domain: ownDomain,
      allow: 'load',
      vantage: 'outside',
      ...rest,
      clock,
      restraint: { ...shortLimits, replySeconds: 2, maxEvents },
    },
    (event) => void events.push(event),
    [hello, ...probes],
  );
  const [endpoint] = report.endpoints;
  if (endpoint === undefined) throw new Error('no endpoint was scanned');
  const { connections, commands } = endpoint.cost;
  return { findings: endpoint.findings.filter(({ probe }) => probe !== 'hello'), events, connections, commands };
}
