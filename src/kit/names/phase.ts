import { exchangeShape } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { troubleShape } from '../../model/trouble.ts';

const askedName = (z: Zod) =>
  z.object({
    /** `known`: of the mailbox that the user named. */
    who: z.enum(['known', 'random', 'root', 'postmaster']),
    form: z.enum(['address', 'local']),
    name: z.string(),
  });

/** A name to ask for, with or without its domain. */
export type AskedName = Shaped<typeof askedName>;

const nameAnswer = (z: Zod) => askedName(z).extend({ exchange: exchangeShape(z) });
export type NameAnswer = Shaped<typeof nameAnswer>;

const namesPhase = (z: Zod) =>
  z.object({
    tls: z.boolean(),
    /** Whether EHLO lists the command; it may work all the same. */
    listed: z.boolean(),
    answers: z.array(nameAnswer(z)),
    /** What was asked beside refusals in words that need not mean the command. */
    control: z.array(exchangeShape(z)).exactOptional(),
    cut: troubleShape(z).nullable(),
  });

/** All that was asked in clear, or all inside TLS. */
export type NamesPhase = Shaped<typeof namesPhase>;

/** The last phase is the one to judge. */
export const namesShape = (z: Zod) => z.object({ phases: z.array(namesPhase(z)) });
export type NamesData = Shaped<typeof namesShape>;
