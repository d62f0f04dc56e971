import type { Role } from '../model/endpoint.ts';
import type { Measured } from '../model/judgement.ts';
import {
  defaultCeilings,
  everyOther,
  type MechanismRules,
  type Policy,
  type TlsRule,
  tlsVersions,
} from '../model/policy.ts';
import type { EndpointReport, Report } from '../model/report.ts';

/** The strictest rules that what was seen of a server meets: what it has is required, what it has not is forbidden. */
export function rulesSeen({ endpoints }: Report): Pick<Policy, 'ports' | 'tls' | 'mechanisms' | 'ceilings'> {
  return {
    ports: portsOf(endpoints),
    tls: perRole(endpoints, tlsOf),
    mechanisms: perRole(endpoints, mechanismsOf),
    ceilings: ceilingsOf(endpoints),
  };
}

const roles: readonly Role[] = ['mx', 'submission', 'submissions'];

function perRole<T extends object>(
  endpoints: readonly EndpointReport[],
  rule: (ofRole: readonly EndpointReport[]) => T | null,
): Partial<Record<Role, T>> {
  const rules = roles.map((role) => [role, rule(endpoints.filter((endpoint) => endpoint.role === role))] as const);
  return Object.fromEntries(rules.filter(([, found]) => found !== null && Object.keys(found).length > 0));
}

/** The figures of a probe, from each endpoint where it has any. */
function figures(endpoints: readonly EndpointReport[], probe: string): Measured[] {
  const all = endpoints.map(({ findings }) => findings.find((one) => one.probe === probe)?.measured);
  return all.filter((measured) => measured !== undefined);
}

const names = (value: Measured[string] | undefined): readonly string[] => (Array.isArray(value) ? value : []);

/** A port that is open here and closed there is left out. */
function portsOf(endpoints: readonly EndpointReport[]): Policy['ports'] {
  const ports = [...new Set(endpoints.map(({ port }) => port))].sort((a, b) => a - b);
  return Object.fromEntries(
    ports.flatMap((port) => {
      const states = figures(
        endpoints.filter((endpoint) => endpoint.port === port),
        'reachable',
      ).map(({ state }) => state);
      const [state] = states;
      const isSettled = (state === 'open' || state === 'closed') && states.every((other) => other === state);
      return isSettled ? [[`${port}`, state]] : [];
    }),
  );
}

function tlsOf(endpoints: readonly EndpointReport[]): TlsRule | null {
  const seen = figures(endpoints, 'tls-version');
  const [oldest] = tlsVersions.filter((version) => !seen.every(({ refused }) => names(refused).includes(version)));
  if (seen.length === 0 || oldest === undefined) return null;
  const modern = tlsVersions
    .slice(2)
    .filter((version) => seen.every(({ accepted }) => names(accepted).includes(version)));
  return modern.length === 0 ? { floor: oldest } : { floor: oldest, speaks: modern };
}

/** What no server needs, where it cannot be said that nothing else is offered. */
const undesirable = ['ANONYMOUS', 'CRAM-MD5', 'DIGEST-MD5', 'NTLM'];

function mechanismsOf(endpoints: readonly EndpointReport[]): MechanismRules | null {
  const none = { forbidden: [everyOther] };
  const onMx = figures(endpoints, 'auth-on-mx');
  if (onMx.length > 0) {
    const isFree = onMx.every(({ inClear, insideTls }) => names(inClear).length + names(insideTls).length === 0);
    return isFree && passes(endpoints, 'auth-on-mx') ? { beforeTls: none, insideTls: none } : null;
  }
  const inside = insideOf(endpoints);
  const clear = figures(endpoints, 'auth-before-tls');
  const isClearFree = clear.every(({ before, works }) => names(before).length + names(works).length === 0);
  const isClearSettled = clear.length > 0 && isClearFree && passes(endpoints, 'auth-before-tls');
  return { ...(isClearSettled ? { beforeTls: none } : {}), ...(inside === null ? {} : { insideTls: inside }) };
}

function insideOf(endpoints: readonly EndpointReport[]) {
  const seen = figures(endpoints, 'auth-after-tls');
  if (seen.length === 0 || !passes(endpoints, 'auth-after-tls')) return null;
  const weak = figures(endpoints, 'auth-weak').flatMap((one) => names(one.weak));
  const isUnwanted = (name: string) => weak.includes(name) || undesirable.includes(name);
  const offered = [...new Set(seen.flatMap(({ after, works }) => [...names(after), ...names(works)]))];
  const required = offered.filter(
    (name) =>
      !isUnwanted(name) &&
      seen.every(({ after, refused }) => names(after).includes(name) && !names(refused).includes(name)),
  );
  const isWhole = offered.every((name) => required.includes(name));
  const forbidden = isWhole ? [everyOther] : undesirable.filter((name) => !offered.includes(name));
  return { ...(required.length > 0 ? { required } : {}), ...(forbidden.length > 0 ? { forbidden } : {}) };
}

const passes = (endpoints: readonly EndpointReport[], probe: string): boolean =>
  endpoints.every(({ findings }) =>
    findings.every((one) => one.probe !== probe || one.verdict === 'pass' || one.verdict === 'not-applicable'),
  );

/** A limit that one of the endpoints has not, or of which nothing was told, makes no ceiling. */
function ceilingsOf(endpoints: readonly EndpointReport[]): Policy['ceilings'] {
  return Object.fromEntries(
    Object.keys(defaultCeilings).flatMap((id) => {
      const told = endpoints.flatMap(({ findings }) =>
        findings.filter(({ probe, verdict }) => probe === id && (verdict === 'pass' || verdict === 'fail')),
      );
      const limits = told.map(({ measured = {} }) => ceilingFor(measured));
      return limits.length === 0 || limits.includes(null) ? [] : [[id, Math.max(...limits.map(Number))]];
    }),
  );
}

/** Per minute where there is a window, as the judges count. */
function ceilingFor({ limit, windowSeconds, windowAtMost, kind }: Measured): number | null {
  if (typeof limit !== 'number' || limit <= 0) return null;
  const window = windowSeconds ?? windowAtMost;
  const isRate = typeof kind === 'string' && kind.endsWith('-window');
  return isRate && typeof window === 'number' ? Math.ceil((limit * 60) / window) : limit;
}
