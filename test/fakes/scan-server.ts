import {
  defaultRestraint,
  type Finding,
  type Report,
  type Restraint,
  type ScanOptions,
  scan,
  type Verdict,
} from '../../src/index.ts';
import { expectHeadline } from '../probes/judged.ts';
import { ownDomain } from './stock-mta.ts';

/** Short waits, for peers that keep us waiting. */
export const shortLimits: Restraint = {
  ...defaultRestraint,
  replySeconds: 0.5,
  handshakeSeconds: 0.5,
  dialogueSeconds: 3,
  quitSeconds: 0.2,
};

/** The probes that everything else stands on: enough to meet every way in which a peer may misbehave. */
export const firstFour = ['hello', 'starttls-works', 'starttls-offer', 'open-relay'];

export const ourName = 'probe.scanner.test';

export type Scanned = Partial<Omit<ScanOptions, 'restraint'>> & {
  readonly restraint?: Partial<Restraint>;
  readonly tls?: 'starttls' | 'implicit';
  readonly role?: 'mx' | 'submission';
};

/** The default scan of one port of loopback, as if from outside, through the public library. */
export async function scanServer(
  { port }: { readonly port: number },
  { restraint = {}, tls = 'starttls', role = 'mx', ...options }: Scanned = {},
): Promise<Report> {
  const target = {
    kind: 'endpoint',
    input: `127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    role: tls === 'implicit' ? 'submissions' : role,
    tls,
  } as const;
  const asked = { helo: ourName, domain: ownDomain, vantage: 'outside', ...options } as const;
  return await scan([target], { ...asked, restraint: { ...shortLimits, ...restraint } });
}

/** The finding of one probe. */
export function findingOf(report: Report, probe: string): Finding {
  const finding = report.endpoints[0]?.findings.find((one) => one.probe === probe);
  if (finding === undefined) throw new Error(`no finding of ${probe}`);
  if (finding.verdict === 'fail') expectHeadline(finding);
  return finding;
}

/** What each probe said: `pass`, or `inconclusive(timeout)`. */
export function verdictsOf(report: Report): Record<string, string> {
  const entries = (report.endpoints[0]?.findings ?? []).map(({ probe, verdict, doubt }) => [
    probe,
    said(verdict, doubt),
  ]);
  return Object.fromEntries(entries);
}

const said = (verdict: Verdict, doubt: string | undefined) => (doubt === undefined ? verdict : `${verdict}(${doubt})`);
