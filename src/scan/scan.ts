import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { AddressBudget, type LimiterSign } from '../budget/address-budget.ts';
import { sideBySide } from '../budget/side-by-side.ts';
import { type Discovered, discover } from '../discover/discover.ts';
import { type DnsClient, dnsClient } from '../discover/dns-client.ts';
import { recordedNames } from '../discover/recorded-names.ts';
import { namedResolver, systemResolver } from '../discover/resolver.ts';
import {
  type DefinedProbe,
  type DomainSubject,
  isAboutEndpoint,
  type Meaning,
  meaningOf,
  type Probe,
  recognise,
} from '../kit/index.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { RecordedNames } from '../model/lookup.ts';
import type { Reply } from '../model/reply.ts';
import type { EndpointReport, Report, TargetReport } from '../model/report.ts';
import { summarise } from '../model/summary.ts';
import type { Target } from '../model/target.ts';
import { fetchByHttps } from '../wire/https-fetch.ts';
import { Recorder } from '../wire/recorder.ts';
import { forbidden, isAllowed, isChosen, portsOf, withNeeded } from './choice.ts';
import { closedPortsSettled } from './closed-ports.ts';
import { askDomain, withFindings } from './domains.ts';
import { endpointWire } from './endpoint-wire.ts';
import type { OnScanEvent } from './events.ts';
import { loadTime } from './load-time.ts';
import { loadWire } from './load-wire.ts';
import type { ScanOptions } from './options.ts';
import { receivingOf } from './receiving.ts';
import { ProbeRun } from './run-probes.ts';
import { subjectOf } from './subject.ts';

/** What a scan is made of besides its targets. */
export interface ScanParts {
  /** The catalogue, in order. */
  readonly probes: readonly Probe[];
  readonly options: ScanOptions;
  readonly version: string;
  readonly onEvent: OnScanEvent;
  /** DNS for the questions about a domain; default: the one that targets are looked up in. */
  readonly namesOf?: (subject: DomainSubject) => RecordedNames<DomainSubject>;
}

/** An endpoint, the target that led there first, and the mail domains that lead there. */
interface Task {
  readonly endpoint: Endpoint;
  readonly found: Discovered;
  readonly domains: string[];
}

/**
 * Scans targets: looks them up, then asks each endpoint once, addresses side by side. Never rejects because of a
 * server.
 */
export async function scanTargets(targets: readonly Target[], parts: ScanParts): Promise<Report> {
  const { options, version, onEvent } = parts;
  const startedAt = new Date().toISOString();
  // Each open connection listens for the end of the scan.
  if (options.signal !== null) setMaxListeners(0, options.signal);
  onEvent({
    type: 'started',
    schema: 1,
    tool: 'mxprobe',
    version,
    at: startedAt,
    targets: targets.map(({ input }) => input),
  });
  const { dns: server, dnsTrusted: isTrusted, signal } = options;
  const dns = dnsClient({ server, isTrusted, timeoutSeconds: dnsSeconds(options), signal });
  const found = await discoverAll(targets, options, dns);
  const { tasks, targets: targetReports } = withoutDoubles(found);
  for (const target of targetReports) onEvent({ type: 'target', target });
  const { namesOf = recorded(dns, options) } = parts;
  const asked = sideBySide(found, options.restraint.addressesAtOnce, (one) =>
    askDomain(one, parts.probes, options, namesOf),
  );
  const asksServers = withNeeded(parts.probes, options).some(isAboutEndpoint);
  const groups = await sideBySide(byAddress(asksServers ? tasks : []), options.restraint.addressesAtOnce, (group) =>
    scanAddress(group, parts, startedAt, dns),
  );
  const reports = new Map(groups.flat().map((report) => [report.id, report]));
  const scanned = tasks.flatMap(({ endpoint }) => reports.get(endpoint.id) ?? []);
  const endpoints = closedPortsSettled(scanned, targetReports, options.ports !== null, options.policy);
  const domains = await asked;
  const judged = targetReports.map((target, at) =>
    withFindings(target, domains[at] ?? null, endpoints, options, startedAt),
  );
  for (const target of judged) if (target.findings !== undefined) onEvent({ type: 'target-finished', target });
  const summary = summarise(endpoints, judged, options.failOn);
  const finishedAt = new Date().toISOString();
  onEvent({ type: 'finished', at: finishedAt, summary });
  const tool = { name: 'mxprobe', version } as const;
  return {
    schema: 1,
    tool,
    startedAt,
    finishedAt,
    options: keptOptions(options),
    policy: options.policy,
    targets: judged,
    endpoints,
    summary,
  };
}

/** Seconds that one question to DNS may take. */
const dnsSeconds = ({ restraint }: ScanOptions): number => Math.min(10, restraint.replySeconds);

/** DNS for the questions about a domain: each is put once, and recorded. */
const recorded =
  (dns: DnsClient, { tlsCa, signal, private: mayBePrivate }: ScanOptions) =>
  (subject: DomainSubject): RecordedNames<DomainSubject> =>
    recordedNames(dns, subject, (url, ask) => fetchByHttps(url, { ask, tlsCa, signal, mayBePrivate }));

async function discoverAll(targets: readonly Target[], options: ScanOptions, dns: DnsClient): Promise<Discovered[]> {
  const resolver = options.dns === null ? systemResolver(dns, dnsSeconds(options), options.signal) : namedResolver(dns);
  const ports = portsOf(options);
  return await sideBySide(targets, options.restraint.addressesAtOnce, (target) =>
    discover(target, { ports, family: options.family, resolver, mayBePrivate: options.private }),
  );
}

/** Each address and port is scanned once, under the name that led there first. */
function withoutDoubles(found: readonly Discovered[]): { tasks: Task[]; targets: TargetReport[] } {
  const first = new Map<string, Task>();
  const targets = found.map((one): TargetReport => {
    const notes = one.trouble === null ? [...one.notes] : [...one.notes, one.trouble.because];
    const ids = one.endpoints.map((endpoint) => {
      const key = `${endpoint.address} ${endpoint.port}`;
      const known = first.get(key);
      const task = known ?? { endpoint, found: one, domains: [] };
      if (known === undefined) first.set(key, task);
      else if (known.endpoint.id !== endpoint.id) notes.push(`${endpoint.id} is scanned once, as ${known.endpoint.id}`);
      if (one.kind === 'domain' && one.name !== null && !task.domains.includes(one.name)) task.domains.push(one.name);
      return task.endpoint.id;
    });
    return { input: one.input, kind: one.kind, endpoints: [...new Set(ids)], notes };
  });
  return { tasks: [...first.values()], targets };
}

function byAddress(tasks: readonly Task[]): Task[][] {
  const groups = new Map<string, Task[]>();
  for (const task of tasks) groups.set(task.endpoint.address, [...(groups.get(task.endpoint.address) ?? []), task]);
  return [...groups.values()];
}

/** All endpoints of one address share its budget; `load` probes come last, one endpoint after the other. */
async function scanAddress(
  tasks: readonly Task[],
  parts: ScanParts,
  day: string,
  dns: DnsClient,
): Promise<EndpointReport[]> {
  const { onEvent } = parts;
  const deadline = new AbortController();
  const { signal } = deadline;
  const options = {
    ...parts.options,
    signal: parts.options.signal === null ? signal : AbortSignal.any([parts.options.signal, signal]),
  };
  setMaxListeners(0, options.signal);
  const address = tasks[0]?.endpoint.address ?? '';
  using _lease = (await options.lease?.(address, options.signal)) ?? null;
  const wait = async (seconds: number) => {
    await delay(seconds * 1000, undefined, { signal: options.signal }).catch(() => {});
  };
  const onWait = (seconds: number, because: string) => onEvent({ type: 'waiting', address, seconds, because });
  const budget = new AddressBudget({ restraint: options.restraint, limiterSign, wait, onWait });
  const runs = tasks.map((task) => prepare(task, budget, { ...parts, options }, day, dns));
  const seconds = options.restraint.addressSeconds + secondsForMail(options);
  const timer = setTimeout(() => deadline.abort(outOfTime(seconds)), seconds * 1000);
  await Promise.all(runs.map(({ run }) => run.part('quiet')));
  clearTimeout(timer);
  for (const { run } of runs) await run.part('load');
  await budget.drain();
  return await Promise.all(runs.map(({ finish }) => finish()));
}

/** Mail that is waited for takes its time beside that of the dialogues. */
const secondsForMail = ({ sink, inbox, allow, waitSeconds }: ScanOptions): number =>
  (sink === null && inbox === null) || !isAllowed('intrusive', allow) ? 0 : waitSeconds;

const outOfTime = (seconds: number): string =>
  `the ${Math.round(seconds / 6) / 10} min that an address may take (--max-minutes) were over`;

function prepare(
  { endpoint, found, domains }: Task,
  budget: AddressBudget,
  { probes, options, onEvent }: ScanParts,
  day: string,
  dns: DnsClient,
) {
  const chosen = withNeeded(probes, options).filter(isAboutEndpoint);
  const reported = new Set(
    probes
      .filter(isAboutEndpoint)
      .filter(isChosen(options))
      .map(({ id }) => id),
  );
  const recorder = options.clock === null ? new Recorder() : new Recorder(options.clock.now);
  const subject = subjectOf(endpoint, { ...found, domains }, options);
  const { address } = endpoint;
  const onWait = (seconds: number, because: string) => onEvent({ type: 'waiting', address, seconds, because });
  const load = loadWire({ endpoint, options, budget, recorder, onWait });
  const receiving = receivingOf(options, dns, recorder);
  const loud = chosen.filter(
    (probe) =>
      probe.safety === 'load' && forbidden(probe, endpoint, options) === null && probe.applies(endpoint) === true,
  );
  let loadBegan: number | null = null;
  const timeFrom = (first: number, passed = 0) => {
    const left = loud.filter(({ waits }, index) => waits || index >= first);
    return { secondsLeft: loadTime(left, load.service.window !== null, options.restraint, passed) };
  };
  const timeLeft = (probe: DefinedProbe) => {
    loadBegan ??= load.clock.now();
    return timeFrom(loud.indexOf(probe), load.clock.now() - loadBegan);
  };
  onEvent({
    type: 'endpoint-started',
    endpoint: endpoint.id,
    probes: [...reported],
    ...(loud.length > 0 ? timeFrom(0) : {}),
  });
  const run = new ProbeRun({
    endpoint,
    domain: subject.domain,
    probes: chosen,
    policy: options.policy,
    day,
    forbidden: (probe) => forbidden(probe, endpoint, options),
    wireFor: (probe) => endpointWire(probe.id, subject, options, budget, recorder, load, receiving),
    loadFirst: options.probes,
    // Two that wait, and one that counts.
    mayWaitBeside: () => budget.mostAtOnce >= 3,
    onStart: (probe) =>
      onEvent({
        type: 'probe-started',
        endpoint: endpoint.id,
        probe: probe.id,
        ...(loud.includes(probe) ? timeLeft(probe) : {}),
      }),
    onFinding: (finding) => {
      if (reported.has(finding.probe)) onEvent({ type: 'finding', endpoint: endpoint.id, finding });
    },
  });
  const finish = async (): Promise<EndpointReport> => {
    const outcomes = await run.outcomes();
    const sessions = recorder.sessions();
    const observed = [...outcomes]
      .filter(([, { data }]) => data !== undefined)
      .map(([id, { data }]) => [id, data] as const);
    const report: EndpointReport = {
      ...endpoint,
      ...(subject.domain === null ? {} : { domain: subject.domain }),
      mta: recognise(sessions),
      findings: [...outcomes.values()].map(({ finding }) => finding).filter(({ probe }) => reported.has(probe)),
      observations: Object.fromEntries(observed),
      sessions,
      cost: recorder.cost(),
    };
    onEvent({ type: 'endpoint-finished', endpoint: report });
    return report;
  };
  return { run, finish };
}

/** What a reply means for the connections still to come. */
const limiterSign = (reply: Reply): LimiterSign => signs[meaningOf(reply, { stage: 'other' })] ?? 'none';

const signs: Readonly<Partial<Record<Meaning, LimiterSign>>> = {
  'limit-errors': 'session',
  'limit-transactions': 'transactions',
  'limit-connections': 'address',
  'limit-messages': 'address',
  'limit-recipient-rate': 'address',
  'limit-auth': 'address',
  'limit-tls': 'address',
};

function keptOptions(options: ScanOptions): Report['options'] {
  const { restraint, policy, signal: _signal, clock: _clock, lease: _lease, tlsCa, sink, inbox, ...plain } = options;
  const { replySeconds, patienceSeconds, addressesAtOnce, maxEvents, loadSeconds } = restraint;
  return {
    ...plain,
    sink: sink?.shown ?? null,
    inbox: inbox?.shown ?? null,
    tlsCa: tlsCa === null ? null : 'given',
    policy: policy.name,
    timeoutSeconds: replySeconds,
    patienceSeconds,
    concurrency: addressesAtOnce,
    maxEvents,
    maxMinutes: loadSeconds / 60,
  };
}
