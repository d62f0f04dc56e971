import {
  type Cite,
  cite,
  defineRule,
  type Exchange,
  fail,
  inconclusive,
  isPositive,
  type Meaning,
  meaningOf,
  pass,
} from '../src/kit/index.ts';
import {
  doubtOf,
  explain,
  hear,
  lastRound,
  type OwnSenderAnswer,
  type RecipientsRound,
  seenFrom,
  untoldName,
  untoldNames,
  untoldRound,
} from '../src/kit/recipients.ts';
import { rcptOracle } from './rcpt-oracle.ts';

export const ownDomainSpoof = defineRule({
  id: 'own-domain-spoof',
  question: 'May a stranger send as its own users?',
  severity: 'medium',
  safety: 'active',
  why: 'Mail from the boss to the book-keeper that comes from outside is the cheapest fraud there is. Own users log in to send; nobody else needs an address of the domain as sender.',
  judged:
    'MAIL from the mailbox named with --recipient and from postmaster@ its domain, RCPT to its own user, without AUTH, never DATA; the same recipient from an outside sender is the control. fail: a 2xx to RCPT; low where the recipient is postmaster, whom many servers exempt from their checks. pass: refused, while the control is taken. What SPF, DMARC or a content filter say after DATA is not visible here. Without a control that is taken: inconclusive.',
  refs: ['RFC 5321 §7.1', 'RFC 7489 §6.3', 'Postfix smtpd_sender_restrictions, reject_sender_login_mismatch'],
  needs: { recipients: rcptOracle },
  applies: ({ role }) => role === 'mx' || 'submission-auth tells whether this port asks for AUTH at all',

  judge({ recipients: data }) {
    const round = lastRound(data);
    const tried = round.ownSenders.map((answer) => ({ ...answer, ...outcomeOf(answer, round) }));
    const accepted = tried.filter((one) => one.kind === 'accepted');
    const refused = tried.filter((one) => one.kind === 'refused');
    const doubtful = tried.filter((one) => one.kind === 'doubtful');
    const measured = {
      accepted: accepted.map(({ sender }) => sender),
      refused: refused.map(({ sender }) => sender),
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
    const [first] = accepted;
    if (first !== undefined) {
      const because = `it takes mail from its own domain (${measured.accepted.join(', ')}) to ${first.recipient} without AUTH; SPF and DMARC checks after DATA are not visible here`;
      if (data.vantage === 'trusted')
        return inconclusive(
          'ambiguous',
          `${because}, and this vantage you called trusted`,
          [first.evidence[0], taken],
          { measured },
        );
      const exempt = known === null;
      const caveat = exempt
        ? '; many servers exempt postmaster from their checks, so name a mailbox with --recipient'
        : '';
      return fail(`${because}${caveat}${seenFrom(data.vantage)}`, [first.evidence[0], taken], {
        measured,
        ...(exempt ? { severity: 'low' } : {}),
      });
    }
    const [untoldOne] = doubtful;
    if (untoldOne !== undefined)
      return inconclusive(untoldOne.doubt, untoldOne.because, [...untoldOne.evidence, taken], { measured });
    const [turned] = refused;
    if (turned === undefined) return untoldNames(round, measured);
    return pass(
      `it refuses ${measured.refused.join(' and ')} as sender, and takes the same mail from ${round.sender === '' ? 'the null sender' : round.sender}`,
      [turned.evidence[0], taken],
      { measured },
    );
  },
});

type Evidence = readonly [Cite, ...Cite[]];
type Outcome =
  | { readonly kind: 'accepted' | 'refused'; readonly evidence: Evidence }
  | {
      readonly kind: 'doubtful';
      readonly doubt: ReturnType<typeof doubtOf>;
      readonly because: string;
      readonly evidence: readonly Cite[];
    };

/** The control was taken from another sender in the same session, so a refusal for good can only be about this one. */
function outcomeOf({ sender, recipient, mail, rcpt }: OwnSenderAnswer, { cut, helo }: RecipientsRound): Outcome {
  const ofMail = mail !== null && !isPositive(mail.reply);
  const told: Exchange | null = ofMail ? mail : rcpt;
  if (told === null) {
    return {
      kind: 'doubtful',
      doubt: cut?.doubt ?? 'ambiguous',
      because: cut?.because ?? 'no reply',
      evidence: cut?.evidence ?? [],
    };
  }
  const meaning = meaningOf(
    told.reply,
    ofMail ? { stage: 'mail', sender, helo } : { stage: 'rcpt', sender, helo, recipient },
  );
  const evidence: Evidence = [cite(told.reply)];
  if (meaning === 'accepted') return { kind: 'accepted', evidence };
  const ofSender: Meaning[] = ['sender-rejected', 'auth-required'];
  const firm =
    (told.reply.code ?? 0) >= 500 &&
    doubtOf(meaning) === 'ambiguous' &&
    meaning !== 'server-error' &&
    meaning !== 'bad-sequence';
  if (ofSender.includes(meaning) || firm) return { kind: 'refused', evidence };
  return { kind: 'doubtful', doubt: doubtOf(meaning), because: explain(meaning), evidence };
}
