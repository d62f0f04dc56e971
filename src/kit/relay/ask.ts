import { isPositive } from '../../model/reply.ts';
import type { Wire } from '../probe.ts';
import { addressLiteral, domainOf, registrableDomain } from '../subject.ts';
import { askTransactions } from '../transactions/ask.ts';
import { meaningsInDoubt } from '../transactions/ask-in-session.ts';
import type { TransactionAnswer } from '../transactions/transaction.ts';
import { confirm } from './confirm.ts';
import { type RelayForm, relayForms } from './forms.ts';
import type { RelayNames } from './names.ts';
import { openRelayDialogue, type RelayPlan } from './opening.ts';
import { isWorthGoingOn, openingMeaning } from './opening-reading.ts';
import type { RelayOpening, RelayPhase } from './phase.ts';

/** Opens with outside sender and control, then asks every form, then confirms what was accepted. */
export async function askRelay(wire: Wire, plan: RelayPlan) {
  return await askForms(wire, plan, await openRelayDialogue(wire, plan));
}

/**
 * Asks every form as the openings have shown how. `borrowed`: they are those of the other phase, so what they were answered counts there
 * only.
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
  if (last === undefined || !isWorthGoingOn(last)) return nothing;
  const senderRefused = last.mail !== null && !isPositive(last.mail.reply);
  const forms = relayForms(namesOf(wire, plan, last)).filter(
    (form) => !(plan.brief && form.clearOnly) && !(senderRefused && !form.id.endsWith('>plain')),
  );
  const known = borrowed ? [] : answersOfOpening(last, forms);
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
    },
  );
  const answers = [...known, ...asked];
  const accepted = forms.filter(({ id }) =>
    answers.some((answer) => answer.id === id && answer.rcpt !== null && isPositive(answer.rcpt.reply)),
  );
  const confirmed = accepted.length === 0 ? { confirmations: [], strangers: [] } : await confirm(wire, plan, accepted);
  return { ...nothing, shapes: forms, answers, ...confirmed };
}

/** What the opening has asked already is not asked again. */
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
  { sender, external, helo, controls }: RelayOpening,
): RelayNames {
  const taken = controls.find(({ recipient, exchange }) => recipient.includes('@') && isPositive(exchange.reply));
  const guessed =
    (taken === undefined ? null : domainOf(taken.recipient)) ??
    subject.domain ??
    (serverName === null ? null : registrableDomain(serverName));
  const literal = addressLiteral(subject.endpoint.address);
  return {
    sender: sender === '' ? subject.sender : sender,
    taken: sender,
    external,
    domain: subject.domainGiven ? subject.domain : guessed,
    server: serverName,
    literal,
    helo: { ours: helo, theirs: serverName ?? literal },
  };
}
