import { type DefinedDomainProbe, inTrouble, type Names, type ObservedEndpoint } from '../kit/index.ts';
import type { Judgement } from '../model/judgement.ts';
import { marked } from '../model/marks.ts';
import type { Policy } from '../model/policy.ts';
import type { Finding } from '../model/report.ts';
import { scanEnded } from '../wire/trouble-error.ts';
import { type Bug, findingOf, judgementOfError } from './finding.ts';

/** What a domain probe brought back; `error`: what was thrown instead. */
type Observed = { readonly data: unknown } | { readonly error: unknown };

export interface ObservedDomain {
  readonly probe: DefinedDomainProbe;
  readonly observed: Observed;
}

/** Asks all questions about a domain side by side: each name is looked up once. Never rejects. */
export async function observeDomain(
  probes: readonly DefinedDomainProbe[],
  names: Names,
  signal: AbortSignal | null,
): Promise<ObservedDomain[]> {
  const end = endOfScan(signal);
  return await Promise.all(
    probes.map(async (probe) => {
      try {
        return { probe, observed: { data: await Promise.race([probe.observe(names), end]) } };
      } catch (error) {
        return { probe, observed: { error } };
      }
    }),
  );
}

/** Rejects when the scan is ended. */
function endOfScan(signal: AbortSignal | null): Promise<never> {
  const end = new Promise<never>((_, reject) => {
    const stop = () => reject(inTrouble('budget-spent', 'stopped', scanEnded));
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
  end.catch(() => {});
  return end;
}

export interface DomainJudging {
  /** As DNS has it: what findings are known by. */
  readonly domain: string;
  readonly endpoints: readonly ObservedEndpoint[];
  readonly policy: Policy;
  /** By it waivers hold or are over, ISO 8601. */
  readonly day: string;
}

/** The finding of one question about a domain, with what was observed of its servers. Pure. */
export function domainFinding({ probe, observed }: ObservedDomain, judging: DomainJudging): Finding {
  const { domain, endpoints, policy, day } = judging;
  const where = { id: domain, role: 'mx', ownName: null, host: endpoints[0]?.endpoint.host ?? '', domain } as const;
  return marked(
    findingOf(probe, where, judgementOf(probe, observed, endpoints, policy), policy),
    { id: domain },
    policy,
    day,
  );
}

function judgementOf(
  probe: DefinedDomainProbe,
  observed: Observed,
  endpoints: readonly ObservedEndpoint[],
  policy: Policy,
): Judgement | Bug {
  if ('error' in observed) return judgementOfError(observed.error);
  try {
    return probe.judge(observed.data, endpoints, policy);
  } catch (error) {
    return judgementOfError(error);
  }
}
