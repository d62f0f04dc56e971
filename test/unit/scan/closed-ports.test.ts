import { describe, expect, test } from 'vitest';
import { endpointOf } from '../../../src/model/endpoint.ts';
import type { Policy } from '../../../src/model/policy.ts';
import type { EndpointReport, Finding, TargetReport } from '../../../src/model/report.ts';
import { closedPortsSettled } from '../../../src/scan/closed-ports.ts';

const unnamed = false;
const noWish = { ports: {} };
const refused = 'TCP connection failed: ECONNREFUSED';

test('a port nobody asked for that is refused is closed, where another port of the host answers', () => {
  const settled = closedPortsSettled([endpoint(25, 'pass'), endpoint(465, refused)], [host(25, 465)], unnamed, noWish);
  expect(settled.map(({ findings }) => findings[0]?.verdict)).toEqual(['pass', 'not-applicable']);
  expect(settled[1]?.findings[0]).not.toHaveProperty('doubt');
});

test('where every port is refused, the host is unreachable', () => {
  const settled = closedPortsSettled([endpoint(25, refused), endpoint(465, refused)], [host(25, 465)], unnamed, noWish);
  expect(settled.map(({ findings }) => findings[0]?.doubt)).toEqual(['unreachable', 'unreachable']);
});

test('a port that does not answer stays in doubt: the filter may be on our side', () => {
  const settled = closedPortsSettled(
    [endpoint(587, 'pass'), endpoint(25, 'no TCP connection within 30 s')],
    [host(587, 25)],
    unnamed,
    noWish,
  );
  expect(settled[1]?.findings[0]?.doubt).toBe('unreachable');
});

test('a port that was asked for by name stays in doubt', () => {
  const settled = closedPortsSettled(
    [endpoint(25, 'pass'), endpoint(465, refused)],
    [{ ...host(25, 465), kind: 'endpoint' }],
    unnamed,
    noWish,
  );
  expect(settled[1]?.findings[0]?.doubt).toBe('unreachable');
});

test('where the user named the ports, none of them is spare', () => {
  const settled = closedPortsSettled([endpoint(25, 'pass'), endpoint(465, refused)], [host(25, 465)], true, noWish);
  expect(settled[1]?.findings[0]?.doubt).toBe('unreachable');
});

describe('a policy that names ports', () => {
  const seen = (port: number, verdict: Finding['verdict'], wanted: string | null = 'closed', because = refused) => {
    const plain = endpoint(port, because);
    const [hello] = plain.findings as [Finding];
    const { doubt, ...rest } = hello;
    const reachable = {
      ...rest,
      probe: 'reachable',
      verdict,
      measured: { state: 'closed', wanted },
      ...(verdict === 'inconclusive' ? { doubt } : {}),
    } as Finding;
    return { ...plain, findings: [hello, reachable] };
  };
  const verdicts = (endpoints: EndpointReport[], portsAreNamed = false) =>
    closedPortsSettled(endpoints, [host(...endpoints.map(({ port }) => port))], portsAreNamed, wishOf(endpoints)).map(
      ({ findings }) => findings.map(({ verdict }) => verdict),
    );

  const wishOf = (endpoints: EndpointReport[]): Pick<Policy, 'ports'> => ({
    ports: Object.fromEntries(
      endpoints.flatMap(({ port, findings }) => {
        const wanted = findings.find(({ probe }) => probe === 'reachable')?.measured?.wanted;
        return wanted === 'open' || wanted === 'closed' ? [[port, wanted]] : [];
      }),
    ),
  });

  test('and has them closed: that is the proof, and nothing else is asked, whoever named the port', () => {
    expect(verdicts([seen(25, 'pass'), seen(465, 'pass')])).toEqual([
      ['not-applicable', 'pass'],
      ['not-applicable', 'pass'],
    ]);
    expect(verdicts([seen(25, 'pass')], true)).toEqual([['not-applicable', 'pass']]);
  });

  test('and wants one closed that is silent: one doubt is left, not one of every probe', () => {
    const silent = seen(25, 'inconclusive', 'closed', 'no TCP connection within 30 s');
    expect(verdicts([silent])).toEqual([['not-applicable', 'inconclusive']]);
    const broken = {
      ...silent,
      findings: silent.findings.map((one) => (one.probe === 'hello' ? { ...one, verdict: 'error' as const } : one)),
    };
    expect(verdicts([broken])).toEqual([['error', 'inconclusive']]);
  });

  test('and wants one closed that answers: what was told stays', () => {
    const open = seen(25, 'fail', 'closed', 'pass');
    expect(verdicts([open])).toEqual([['pass', 'fail']]);
  });

  test('and wants one open that is not: the doubts stay', () => {
    expect(verdicts([seen(25, 'fail', 'open'), endpoint(587, 'pass')])).toEqual([['inconclusive', 'fail'], ['pass']]);
  });

  test('does not make a host answer: a port that it does not name stays in doubt beside one closed as wanted', () => {
    expect(verdicts([seen(25, 'pass'), seen(465, 'inconclusive', null)])).toEqual([
      ['not-applicable', 'pass'],
      ['inconclusive', 'inconclusive'],
    ]);
  });
});

function endpoint(port: number, because: string): EndpointReport {
  const told = because === 'pass';
  const finding: Finding = {
    probe: 'hello',
    question: '?',
    verdict: told ? 'pass' : 'inconclusive',
    severity: 'medium',
    ...(told
      ? {}
      : { doubt: 'unreachable' as const, cause: because === refused ? ('refused' as const) : ('filtered' as const) }),
    because,
    evidence: [],
    fingerprint: '',
  };
  return {
    ...endpointOf({ host: 'mx.example.test', address: '192.0.2.1', port, role: 'mx', tls: 'starttls' }),
    mta: { name: null, version: null, by: null },
    findings: [finding],
    observations: {},
    sessions: [],
    cost: { connections: 1, commands: 0, bytesSent: 0, bytesReceived: 0, seconds: 0 },
  };
}

function host(...ports: number[]): TargetReport {
  return {
    input: 'mx.example.test',
    kind: 'host',
    endpoints: ports.map((port) => `mx.example.test/192.0.2.1:${port}`),
    notes: [],
  };
}
