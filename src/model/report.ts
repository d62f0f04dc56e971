import type { Endpoint, Role, TlsMode } from './endpoint.ts';
import type { Measured, Safety, Severity, Verdict } from './judgement.ts';
import type { Fixes } from './mtas.ts';
import type { Policy } from './policy.ts';
import type { Cite, SessionTranscript } from './transcript.ts';
import type { Cause, Doubt } from './trouble.ts';

/** One question about one endpoint, answered or not. */
export interface Finding {
  readonly probe: string;
  readonly question: string;
  readonly verdict: Verdict;
  readonly severity: Severity;
  /** Only when inconclusive. */
  readonly doubt?: Doubt;
  /** What brought the doubt about, where that is known. */
  readonly cause?: Cause;
  readonly because: string;
  readonly measured?: Measured;
  readonly evidence: readonly Cite[];
  /** Lines to paste, by MTA; only with a fail. */
  readonly fix?: Fixes;
  /** The policy lets this pass until a day, for a reason: it stays what it is, and the exit code leaves it out. */
  readonly waived?: WaivedBy;
  /** The policy let this pass until a day that is over: it counts again. */
  readonly waiverOver?: WaivedBy;
  /** Inconclusive, and the policy does not put up with that: exit code 1. */
  readonly mustTell?: true;
  /** The same for the same question about the same endpoint, scan after scan. */
  readonly fingerprint: string;
}

/** `until`: the last day, `2026-12-31`. */
export interface WaivedBy {
  readonly until: string;
  readonly reason: string;
}

/** What a scan cost the server. */
export interface Cost {
  readonly connections: number;
  readonly commands: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly seconds: number;
  /** Seconds of those in which nothing was sent, so that windows of limiters could pass. Only where there were any. */
  readonly waitedSeconds?: number;
}

export interface MtaGuess {
  readonly name: string | null;
  readonly version: string | null;
  /** What it was told by, such as `reply shapes`. */
  readonly by: string | null;
}

export interface EndpointReport {
  readonly id: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly role: Role;
  readonly tls: TlsMode;
  readonly mta: MtaGuess;
  readonly findings: readonly Finding[];
  /** What each judge read, by probe id: JSON-safe and enough to judge again. */
  readonly observations: Readonly<Record<string, unknown>>;
  readonly sessions: readonly SessionTranscript[];
  readonly cost: Cost;
}

export interface TargetReport {
  readonly input: string;
  readonly kind: 'domain' | 'host' | 'endpoint';
  /** Ids of the endpoints it led to; empty where it led to none, and then `notes` says why. */
  readonly endpoints: readonly string[];
  readonly notes: readonly string[];
}

export interface Summary {
  /** The worst severity of all fails that are not waived, or null. */
  readonly worst: Severity | null;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly exitCode: 0 | 1 | 2 | 3;
}

/** The options that decide what a report can mean; kept in it. */
export interface ReportOptions {
  readonly allow: Safety;
  readonly helo: string;
  readonly failOn: Severity;
  readonly [name: string]: string | number | boolean | null | readonly string[] | readonly number[];
}

/** Schema 1. Additions are fine; a rename or a change of meaning needs a new number and a line in CHANGELOG.md. */
export interface Report {
  readonly schema: 1;
  readonly tool: { readonly name: 'mxprobe'; readonly version: string };
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly options: ReportOptions;
  /** What was judged by, whole; absent from reports of versions that had but one. */
  readonly policy?: Policy;
  readonly targets: readonly TargetReport[];
  readonly endpoints: readonly EndpointReport[];
  readonly summary: Summary;
}

/** The endpoint that a stored report speaks of. */
export function endpointOfReport(report: EndpointReport): Endpoint {
  const { id, host, address, port, role, tls } = report;
  return { id, host, address, port, role, tls };
}
