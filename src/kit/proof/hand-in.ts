import { type Exchange, exchangeShape, isPositive } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { type Trouble, troubleShape } from '../../model/trouble.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Mail } from '../probe.ts';

export const handedShape = (z: Zod) =>
  z.object({
    mail: exchangeShape(z).nullable(),
    rcpt: exchangeShape(z).nullable(),
    data: exchangeShape(z).nullable(),
    /** The answer to the end of the message: 250 says that the server has it. */
    end: exchangeShape(z).nullable(),
    cut: troubleShape(z).nullable(),
  });

/** How far a server went with a message. The last answer that is there is the one that counts. */
export type Handed = Shaped<typeof handedShape>;

/** One transaction with its message (RFC 5321 §3.3), as far as the server goes along. */
export async function handIn(session: SmtpSession, { sender, recipient, text }: Mail): Promise<Handed> {
  const heard: Record<'mail' | 'rcpt' | 'data' | 'end', Exchange | null> = {
    mail: null,
    rcpt: null,
    data: null,
    end: null,
  };
  const goesOn = (exchange: Exchange) => isPositive(exchange.reply) || exchange.reply.code === 354;
  const steps = [
    ['mail', () => session.say(`MAIL FROM:<${sender}>`)],
    ['rcpt', () => session.say(`RCPT TO:<${recipient}>`)],
    ['data', () => session.say('DATA')],
    ['end', () => session.message(text, `(a message of ${text.length} octets)`)],
  ] as const;
  let cut: Trouble | null = null;
  try {
    for (const [name, step] of steps) {
      const exchange = await step();
      heard[name] = exchange;
      if (!goesOn(exchange)) break;
    }
  } catch (error) {
    cut = troubleOf(error);
  }
  return { ...heard, cut };
}

/** The answer that it ended with, and the stage that it belongs to; null where none came. */
export function lastAnswer({ mail, rcpt, data, end }: Handed) {
  const stages = [
    ['data', end],
    ['data', data],
    ['rcpt', rcpt],
    ['mail', mail],
  ] as const;
  for (const [stage, exchange] of stages) if (exchange !== null) return { stage, exchange };
  return null;
}

/** Whether the server said that it has the message. */
export const isTaken = ({ end }: Handed): boolean => end !== null && isPositive(end.reply);

/** The name of the message in the server's queue, as it says it behind the message: `queued as 4XyZ`, `id=1tABcd-…`. */
export function queueIdOf({ end }: Handed): string | null {
  const text = end?.reply.text ?? '';
  return /\b(?:queued as|id=|[Mm]essage accepted for delivery)\s*([\w-]{6,})/.exec(text)?.[1] ?? null;
}
