import type { Endpoint } from '../../../src/model/endpoint.ts';
import { endpointOf } from '../../../src/model/endpoint.ts';
import type { EndpointReport, Finding, Report, TargetReport } from '../../../src/model/report.ts';
import { summarise } from '../../../src/model/summary.ts';
import type { SessionTranscript } from '../../../src/model/transcript.ts';

const mx = endpointOf({ host: 'mx1.example.com', address: '192.0.2.1', port: 25, role: 'mx', tls: 'starttls' });

/** A finding with what every finding has, and what the test is about. */
export function finding(probe: string, verdict: Finding['verdict'], parts: Partial<Finding> = {}): Finding {
  return {
    probe,
    question: `Is ${probe} right?`,
    verdict,
    severity: 'medium',
    because: `${probe} is ${verdict}`,
    evidence:
      verdict === 'pass' || verdict === 'fail' ? [{ session: 's1', event: 0, quote: '220 mx1.example.com ESMTP' }] : [],
    fingerprint: `${probe}@${mx.id}`,
    ...parts,
  };
}

export const dialogue: SessionTranscript = {
  id: 's1',
  events: [
    { at: 0.0041, from: 'them', tls: false, probe: 'hello', text: '220 mx1.example.com ESMTP' },
    { at: 0.0052, from: 'us', tls: false, probe: 'hello', text: 'EHLO scanner.example.net' },
    { at: 0.21, from: 'scanner', tls: false, probe: 'starttls-works', text: 'TLSv1.3 handshake done' },
    { at: 0.25, from: 'us', tls: true, probe: 'starttls-works', text: 'EHLO scanner.example.net' },
  ],
};

export function endpointReport(
  findings: readonly Finding[],
  parts: Partial<EndpointReport> & Partial<Endpoint> = {},
): EndpointReport {
  return {
    ...mx,
    mta: { name: 'Postfix', version: null, by: 'reply shapes' },
    findings,
    observations: {},
    sessions: [dialogue],
    cost: { connections: 3, commands: 61, bytesSent: 950, bytesReceived: 4210, seconds: 0.314 },
    ...parts,
  };
}

export function report(endpoints: readonly EndpointReport[], targets?: readonly TargetReport[]): Report {
  const asked = targets ?? [
    { input: 'example.com', kind: 'domain', endpoints: endpoints.map((endpoint) => endpoint.id), notes: [] } as const,
  ];
  return {
    schema: 1,
    tool: { name: 'mxprobe', version: '0.1.0' },
    startedAt: '2026-01-02T03:04:05.000Z',
    finishedAt: '2026-01-02T03:04:06.500Z',
    options: { allow: 'active', helo: 'scanner.example.net', failOn: 'medium' },
    targets: asked,
    endpoints,
    summary: summarise(endpoints, asked, 'medium'),
  };
}
