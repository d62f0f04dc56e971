import type { Role } from '../../model/endpoint.ts';
import type { Exchange } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import type { Trouble } from '../../model/trouble.ts';
import { type PhaseReading, readPhase, type Untold } from './reading.ts';
import type { AuthPhase } from './trials.ts';

/** What was seen of AUTH before TLS; `implicit`: this port has no before. */
export type SeenInClear = { readonly role: Role } & (
  | { readonly kind: 'implicit' }
  | { readonly kind: 'asked'; readonly phase: AuthPhase }
);

/** What was seen of AUTH inside TLS. `before`: the list in clear. `no-tls`: offered, and could not be had. */
export type SeenInTls = { readonly role: Role } & (
  | { readonly kind: 'asked'; readonly phase: AuthPhase; readonly before: readonly string[] }
  | { readonly kind: 'no-starttls'; readonly ehlo: Exchange }
  | { readonly kind: 'no-tls'; readonly cut: Trouble }
);

export interface SeenPhase {
  readonly where: 'in clear' | 'inside TLS';
  readonly phase: AuthPhase;
  readonly reading: PhaseReading;
}

/** The phases there were, and why one is missing that should be there. */
export function seenPhases(clear: SeenInClear, inside: SeenInTls): { phases: SeenPhase[]; missing: Untold | null } {
  const phases: SeenPhase[] = [];
  if (clear.kind === 'asked') phases.push({ where: 'in clear', phase: clear.phase, reading: readPhase(clear.phase) });
  if (inside.kind === 'asked')
    phases.push({ where: 'inside TLS', phase: inside.phase, reading: readPhase(inside.phase) });
  return { phases, missing: inside.kind === 'no-tls' ? inside.cut : null };
}

/** Whether a mechanism that is neither listed nor working is surely not there, and what says so. */
export type Absence = { readonly at: Cite } | Untold;

/** The refusal of the mechanism itself, else a list without it, else the refusal of AUTH as such. */
export function absenceOf(mechanism: string, { phase, reading }: SeenPhase): Absence {
  const refused = reading.refused.find((tried) => tried.mechanism === mechanism);
  const notHere = reading.refused.find(({ answer }) => answer === 'not-here');
  if (refused !== undefined) return { at: refused.at };
  if (reading.listed.length > 0) return { at: reading.list };
  if (notHere !== undefined) return { at: notHere.at };
  if (reading.untold !== null) return reading.untold;
  const because = `no list shows it, and AUTH ${mechanism} was not sent: this server logs it as a failed login (needs --allow intrusive)`;
  if (phase.spared.includes(mechanism)) return { doubt: 'not-permitted', because, evidence: [reading.list] };
  return {
    doubt: 'ambiguous',
    because: `no list shows it, and AUTH ${mechanism} was not reached`,
    evidence: [reading.list],
  };
}
