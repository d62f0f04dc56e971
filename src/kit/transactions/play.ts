import { type Exchange, isPositive } from '../../model/reply.ts';
import type { Cause, Trouble } from '../../model/trouble.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { checkStep } from '../step.ts';
import { Flights, Slot } from './flights.ts';

/** One mail transaction: MAIL, one or more RCPT, RSET. */
export interface Step {
  readonly sender: string;
  readonly recipients: readonly string[];
}

/** What was answered to one recipient of a step; null what was not. */
export interface Played {
  readonly sender: string;
  readonly recipient: string;
  readonly mail: Exchange | null;
  readonly rcpt: Exchange | null;
}

/**
 * Plays steps in one session, as many in a flight as go together. `wary`: each RCPT, or those of the first step, wait
 * for the answer to MAIL.
 */
export async function play(
  session: SmtpSession,
  steps: readonly Step[],
  { wary }: { readonly wary: boolean | 'at first' },
) {
  const flights = new Flights(session);
  const slots: Place[] = [];
  for (const [index, { sender, recipients }] of steps.entries()) {
    const mail = flights.add(`MAIL FROM:<${sender}>`);
    // A refused MAIL makes every RCPT behind it a mistake of ours: where that is to be feared, ask first.
    const askFirst = wary === true || (wary && index === 0) || !session.pipelines || isOddSender(sender);
    if (askFirst) await flights.fly();
    const isRefused = askFirst && !isTaken(mail.exchange);
    for (const recipient of recipients) {
      const rcpt = isRefused ? new Slot() : flights.add(`RCPT TO:<${recipient}>`);
      slots.push({ sender, recipient, mail, rcpt });
    }
    if (!isRefused) flights.add('RSET');
  }
  await flights.fly();
  return await played(session, slots, flights.cut);
}

interface Place {
  readonly sender: string;
  readonly recipient: string;
  readonly mail: Slot;
  readonly rcpt: Slot;
}

/** What the places hold; a refused MAIL only where replies and commands still pair up. */
async function played(session: SmtpSession, slots: readonly Place[], cut: Trouble | null) {
  const turnedAway = slots.some(({ mail }) => mail.exchange !== null && !isPositive(mail.exchange.reply));
  const slip = slipIn(cut) ?? (cut === null && turnedAway ? slipIn(await checkStep(session)) : null);
  const heard = slots.map(({ sender, recipient, mail, rcpt }): Played => {
    const trusted = slip === null || isTaken(mail.exchange);
    return { sender, recipient, mail: trusted ? mail.exchange : null, rcpt: trusted ? rcpt.exchange : null };
  });
  return { played: heard, cut: cut ?? slip };
}

const isTaken = (exchange: Exchange | null): boolean => exchange !== null && isPositive(exchange.reply);

/** A refused MAIL counts in step only: the server may have ended the session, but not have said something else. */
const slipIn = (cut: Trouble | null): Trouble | null => (cut === null || ends.includes(cut.cause) ? null : cut);
const ends: readonly Cause[] = ['hang-up', 'reset', 'reply'];

/** No domain, one without a dot, or a literal: a form that many servers call a syntax error at MAIL already. */
const isOddSender = (sender: string): boolean => sender !== '' && !/@[^[.@]+\./.test(sender);
