import type { PostfixConfiguration } from '../postfix/configuration.ts';
import { allRows } from './all-rows.ts';
import { isOwn, ownDomains } from './domain-list.ts';
import type { RowDefinition } from './row.ts';
import { numberOf, timeOf } from './values.ts';

/** What a scan should ask so that rows can be told. */
export interface ScanPlan {
  /** Ids, each once: first those that show what the files set. */
  readonly probes: readonly string[];
  /** Events that it takes to see the highest limit on them that the files set; null where they set none. */
  readonly events: number | null;
  /** A domain that the file takes mail for; null where it names none. */
  readonly domain: string | null;
  /** The longest window that a limiter may have: the server's, if the file has it, or the usual one if that runs. */
  readonly windowSeconds: number;
}

const usualWindow = 60;

/** Limits that are seen when as many events were sent. */
const countsEvents = /_(?:rate|count|process|error|command)_limit$/;

export function scanPlanOf({ services }: PostfixConfiguration): ScanPlan {
  const [service] = services;
  const isSet = ({ directive }: RowDefinition) => service?.setting(directive).place != null;
  const rows = allRows.toSorted((a, b) => Number(isSet(b)) - Number(isSet(a)));
  const probes = [...new Set(rows.flatMap((row) => row.probes))];
  if (service === undefined) return { probes, events: null, domain: null, windowSeconds: usualWindow };
  const limits = rows
    .filter((row) => isSet(row) && countsEvents.test(row.directive))
    .map(({ directive }) => numberOf(service.setting(directive).value ?? '') ?? 0)
    .filter((limit) => limit > 0);
  const host = service.setting('myhostname').value?.toLowerCase() ?? null;
  const isDomain = (name: string) => /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(name) && !/^localhost\./.test(name);
  const names = ownDomains({ service }).filter(isDomain);
  const unit = timeOf(service.setting('anvil_rate_time_unit').value ?? '') ?? usualWindow;
  return {
    probes,
    events: limits.length === 0 ? null : Math.max(...limits) + 1,
    domain: names.find((name) => name !== host) ?? names[0] ?? null,
    windowSeconds: Math.max(usualWindow, unit),
  };
}

/** Whether the file takes mail for a domain, as far as it names domains. */
export function takesMailFor({ services }: PostfixConfiguration, domain: string): boolean {
  return services.some((service) => isOwn(domain.toLowerCase(), { service }));
}
