import { expectationsOf } from '../../docker/scenarios/index.ts';
import type { Expected, Scenario } from '../../docker/scenarios/scenario.ts';
import { probes } from '../../src/index.ts';
import { isAboutEndpoint } from '../../src/kit/index.ts';
import type { EndpointReport } from '../../src/model/report.ts';
import { isAllowed } from '../../src/scan/choice.ts';

/** What a probe must say of a server of the lab, and what it says. */
export interface Compared {
  readonly probe: string;
  readonly wanted: Expected | 'NO EXPECTATION';
  readonly said: string | undefined;
  /** The rest of a sentence: why, with the quotes. */
  readonly why: string;
}

/** Every probe must have an expectation: one that nobody thought of differs from whatever is said. */
export function compared(scenario: Scenario, { findings }: EndpointReport): Compared[] {
  const expected = expectationsOf(scenario);
  return probes.filter(isAboutEndpoint).map(({ id, safety }) => {
    const finding = findings.find(({ probe }) => probe === id);
    const said = finding?.doubt === undefined ? finding?.verdict : `${finding.verdict}(${finding.doubt})`;
    const wanted = expected[id] ?? (isAllowed(safety, 'active') ? 'NO EXPECTATION' : 'inconclusive(not-permitted)');
    const quotes = finding?.evidence.map(({ quote }) => quote).join(' | ');
    return { probe: id, wanted, said, why: `${finding?.because} [${quotes}]` };
  });
}
