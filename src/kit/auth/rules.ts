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
  /**
   * Whether to ask for a mechanism that nobody has. `known`: seen before. `spare`: the server would log a failed login.
   */
  readonly unlisted: 'ask' | 'known' | 'spare';
}

/** Looks like a SASL mechanism (RFC 4422 §3.1), and is none. */
const nobodysMechanism = 'MXPROBE-NONE';

/** What one question brought. A session that is not `clean` is logged in or in the middle of a login: nobody else's. */
interface Step {
  readonly told: Partial<RulesDialogue>;
  readonly clean: boolean;
  /** AUTH was answered 334, and is still to be called off. */
  readonly begun?: boolean;
}

/**
 * Asks how AUTH behaves after a cancelled one, for a mechanism that does not exist, and within a mail transaction. No
 * login is finished.
 */
export async function askRules(wire: Wire, plan: RulesPlan): Promise<RulesDialogue> {
  const { tls, mechanism, again, unlisted } = plan;
  const empty = { again: null, unlisted: null, mail: null, inTransaction: null, cut: null };
  let dialogue: RulesDialogue = { tls, mechanism, spared: unlisted === 'spare', ...empty };
  try {
    await using session = await wire.session({ tls, ...roomFor(plan, wire) });
    const steps = [
      ...(again ? [() => askAgain(session, mechanism)] : []),
      ...(unlisted === 'ask' ? [() => askUnlisted(session)] : []),
      () => askInTransaction(session, mechanism, wire.subject.sender),
    ];
    for (const step of steps) {
      const { told, clean, begun = false } = await step();
      dialogue = { ...dialogue, ...told };
      if (begun ? isNegative((await cancel(session)).reply) : clean) continue;
      await session.quit();
      break;
    }
    return dialogue;
  } catch (error) {
    return { ...dialogue, cut: troubleOf(error) };
  }
}

const roomFor = ({ again, unlisted }: RulesPlan, { allowance }: Wire) => ({
  refusals: again ? 4 : 2,
  mistakes: Math.min(unlisted === 'ask' ? 2 : 1, allowance.mistakes),
  nonMail: 2,
});

async function askAgain(session: SmtpSession, mechanism: string): Promise<Step> {
  const first = await tryMechanism(session, mechanism);
  const second = first.trial !== null && isOver(first.trial) ? await tryMechanism(session, mechanism) : null;
  const trial = second?.trial ?? null;
  const cut = first.cut ?? second?.cut ?? null;
  return { told: { again: trial?.exchange ?? null, cut }, clean: cut === null && trial !== null && isOver(trial) };
}

async function askUnlisted(session: SmtpSession): Promise<Step> {
  const { trial, cut } = await tryMechanism(session, nobodysMechanism);
  return { told: { unlisted: trial?.exchange ?? null, cut }, clean: cut === null && trial !== null && isOver(trial) };
}

async function askInTransaction(session: SmtpSession, mechanism: string, sender: string): Promise<Step> {
  const { exchanges, cut } = await session.flight([`MAIL FROM:<${sender}>`, `AUTH ${mechanism}`]);
  const [mail = null, auth = null] = exchanges;
  const isOpen = mail !== null && isPositive(mail.reply);
  return {
    told: { mail, inTransaction: isOpen ? auth : null, cut },
    clean: auth === null || isNegative(auth.reply),
    begun: auth?.reply.code === 334,
  };
}
