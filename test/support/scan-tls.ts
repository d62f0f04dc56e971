import { hello } from '../../probes/hello.ts';
import { starttlsWorks } from '../../probes/starttls-works.ts';
import { type Finding, judgeAgain, type Report, type ScanOptions, scan } from '../../src/index.ts';
import type { DefinedProbe } from '../../src/kit/probe.ts';
import type { Role } from '../../src/model/endpoint.ts';
import { defaultPolicy } from '../../src/model/policy.ts';
import { startFakeDns } from '../fakes/fake-dns.ts';
import { ourName, shortLimits } from '../fakes/scan-server.ts';
import { ownDomain } from '../fakes/stock-mta.ts';
import { expectQuotesToStand } from './quotes.ts';
import { startTlsMta, type TlsMtaOptions } from './tls-mta.ts';

/** Nothing here is told by silence, so a busy machine may take its time. */
const unhurried = { ...shortLimits, replySeconds: 10, handshakeSeconds: 10, dialogueSeconds: 20 };

export interface ScannedTls {
  readonly finding: Finding;
  readonly report: Report;
  /** Connections and handshakes that it cost the server. */
  readonly connections: number;
  readonly handshakes: number;
}

/**
 * One probe's finding about a server, through the public library, under the name `mx.example.test` or another. Quotes
 * stand, and judging again says the same.
 */
export async function scanTls(
  probe: DefinedProbe,
  mta: TlsMtaOptions,
  {
    host = 'mx.example.test',
    role = mta.implicit === true ? 'submissions' : 'mx',
    also = [],
    ...options
  }: Partial<ScanOptions> & { host?: string; role?: Role; also?: readonly DefinedProbe[] } = {},
): Promise<ScannedTls> {
  await using server = await startTlsMta(mta);
  await using dns = await startFakeDns({ [host]: { A: ['127.0.0.1'] } });
  const { port } = server;
  const tls = mta.implicit === true ? 'implicit' : 'starttls';
  const target = { kind: 'endpoint', input: `${host}:${port}`, host, port, role, tls } as const;
  const probes = [hello, starttlsWorks, ...also, probe];
  const report = await scan(
    [target],
    { helo: ourName, domain: ownDomain, dns: dns.server, restraint: unhurried, ...options },
    () => {},
    probes,
  );
  expectQuotesToStand(report);
  const found = findingOf(report, probe.id);
  const again = findingOf(judgeAgain(JSON.parse(JSON.stringify(report)) as Report, defaultPolicy, probes), probe.id);
  if (JSON.stringify(again) !== JSON.stringify(found))
    throw new Error(`judged again: ${again.verdict} ${again.because}`);
  return { finding: found, report, connections: server.connections(), handshakes: server.handshakes() };
}

function findingOf(report: Report, id: string): Finding {
  const finding = report.endpoints[0]?.findings.find(({ probe }) => probe === id);
  if (finding === undefined) throw new Error(`no finding of ${id}: ${JSON.stringify(report.targets)}`);
  return finding;
}
