import { inWords, saying, theyAre } from '../../model/in-words.ts';
import { fail, hindered, type Judgement, type Measured } from '../../model/judgement.ts';
import { everyOther } from '../../model/policy.ts';
import type { Cite } from '../../model/transcript.ts';
import type { PhaseReading } from './reading.ts';

/** What the policy says of one phase. */
export interface PhaseRules {
  readonly required?: readonly string[];
  readonly forbidden?: readonly string[];
}

/**
 * What the policy's rules make of a phase; null where it meets them, and the judge's own rules are left. Offered is
 * what is listed or works; what is required must be listed, and not refused when asked for. A breach weighs medium.
 */
export function byPolicy(
  reading: PhaseReading,
  { required = [], forbidden = [] }: PhaseRules,
  where: string,
  measured: Measured,
): Judgement | null {
  const { listed, works, refused, offered, list, untold } = reading;
  const isForbidden = (name: string) =>
    forbidden.includes(name) || (forbidden.includes(everyOther) && !required.includes(name));
  const extras = { measured, severity: 'medium' } as const;
  const wrong = offered.filter(isForbidden);
  if (wrong.length > 0) {
    const proof = works.filter(({ mechanism }) => wrong.includes(mechanism)).map(({ at }) => at);
    return fail(`it offers ${inWords(wrong)} ${where}, which the policy forbids`, [list, ...proof], {
      ...extras,
      headline: 'It offers ways to log in that the policy forbids',
    });
  }
  const hidden = required.filter((name) => !listed.includes(name));
  if (hidden.length > 0)
    return fail(`EHLO does not list ${inWords(hidden)} ${where}, which the policy requires`, list, {
      ...extras,
      headline: 'It does not offer a way to log in that the policy requires',
    });
  const broken = refused.filter(({ mechanism }) => required.includes(mechanism));
  if (broken.length > 0) {
    const names = broken.map(({ mechanism }) => mechanism);
    const evidence: [Cite, ...Cite[]] = [list, ...broken.map(({ at }) => at)];
    return fail(
      `${theyAre(names)} listed and refused ${where}, and the policy requires ${names.length > 1 ? 'them' : 'it'}`,
      evidence,
      { ...extras, headline: 'It refuses a way to log in that the policy requires' },
    );
  }
  const unproven = required.filter((name) => works.every(({ mechanism }) => mechanism !== name));
  if (unproven.length === 0 || untold === null) return null;
  const because = `whether ${saying(unproven, 'works', 'work')} ${where}, as the policy requires, cannot be told: ${untold.because}`;
  return hindered(untold, { because, measured });
}
