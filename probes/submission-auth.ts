import {
  type Cite,
  cite,
  defineRule,
  doubtOf,
  type Exchange,
  explain,
  fail,
  hindered,
  type Inconclusive,
  inconclusive,
  isPositive,
  type Judgement,
  type Measured,
  meaningOf,
  pass,
  seenFrom,
  type Vantage,
} from '../src/kit/index.ts';
import { demandsAuth } from '../src/kit/recipients/demands-auth.ts';
import type { Heard } from '../src/kit/recipients/hear.ts';
import { nameThem, untoldName } from '../src/kit/recipients/untold.ts';
import type { RelayOpening, RelayPhase } from '../src/kit/relay/phase.ts';
import { openRelay } from './open-relay.ts';

export const submissionAuth = defineRule({
  id: 'submission-auth',
  question: 'Does the submission port insist on AUTH?',
  severity: 'high',
  weighs:
    'High: strangers may write to its users from the port that is meant for its users; what is relayed weighs more, and open-relay tells that.',
  safety: 'active',
  why: 'Submission ports are for users who log in. One that takes mail from anybody is a way around the filters of the MX, and whatever trust own users enjoy goes to strangers.',
  judged:
    "The opening of open-relay, without AUTH, in clear and inside TLS: MAIL, RCPT to an outside address and to the server's own. fail: any of these recipients, or any of the relay shapes, is taken; <postmaster> without a domain does not count, as Postfix takes it always. pass: MAIL, or the server's own recipient too, is refused for want of AUTH: in such words, or with Postfix's bare \"Access denied\" where AUTH is offered. A block list, an unknown user or a refusal to relay is no demand for AUTH: inconclusive.",
  refs: [
    'RFC 6409 §4.3',
    'RFC 8314 §3.3',
    'Postfix smtpd_client_restrictions, smtpd_relay_restrictions = permit_sasl_authenticated, reject',
  ],
  needs: { relay: openRelay },
  applies: ({ role }) => role !== 'mx' || 'an MX takes mail for its own users without AUTH',

  judge({ relay }) {
    const { phases, vantage, submission } = relay;
    const accepted = phases.flatMap(acceptedIn);
    const measured = { accepted: accepted.map(({ what }) => what), tls: relay.tls, authOffered: submission, vantage };
    const [first, ...others] = accepted;
    if (first !== undefined) return ofAcceptance([first, ...others], vantage, measured);
    const states = phases.map((phase) => stateOf(phase, submission, measured));
    const untold = states.find((state) => state.kind === 'untold');
    if (untold !== undefined) return untold.judgement;
    const closed = states.filter((state) => state.kind === 'closed').flatMap(({ evidence }) => evidence);
    const tlsFirst = states.filter((state) => state.kind === 'tls-first').flatMap(({ evidence }) => evidence);
    const [refusal, ...more] = closed;
    if (refusal === undefined) {
      const because = 'it wants TLS first, and inside TLS nothing could be asked';
      return inconclusive('prerequisite', because, tlsFirst, { measured });
    }
    const because = `without AUTH it takes no mail${tlsFirst.length > 0 ? ' inside TLS, and in clear none at all' : ''}`;
    return pass(because, [refusal, ...more, ...tlsFirst], { measured });
  },
});

interface Taken {
  readonly what: string;
  readonly recipient: string;
  readonly exchange: Exchange;
}

/** Whatever recipient was taken without AUTH. Postfix takes a bare `<postmaster>` whatever its restrictions say. */
function acceptedIn({ tls, openings, answers }: RelayPhase): Taken[] {
  const asked = [
    ...openings.flatMap((opening) => [...opening.controls, { recipient: opening.external, exchange: opening.rcpt }]),
    ...answers.map(({ recipient, rcpt }) => ({ recipient, exchange: rcpt })),
  ];
  const taken = asked.flatMap(({ recipient, exchange }) =>
    exchange !== null && isPositive(exchange.reply) && recipient !== 'postmaster'
      ? [{ what: `${recipient}${tls ? ' inside TLS' : ''}`, recipient, exchange }]
      : [],
  );
  return taken.filter(({ what }, index) => taken.findIndex((other) => other.what === what) === index);
}

function ofAcceptance(
  [first, ...others]: readonly [Taken, ...Taken[]],
  vantage: Vantage,
  measured: Measured,
): Judgement {
  const because = `without AUTH it takes mail for ${first.what}`;
  const more = others.slice(0, 2).map(({ exchange }) => cite(exchange.reply));
  const evidence = [cite(first.exchange.reply), ...more] as const;
  if (vantage === 'trusted') {
    const here = `${because}, from a vantage that you called trusted`;
    return inconclusive('ambiguous', here, evidence, { measured });
  }
  const onlyPostmaster = [first, ...others].every(({ recipient }) => /^postmaster@/i.test(recipient));
  const caveat = onlyPostmaster ? '; some servers exempt postmaster, so name a mailbox with --recipient' : '';
  return fail(`${because}${caveat}${seenFrom(vantage)}`, evidence, {
    measured,
    headline: 'Strangers can hand in mail without a login on the port that is meant for its users',
  });
}

type State =
  | { readonly kind: 'closed'; readonly evidence: readonly Cite[] }
  | { readonly kind: 'tls-first'; readonly evidence: readonly Cite[] }
  | { readonly kind: 'untold'; readonly judgement: Inconclusive };

/** How one phase without any acceptance ended: nobody without AUTH, nobody without TLS, or who knows. */
function stateOf({ openings }: RelayPhase, authOffered: boolean, measured: Measured): State {
  const last = openings.at(-1);
  if (last === undefined) return untold(inconclusive('budget-spent', 'not asked', [], { measured }));
  const { cut, mail } = last;
  if (cut !== null) return untold(hindered(cut, { measured }));
  return mail !== null && !isPositive(mail.reply)
    ? ofRefusedSender(mail, last, authOffered, measured)
    : ofRecipients(last, authOffered, measured);
}

function ofRefusedSender(
  mail: Exchange,
  { sender, helo }: RelayOpening,
  authOffered: boolean,
  measured: Measured,
): State {
  const meaning = meaningOf(mail.reply, { stage: 'mail', sender, helo });
  const evidence = [cite(mail.reply)];
  if (meaning === 'tls-required') return { kind: 'tls-first', evidence };
  if (demandsAuth(mail.reply, meaning, authOffered)) return { kind: 'closed', evidence };
  return untold(inconclusive(doubtOf(meaning), `MAIL is refused: ${explain(meaning)}`, evidence, { measured }));
}

function ofRecipients(
  { rcpt, controls, sender, helo, external }: RelayOpening,
  authOffered: boolean,
  measured: Measured,
): State {
  const heard = controls
    .filter(({ recipient }) => recipient !== 'postmaster')
    .map(
      ({ recipient, exchange }): Heard => ({
        recipient,
        exchange,
        meaning: meaningOf(exchange.reply, { stage: 'rcpt', sender, helo, recipient }),
      }),
    );
  const demand = heard.find(({ exchange, meaning }) => demandsAuth(exchange.reply, meaning, authOffered));
  const ofOutside = rcpt === null ? [] : [cite(rcpt.reply)];
  if (demand !== undefined) return { kind: 'closed', evidence: [cite(demand.exchange.reply), ...ofOutside] };
  const tls = heard.find(({ meaning }) => meaning === 'tls-required');
  if (tls !== undefined) return { kind: 'tls-first', evidence: [cite(tls.exchange.reply)] };
  const [best] = heard;
  if (best === undefined) {
    const because = `what it says to ${external} does not tell whether its own users get mail without AUTH: ${nameThem}`;
    return untold(inconclusive('prerequisite', because, ofOutside, { measured }));
  }
  if (authOffered || !demandsAuth(best.exchange.reply, best.meaning, true)) return untold(untoldName(best, measured));
  const because = 'it refuses everybody alike, and offers no AUTH that would change it';
  const evidence = [cite(best.exchange.reply), ...ofOutside];
  return untold(inconclusive('prerequisite', because, evidence, { measured }));
}

const untold = (judgement: Inconclusive): State => ({ kind: 'untold', judgement });
