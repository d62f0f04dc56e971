import { notTold, notVisible, type Outcome } from './row.ts';
import { isTold, type Shown, type Told } from './shown.ts';

/** The outcome where a probe tells nothing that a row could use, and why; `otherwise` where it told something else. */
export function untold(shown: Shown, probe: string, otherwise = 'it shows something else'): Outcome {
  const found = shown.told(probe);
  if (isTold(found)) return notTold(otherwise, null, found.evidence);
  const { verdict, because, evidence } = found;
  if (verdict === 'not-applicable') return notVisible(because);
  if (verdict === 'error') return notTold(`${probe} broke down: ${because}`);
  return notTold(because, null, evidence);
}

/** The finding of a probe that told something; null where it did not. */
export function toldIn(shown: Shown, probe: string): Told | null {
  const found = shown.told(probe);
  return isTold(found) ? found : null;
}

/** A figure that a probe measured; null where it found none. */
export function figure(told: Told | null, name: string): number | null {
  const value = told?.measured[name];
  return typeof value === 'number' ? value : null;
}

/** A list that a probe made, and what is missing from it because it could not be told. */
export function listIn(told: Told, name: string): { readonly members: readonly string[]; readonly isWhole: boolean } {
  const strings = (key: string) => {
    const value = told.measured[key];
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  };
  return { members: strings(name), isWhole: strings('untold').length + strings('untested').length === 0 };
}
