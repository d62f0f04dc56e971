import type { Severity } from '../../model/judgement.ts';
import { weights } from '../weights.ts';

/** How much a finding weighs, in a word and a colour; what is waived weighs nothing. */
export const Chip = ({ severity, isWaived = false }: { readonly severity: Severity; readonly isWaived?: boolean }) =>
  isWaived ? (
    <b class="chip plain">{weights[severity].word}, waived</b>
  ) : (
    <b class={`chip ${kindOf(severity)}`}>{weights[severity].word}</b>
  );

/** The colours of a weight: each severity of a failure has its own. */
export function kindOf(severity: Severity): string {
  const { weight } = weights[severity];
  return weight === 'failure' ? severity : weight;
}
