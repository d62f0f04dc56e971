import { exchangeShape, isNegative, isPositive } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { troubleShape } from '../../model/trouble.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { cancel, isOver, tryMechanism } from './trial.ts';

export const rulesDialogueShape = (z: Zod) =>
  z.object({
    tls: z.boolean(),
    mechanism: z.string(),
    /** The same mechanism again, right after it was called off. */
    again: exchangeShape(z).nullable(),
    /** A mechanism that nobody has. */
    unlisted: exchangeShape(z).nullable(),
    /** Not asked for, because the server would log a failed login. */
    spared: z.boolean(),
    mail: exchangeShape(z).nullable(),
    /** AUTH behind MAIL. */
    inTransaction: exchangeShape(z).nullable(),
    cut: troubleShape(z).nullable(),
  });

/** What is asked of AUTH beyond its mechanisms. JSON-safe; null where a question was not asked. */
export type RulesDialogue = Shaped<typeof rulesDialogueShape>;

export interface RulesPlan {
  readonly tls: boolean;
  /** One that works here. */
  readonly mechanism: string;
  /** Whether AUTH after a cancelled one is still to be seen. */
  readonly again: boolean;
  /** Whether to ask for a mechanism that nobody has. `known`: seen before. `spare`: the server would log a failed login. */
  readonly unlisted: 'ask' | 'known' | 'spare';
}

/** Looks like a SASL mechanism (RFC 4422 §3.1), and is none. */
const nobodysMechanism = 'MXPROBE-NONE';

/** Asks how AUTH behaves after a cancelled one, for a mechanism that does not exist, and within a mail transaction. No login is finished. */
export async function askRules(wire: Wire, { tls, mechanism, again, unlisted }: RulesPlan): Promise<RulesDialogue> {
  const said = {
    tls,
    mechanism,
    spared: unlisted === 'spare',
    again: null,
    unlisted: null,
    mail: null,
    inTransaction: null,
    cut: null,
  };
  let dialogue: RulesDialogue = said;
  try {
    await using session = await wire.session({
      tls,
      refusals: again ? 4 : 2,
      mistakes: Math.min(unlisted === 'ask' ? 2 : 1, wire.allowance.mistakes),
      nonMail: 2,
    });
    if (again) {
      const first = await tryMechanism(session, mechanism);
      const second = first.trial !== null && isOver(first.trial) ? await tryMechanism(session, mechanism) : null;
      const cut = first.cut ?? second?.cut ?? null;
      dialogue = { ...dialogue, again: second?.trial?.exchange ?? null, cut };
      const settled = second !== null && second.trial !== null && isOver(second.trial);
      if (!settled || cut !== null) return await leave(session, dialogue);
    }
    if (unlisted === 'ask') {
      const { trial, cut } = await tryMechanism(session, nobodysMechanism);
      dialogue = { ...dialogue, unlisted: trial?.exchange ?? null, cut };
      if (trial === null || cut !== null || !isOver(trial)) return await leave(session, dialogue);
    }
    const { exchanges, cut } = await session.flight([`MAIL FROM:<${wire.subject.sender}>`, `AUTH ${mechanism}`]);
    const [mail = null, auth = null] = exchanges;
    const open = mail !== null && isPositive(mail.reply);
    dialogue = { ...dialogue, mail, inTransaction: open ? auth : null, cut: cut };
    const last = auth?.reply.code === 334 ? await cancel(session) : auth;
    if (last !== null && !isNegative(last.reply)) return await leave(session, dialogue);
    return dialogue;
  } catch (error) {
    return { ...dialogue, cut: troubleOf(error) };
  }
}

/** A session that is logged in, or still in the middle of a login, is nobody else's. */
async function leave(session: SmtpSession, dialogue: RulesDialogue): Promise<RulesDialogue> {
  await session.quit();
  return dialogue;
}
