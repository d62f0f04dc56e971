import type { Shaped, Zod } from '../../model/shape.ts';
import { vantages } from '../../model/vantage.ts';
import { relayPhaseShape } from './phase.ts';

export const relayShape = (z: Zod) =>
  z.object({
    phases: z.array(relayPhaseShape(z)),
    tls: z.enum(['starttls', 'implicit', 'not-offered']),
    vantage: z.enum(vantages),
    /** A submission port that offers AUTH: it may well refuse everyone without. */
    submission: z.boolean(),
    domain: z.string().nullable(),
    /** PIPELINING is listed, and commands or replies of a group got lost: the answers come from asking one by one. */
    oneByOne: z.boolean().exactOptional(),
  });

/** What was asked in clear and inside TLS, and from where. */
export type RelayData = Shaped<typeof relayShape>;
