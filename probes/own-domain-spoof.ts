import {
  type Cite,
  cite,
  defineRule,
  doubtOf,
  explain,
  fail,
  hindered,
  inconclusive,
  inWords,
  isPermanent,
  isPositive,
  isServerTrouble,
  type Judgement,
  type Meaning,
  type Measured,
  meaningOf,
  pass,
  seenFrom,
  type Trouble,
  trouble,
  type Vantage,
} from '../src/kit/index.ts';
import { type Heard, hear } from '../src/kit/recipients/hear.ts';
import { lastRound, type OwnSenderAnswer, type RecipientsRound } from '../src/kit/recipients/round.ts';
import { untoldName, untoldNames, untoldRound } from '../src/kit/recipients/untold.ts';
import { rcptOracle } from './rcpt-oracle.ts';

export const ownDomainSpoof = defineRule({
  id: 'own-domain-spoof',
  question: 'May a stranger send as its own users?',
  severity: 'info',
  weighs:
    'Info on port 25, whoever the recipient: what SPF and DMARC do after DATA cannot be seen from RCPT, and to refuse such senders at RCPT breaks forwarding and mailing lists. A policy may say otherwise.',
  safety: 'active',
  why: 'Mail from the boss to the book-keeper that comes from outside is the cheapest fraud there is. Own users log in to send; nobody else needs an address of the domain as sender.',
  judged:
    'MAIL from the mailbox named with --recipient and from postmaster@ its domain, RCPT to its own user, without AUTH, never DATA; the same recipient from an outside sender is the control. fail (info): a 2xx to RCPT. pass: refused, while the control is taken. What SPF, DMARC or a content filter say after DATA is not visible here. Without a control that is taken: inconclusive.',
  refs: ['RFC 5321 §7.1', 'RFC 7489 §6.3', 'Postfix smtpd_sender_restrictions, reject_sender_login_mismatch'],
  needs: { recipients: rcptOracle },
  applies: ({ role }) => role === 'mx' || 'submission-auth tells whether this port asks for AUTH at all',

  judge({ recipients: data }) {
    const round = lastRound(data);
    const tried = round.ownSenders.map((answer) => ({ ...answer, outcome: outcomeOf(answer, round) }));
    const sendersThat = (kind: Outcome['kind']) =>
      tried.flatMap(({ sender, outcome }) => (outcome.kind === kind ? [sender] : []));
    const measured = {
      accepted: sendersThat('accepted'),
      refused: sendersThat('refused'),
      recipient: tried[0]?.recipient ?? null,
      control: round.sender,
      tls: round.tls,
      vantage: data.vantage,
    };
    const untold = untoldRound(data, measured);
    if (untold !== null) return untold;
    const { known, postmaster } = hear(round);
    const control = known ?? postmaster;
    if (control === null) return untoldNames(round, measured);
    if (control.meaning !== 'accepted') return untoldName(control, measured);

    const taken = cite(control.exchange.reply);
    const accepted = tried.flatMap(({ outcome }) => (outcome.kind === 'accepted' ? [outcome.evidence] : []))[0];
    if (accepted !== undefined)
      return ofAcceptance(
        { control, isExempt: known === null, vantage: data.vantage },
        measured.accepted,
        [accepted, taken],
        measured,
      );
    const doubtful = tried.flatMap(({ outcome }) => (outcome.kind === 'doubtful' ? [outcome.trouble] : []))[0];
    if (doubtful !== undefined) return hindered(doubtful, { evidence: [...doubtful.evidence, taken], measured });
    const refused = tried.flatMap(({ outcome }) => (outcome.kind === 'refused' ? [outcome.evidence] : []))[0];
    if (refused === undefined) return untoldNames(round, measured);
    const from = round.sender === '' ? 'the null sender' : round.sender;
    const because = `it refuses ${inWords(measured.refused)} as sender, and takes the same mail from ${from}`;
    return pass(because, [refused, taken], { measured });
  },
});

type Outcome =
  | { readonly kind: 'accepted' | 'refused'; readonly evidence: Cite }
  | { readonly kind: 'doubtful'; readonly trouble: Trouble };

function ofAcceptance(
  { control, isExempt, vantage }: { readonly control: Heard; readonly isExempt: boolean; readonly vantage: Vantage },
  accepted: readonly string[],
  evidence: readonly [Cite, ...Cite[]],
  measured: Measured,
): Judgement {
  const because = `it takes mail from its own domain (${accepted.join(', ')}) to ${control.recipient} without AUTH; SPF and DMARC checks after DATA are not visible here`;
  if (vantage === 'trusted') {
    const here = `${because}, and this vantage you called trusted`;
    return inconclusive('ambiguous', here, evidence, { measured });
  }
  const caveat = isExempt
    ? '; many servers exempt postmaster from their checks, so name a mailbox with --recipient'
    : '';
  return fail(`${because}${caveat}${seenFrom(vantage)}`, evidence, {
    measured,
    headline: 'Strangers can hand in mail that names one of its own users as sender',
  });
}

const ofSender: readonly Meaning[] = ['sender-rejected', 'auth-required'];

/** The control was taken from another sender in the same session, so a refusal for good can only be about this one. */
function outcomeOf({ sender, recipient, mail, rcpt }: OwnSenderAnswer, { cut, helo }: RecipientsRound): Outcome {
  const ofMail = mail !== null && !isPositive(mail.reply);
  const told = ofMail ? mail : rcpt;
  if (told === null) return { kind: 'doubtful', trouble: cut ?? trouble('ambiguous', 'unknown', 'no reply') };
  const said = { sender, helo, ...(ofMail ? ({ stage: 'mail' } as const) : ({ stage: 'rcpt', recipient } as const)) };
  const meaning = meaningOf(told.reply, said);
  const evidence = cite(told.reply);
  if (meaning === 'accepted') return { kind: 'accepted', evidence };
  const ofNobody = isServerTrouble(meaning) || meaning === 'bad-sequence';
  const firm = isPermanent(told.reply) && doubtOf(meaning) === 'ambiguous' && !ofNobody;
  if (ofSender.includes(meaning) || firm) return { kind: 'refused', evidence };
  return {
    kind: 'doubtful',
    trouble: trouble(doubtOf(meaning), 'reply', explain(meaning), [evidence], { reply: told.reply }),
  };
}
