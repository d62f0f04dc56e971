import { type Endpoint, roles, tlsModes } from './endpoint.ts';
import { measuredShape, safeties, severities, verdicts } from './judgement.ts';
import { lookupShape } from './lookup.ts';
import { fixesShape } from './mtas.ts';
import { policyShape } from './policy.ts';
import { momentShape, type Shaped, type Zod } from './shape.ts';
import { citeShape, sessionTranscript } from './transcript.ts';
import { causes, doubts } from './trouble.ts';

const waivedBy = (z: Zod) =>
  z.object({
    /** The last day, `2026-12-31`. */
    until: z.string(),
    reason: z.string(),
  });
export type WaivedBy = Shaped<typeof waivedBy>;

const findingShape = (z: Zod) =>
  z.object({
    probe: z.string(),
    question: z.string(),
    verdict: z.enum(verdicts),
    severity: z.enum(severities),
    /** Only when inconclusive. */
    doubt: z.enum(doubts).exactOptional(),
    /** What brought the doubt about, where that is known. */
    cause: z.enum(causes).exactOptional(),
    because: z.string(),
    /** Of a fail: what it comes to, in one plain sentence without a full stop. */
    headline: z.string().exactOptional(),
    /** Of a fail: what is likely behind it, part of a sentence. */
    likely: z.string().exactOptional(),
    measured: measuredShape(z).exactOptional(),
    evidence: z.array(citeShape(z)),
    /** Lines to paste, by MTA; only with a fail. */
    fix: fixesShape(z).exactOptional(),
    /** The policy lets this pass until a day, for a reason: it stays what it is, and the exit code leaves it out. */
    waived: waivedBy(z).exactOptional(),
    /** The policy let this pass until a day that is over: it counts again. */
    waiverOver: waivedBy(z).exactOptional(),
    /** Inconclusive, and the policy does not put up with that: exit code 1. */
    mustTell: z.literal(true).exactOptional(),
    /** The same for the same question about the same endpoint, scan after scan. */
    fingerprint: z.string(),
  });

/** One question about one endpoint, answered or not. */
export type Finding = Shaped<typeof findingShape>;

const costShape = (z: Zod) =>
  z.object({
    connections: z.number(),
    commands: z.number(),
    bytesSent: z.number(),
    bytesReceived: z.number(),
    seconds: z.number(),
    /**
     * Seconds of those in which nothing was sent, so that windows of limiters could pass. Only where there were any.
     */
    waitedSeconds: z.number().exactOptional(),
  });

/** What a scan cost the server. */
export type Cost = Shaped<typeof costShape>;

const mtaGuess = (z: Zod) =>
  z.object({
    name: z.string().nullable(),
    version: z.string().nullable(),
    /** What it was told by, such as `reply shapes`. */
    by: z.string().nullable(),
  });
export type MtaGuess = Shaped<typeof mtaGuess>;

const endpointReport = (z: Zod) =>
  z.object({
    id: z.string(),
    host: z.string(),
    address: z.string(),
    port: z.number(),
    role: z.enum(roles),
    tls: z.enum(tlsModes),
    /** The mail domain that it was asked about, where one was known. */
    domain: z.string().exactOptional(),
    mta: mtaGuess(z),
    findings: z.array(findingShape(z)),
    /** What each judge read, by probe id: JSON-safe and enough to judge again. */
    observations: z.record(z.string(), z.unknown()),
    sessions: z.array(sessionTranscript(z)),
    cost: costShape(z),
  });
export type EndpointReport = Shaped<typeof endpointReport>;

const targetReport = (z: Zod) =>
  z.object({
    input: z.string(),
    kind: z.enum(['domain', 'host', 'endpoint']),
    /** Ids of the endpoints it led to; empty where it led to none, and then `notes` says why. */
    endpoints: z.array(z.string()),
    notes: z.array(z.string()),
    /** The mail domain, as DNS has it. It, and what follows, are absent where nothing was asked about one. */
    domain: z.string().exactOptional(),
    /** What its records say, and all its servers together. */
    findings: z.array(findingShape(z)).exactOptional(),
    /** What each judge of those read, by probe id. */
    observations: z.record(z.string(), z.unknown()).exactOptional(),
    /** What DNS was asked, and said: what those findings cite. */
    lookups: z.array(lookupShape(z)).exactOptional(),
  });
export type TargetReport = Shaped<typeof targetReport>;

const exitCodes = [0, 1, 2, 3] as const;

const summaryShape = (z: Zod) =>
  z.object({
    /** The worst severity of all fails that are not waived, or null. */
    worst: z.enum(severities).nullable(),
    counts: z.record(z.enum(verdicts), z.number()),
    /** Fails by severity, those that are waived left out; absent from reports of versions that did not count them. */
    failures: z.record(z.enum(severities), z.number()).exactOptional(),
    exitCode: z.literal(exitCodes),
  });
export type Summary = Shaped<typeof summaryShape>;

const reportOptions = (z: Zod) =>
  z
    .object({ allow: z.enum(safeties), helo: z.string(), failOn: z.enum(severities) })
    .catchall(z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()), z.array(z.number())]));

/** The options that decide what a report can mean; kept in it. */
export type ReportOptions = Shaped<typeof reportOptions>;

export const reportShape = (z: Zod) =>
  z.object({
    schema: z.literal(1),
    tool: z.object({ name: z.literal('mxprobe'), version: z.string() }),
    startedAt: momentShape(z),
    finishedAt: momentShape(z),
    options: reportOptions(z),
    /** What was judged by, whole; absent from reports of versions that had but one. */
    policy: policyShape(z).exactOptional(),
    targets: z.array(targetReport(z)),
    endpoints: z.array(endpointReport(z)),
    /** The scan was stopped before its end: what is here is what was known by then. */
    stopped: z.literal(true).exactOptional(),
    summary: summaryShape(z),
  });

/** Schema 1. Additions are fine; a rename or a change of meaning needs a new number and a line in CHANGELOG.md. */
export type Report = Shaped<typeof reportShape>;

/** The endpoint that a stored report speaks of. */
export function endpointOfReport(report: EndpointReport): Endpoint {
  const { id, host, address, port, role, tls } = report;
  return { id, host, address, port, role, tls };
}
