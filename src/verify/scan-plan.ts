import type { PostfixConfiguration } from '../postfix/configuration.ts';
import { allRows } from './all-rows.ts';
import { isOwn, ownDomains } from './domain-list.ts';
import { timeOf } from './values.ts';

/** What a scan should ask so that rows can be told. */
export interface ScanPlan {
  /** Ids, each once. */
  readonly probes: readonly string[];
  /** A domain that the file takes mail for; null where it names none. */
  readonly domain: string | null;
  /** The longest window that a limiter may have: the server's, if the file has it, or the usual one if that runs. */
  readonly windowSeconds: number;
}

const usualWindow = 60;

export function scanPlanOf({ services }: PostfixConfiguration): ScanPlan {
  const [service] = services;
  const probes = [...new Set(allRows.flatMap((row) => row.probes))];
  if (service === undefined) return { probes, domain: null, windowSeconds: usualWindow };
  const host = service.setting('myhostname').value?.toLowerCase() ?? null;
  const isDomain = (name: string) => /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(name) && !/^localhost\./.test(name);
  const names = ownDomains({ service }).filter(isDomain);
  const unit = timeOf(service.setting('anvil_rate_time_unit').value ?? '') ?? usualWindow;
  return {
    probes,
    domain: names.find((name) => name !== host) ?? names[0] ?? null,
    windowSeconds: Math.max(usualWindow, unit),
  };
}

/** Whether the file takes mail for a domain, as far as it names domains. */
export function takesMailFor({ services }: PostfixConfiguration, domain: string): boolean {
  return services.some((service) => isOwn(domain.toLowerCase(), { service }));
}
