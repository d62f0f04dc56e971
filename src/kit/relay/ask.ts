import { isPositive } from '../../model/reply.ts';
import type { Wire } from '../probe.ts';
import { addressLiteral, domainOf, registrableDomain } from '../subject.ts';
import { askTransactions } from '../transactions/ask.ts';
import { meaningsInDoubt } from '../transactions/ask-in-session.ts';
import type { TransactionAnswer } from '../transactions/transaction.ts';
import { confirm } from './confirm.ts';
import { isPlain, type RelayForm, relayForms } from './forms.ts';
import type { RelayNames } from './names.ts';
import { isWorthGoingOn, openingMeaning } from './opening-reading.ts';
import { openRelayDialogue, type RelayPlan } from './openings.ts';
import { isSlow } from './pace.ts';
import type { RelayOpening, RelayPhase } from './phase.ts';

/** Opens with outside sender and control, then asks every form, then confirms what was accepted. */
export async function askRelay(wire: Wire, plan: RelayPlan) {
  return await askForms(wire, plan, await openRelayDialogue(wire, plan));
}

/**
 * Asks every form as the openings have shown how. `borrowed`: they are those of the other phase, so what they were
 * answered counts there only.
 */
export async function askForms(
  wire: Wire,
  plan: RelayPlan,
  openings: readonly RelayOpening[],
  borrowed = false,
): Promise<RelayPhase> {
  const last = openings.at(-1);
  const control = last?.controls.find(({ exchange }) => isPositive(exchange.reply))?.recipient ?? null;
  const nothing = { tls: plan.tls, openings, control, shapes: [], answers: [], confirmations: [], strangers: [] };
  if (last === undefined || !isWorthGoingOn(openings)) return nothing;
  const senderRefused = last.mail !== null && !isPositive(last.mail.reply);
  const forms = relayForms(namesOf(wire, plan, openings, last)).filter(
    (form) => !(plan.brief && form.clearOnly) && !(senderRefused && !isPlain(form)),
  );
  const known = borrowed ? [] : openings.flatMap((opening) => answersOfOpening(opening, forms));
  const meaning = openingMeaning(last);
  const asked = await askTransactions(
    wire,
    forms.filter(({ id }) => !known.some((answer) => answer.id === id)),
    {
      tls: plan.tls,
      control: control ?? last.controls[0]?.recipient ?? 'postmaster',
      wary: senderRefused,
      // Refusals that mean something only beside a control: then each sender needs its own.
      doubtful: meaning !== null && meaningsInDoubt.includes(meaning),
      oddPerSession: last.strict ? wire.allowance.mistakes : Number.POSITIVE_INFINITY,
      perSession: isSlow([last]) ? 1 : Number.POSITIVE_INFINITY,
    },
  );
  const answers = [...known, ...asked];
  const accepted = forms.filter(({ id }) =>
    answers.some((answer) => answer.id === id && answer.rcpt !== null && isPositive(answer.rcpt.reply)),
  );
  return { ...nothing, shapes: forms, answers, ...(await confirm(wire, plan.tls, accepted)) };
}

/** What the openings have asked already is not asked again. */
function answersOfOpening(
  { session, sender, helo, mail, rcpt, odd, controls }: RelayOpening,
  forms: readonly RelayForm[],
): TransactionAnswer[] {
  if (mail === null || !isPositive(mail.reply)) return [];
  const control = controls.find((one) => isPositive(one.exchange.reply))?.exchange ?? controls[0]?.exchange ?? null;
  const asked = [rcpt, odd].filter((exchange) => exchange !== null);
  return asked.flatMap((exchange) => {
    const form = forms.find(
      (one) => one.sender === sender && one.helo === helo && exchange.command === `RCPT TO:<${one.recipient}>`,
    );
    if (form === undefined) return [];
    return [{ id: form.id, sender, recipient: form.recipient, session, mail, rcpt: exchange, control, cut: null }];
  });
}

function namesOf(
  { subject }: Wire,
  { serverName }: RelayPlan,
  openings: readonly RelayOpening[],
  { sender, external, helo, controls }: RelayOpening,
): RelayNames {
  const own = controls.find(({ recipient, exchange }) => recipient.includes('@') && isPositive(exchange.reply));
  const guessed =
    (own === undefined ? null : domainOf(own.recipient)) ??
    subject.domain ??
    (serverName === null ? null : registrableDomain(serverName));
  const domain = subject.domainGiven ? subject.domain : guessed;
  const literal = addressLiteral(subject.endpoint.address);
  const isOutside = sender !== '' && (domain === null || domainOf(sender) !== domain);
  const takenOnes = openings.filter((opening) => openingMeaning(opening) === 'accepted').map((one) => one.external);
  const others = subject.externals.filter((other) => other !== external);
  // A relay for one top-level domain alone (Postfix `relay_domains = net`) refuses all others.
  const elsewhere = takenOnes.includes(external) ? [] : [...new Set([...takenOnes, ...others])];
  return {
    sender: isOutside ? sender : subject.sender,
    taken: sender,
    external,
    elsewhere,
    domain,
    server: serverName,
    literal,
    helo: { ours: helo, theirs: serverName ?? literal },
  };
}
