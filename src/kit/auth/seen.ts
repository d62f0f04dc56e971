import { roles } from '../../model/endpoint.ts';
import { exchangeShape } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import type { Cite } from '../../model/transcript.ts';
import { type Trouble, trouble, troubleShape } from '../../model/trouble.ts';
import { vantages } from '../../model/vantage.ts';
import { type PhaseReading, readPhase } from './reading.ts';
import { type AuthPhase, authPhaseShape } from './trials.ts';

export const seenInClearShape = (z: Zod) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('implicit'), role: z.enum(roles) }),
    z.object({
      kind: z.literal('asked'),
      role: z.enum(roles),
      phase: authPhaseShape(z),
      /** From where it was asked: some offer AUTH in clear to their own network alone. */
      vantage: z.enum(vantages).exactOptional(),
    }),
  ]);

/** What was seen of AUTH before TLS; `implicit`: this port has no before. */
export type SeenInClear = Shaped<typeof seenInClearShape>;

export const seenInTlsShape = (z: Zod) =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('asked'),
      role: z.enum(roles),
      phase: authPhaseShape(z),
      /** The list in clear. */
      before: z.array(z.string()),
    }),
    z.object({ kind: z.literal('no-starttls'), role: z.enum(roles), ehlo: exchangeShape(z) }),
    /** Offered, and could not be had. */
    z.object({ kind: z.literal('no-tls'), role: z.enum(roles), cut: troubleShape(z) }),
  ]);

/** What was seen of AUTH inside TLS. */
export type SeenInTls = Shaped<typeof seenInTlsShape>;

export interface SeenPhase {
  readonly where: 'in clear' | 'inside TLS';
  readonly phase: AuthPhase;
  readonly reading: PhaseReading;
}

/** The phases there were, and why one is missing that should be there. */
export function seenPhases(clear: SeenInClear, inside: SeenInTls): { phases: SeenPhase[]; missing: Trouble | null } {
  const phases: SeenPhase[] = [];
  if (clear.kind === 'asked') phases.push({ where: 'in clear', phase: clear.phase, reading: readPhase(clear.phase) });
  if (inside.kind === 'asked')
    phases.push({ where: 'inside TLS', phase: inside.phase, reading: readPhase(inside.phase) });
  return { phases, missing: inside.kind === 'no-tls' ? inside.cut : null };
}

/** Whether a mechanism that is neither listed nor working is surely not there, and what says so. */
export type Absence = { readonly at: Cite } | Trouble;

/** The refusal of the mechanism itself, else a list without it, else the refusal of AUTH as such. */
export function absenceOf(mechanism: string, { phase, reading }: SeenPhase): Absence {
  const refused = reading.refused.find((tried) => tried.mechanism === mechanism);
  const notHere = reading.refused.find(({ answer }) => answer === 'not-here');
  if (refused !== undefined) return { at: refused.at };
  if (reading.listed.length > 0 || reading.listsNone) return { at: reading.list };
  if (notHere !== undefined) return { at: notHere.at };
  if (reading.untold !== null) return reading.untold;
  const because = `no list shows it, and AUTH ${mechanism} was not sent: this server logs it as a failed login (needs --allow intrusive)`;
  if (phase.spared.includes(mechanism)) return trouble('not-permitted', 'restraint', because, [reading.list]);
  return trouble('ambiguous', 'not-asked', `no list shows it, and AUTH ${mechanism} was not reached`, [reading.list]);
}
