import { hindered, type Inconclusive, inconclusive, type Measured } from '../../model/judgement.ts';
import { cite, isPositive } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { trouble } from '../../model/trouble.ts';
import { type Meaning, meaningOf } from '../../mta/reply-meaning.ts';
import { doubtOf, explain } from '../../mta/unanswered.ts';
import { areRefusedAlike } from '../same-words.ts';
import { doubtOfMail } from '../senders.ts';
import { domainOf } from '../subject.ts';
import type { Heard } from './hear.ts';
import { lastRound, type RecipientsData, type RecipientsRound } from './round.ts';

/**
 * The sender was refused, or every name alike, or the dialogue ended before any recipient: why nothing can be said.
 * Null where something can.
 */
export function untoldRound(data: RecipientsData, measured: Measured): Inconclusive | null {
  const round = lastRound(data);
  const { mail, cut, answers, sender, helo } = round;
  if (answers.length > 0) return refusedAlike(round, measured);
  const tlsFirst = round.tls ? refusedInClear(data) : [];
  const says = tlsFirst.length === 0 ? '' : 'in clear it wants TLS first, and inside TLS: ';
  if (mail !== null && !isPositive(mail.reply)) {
    const meaning = meaningOf(mail.reply, { stage: 'mail', sender, helo });
    const because = `${says}MAIL is refused: ${explain(meaning)}`;
    return inconclusive(doubtOfMail(meaning), because, [...tlsFirst, cite(mail.reply)], { measured });
  }
  const met = cut ?? noReply;
  return hindered(met, { because: `${says}${met.because}`, evidence: [...tlsFirst, ...met.evidence], measured });
}

/** Every name is refused in the same words, which say nothing of any: Sendmail's `delay_checks` rejects a client so. */
function refusedAlike({ answers, sender, helo }: RecipientsRound, measured: Measured): Inconclusive | null {
  const answered = answers.map(({ recipient, exchange: { reply } }) => ({
    reply,
    said: { stage: 'rcpt', sender, helo, recipient } as const,
  }));
  if (!areRefusedAlike(answered)) return null;
  const because = 'it refuses every name in the same words, which speak of none of them: of us, or of the domain';
  const evidence = answered.slice(0, 2).map(({ reply }) => cite(reply));
  return inconclusive('ambiguous', because, evidence, { measured });
}

function refusedInClear({ rounds }: RecipientsData): Cite[] {
  const mail = rounds.find(({ tls }) => !tls)?.mail ?? null;
  return mail !== null && !isPositive(mail.reply) ? [cite(mail.reply)] : [];
}

const noReply = trouble('ambiguous', 'unknown', 'no reply to RCPT');

/** No answer about the names, although the server talks: no domain to ask at, or the dialogue ended too soon. */
export function untoldNames({ domain, cut, answers }: RecipientsRound, measured: Measured): Inconclusive {
  const heard = answers.slice(0, 2).map(({ exchange }) => cite(exchange.reply));
  if (domain === null)
    return inconclusive('prerequisite', `no domain of its own is known: ${nameThem}`, heard, { measured });
  const met = cut ?? noReply;
  return hindered(met, { evidence: [...heard, ...met.evidence], measured });
}

export const nameThem = 'name one with --domain, or a mailbox with --recipient';

const ofName: Partial<Record<Meaning, (recipient: string) => string>> = {
  'relay-denied': (recipient) => `${domainOf(recipient)} is no domain of its own: ${nameThem}`,
  'relay-or-unknown': () => `its refusal fits both an unknown name and a domain that is not its own: ${nameThem}`,
  'unknown-user': (recipient) => `it calls ${recipient} unknown: name a mailbox that exists with --recipient`,
};

/**
 * What to say of an answer that does not serve: it speaks of us or of the moment, or the name was not a good one to ask
 * for.
 */
export function untoldName({ exchange, meaning, recipient }: Heard, measured: Measured): Inconclusive {
  const at = [cite(exchange.reply)];
  const because = ofName[meaning]?.(recipient);
  return because === undefined
    ? inconclusive(doubtOf(meaning), explain(meaning), at, { measured })
    : inconclusive('prerequisite', because, at, { measured });
}
