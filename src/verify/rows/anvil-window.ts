import { confirmed, contradicted, defineRow, notTold, notVisible, type Outcome, type RowContext } from '../row.ts';
import type { Told } from '../shown.ts';
import { figure, toldIn, untold } from '../untold.ts';
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
      .map(({ words }) => toldIn(context.shown, words.probe))
      .flatMap((told) => (told === null ? [] : (windowIn(told) ?? [])));
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

function windowIn(told: Told) {
  const low = figure(told, 'windowSeconds') ?? figure(told, 'windowAtLeast');
  const high = figure(told, 'windowSeconds') ?? figure(told, 'windowAtMost');
  return low === null || high === null ? null : { low, high, evidence: told.evidence, probe: told.probe };
}

function unseen({ service, shown }: RowContext): Outcome {
  const set = clientRates.filter(({ directive }) => (numberOf(service.setting(directive).value ?? '') ?? 1) > 0);
  if (set.length === 0) return notVisible('it is the window of limits on clients, and the file sets none of them');
  const [first] = set;
  const probe = first?.words.probe ?? '';
  return untold(shown, probe, 'no limit in a window was met');
}
