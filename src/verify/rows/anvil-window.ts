import type { Finding } from '../../model/report.ts';
import {
  confirmed,
  contradicted,
  defineRow,
  notTold,
  notVisible,
  type Outcome,
  quoted,
  type RowContext,
} from '../row.ts';
import { figure, untold } from '../untold.ts';
import { numberOf, timeOf } from '../values.ts';
import { clientRates } from './client-rates.ts';

/** One window for all limits on clients: each of them that trips shows how long it is. */
export const anvilWindow = defineRow({
  directive: 'anvil_rate_time_unit',
  scope: 'host',
  probes: clientRates.map(({ words }) => words.probe),

  compare(value, context) {
    const unit = timeOf(value);
    if (unit === null) return notTold(`"${value}" is no time`);
    const found = clientRates
      .map(({ words }) => context.seen.finding(words.probe))
      .flatMap((finding) => (finding === null ? [] : (windowIn(finding) ?? [])));
    const [best] = found.toSorted((a, b) => a.high - a.low - (b.high - b.low));
    if (best === undefined) return unseen(context);
    const seen = best.low === best.high ? `${best.low} s` : `${best.low} to ${best.high} s`;
    const fits = best.low <= unit && unit <= best.high;
    const because = `the time from the first of a window until it let us in again, by ${best.probe}`;
    return fits
      ? confirmed(seen, because, best.evidence)
      : contradicted(seen, `${unit} s in the file; ${because}`, best.evidence);
  },
});

function windowIn(finding: Finding) {
  const low = figure(finding, 'windowSeconds') ?? figure(finding, 'windowAtLeast');
  const high = figure(finding, 'windowSeconds') ?? figure(finding, 'windowAtMost');
  const evidence = quoted(finding.evidence);
  return low === null || high === null || evidence === null ? null : { low, high, evidence, probe: finding.probe };
}

function unseen({ service, seen }: RowContext): Outcome {
  const set = clientRates.filter(({ directive }) => (numberOf(service.setting(directive).value ?? '') ?? 1) > 0);
  if (set.length === 0) return notVisible('it is the window of limits on clients, and the file sets none of them');
  const [first] = set;
  const probe = first?.words.probe ?? '';
  return untold(probe, seen.finding(probe)) ?? notTold(`no limit in a window was met: ${seen.finding(probe)?.because}`);
}
