import {
  type Cite,
  cite,
  type DataOf,
  defineRule,
  fail,
  inconclusive,
  isPositive,
  type Judgement,
  type Meaning,
  type Measured,
  pass,
  seenFrom,
} from '../src/kit/index.ts';
import { commonMeaning, hear } from '../src/kit/recipients/hear.ts';
import { lastRound, type RecipientsData } from '../src/kit/recipients/round.ts';
import { nameThem, untoldName, untoldNames, untoldRound } from '../src/kit/recipients/untold.ts';
import { openRelay } from './open-relay.ts';
import { rcptOracle } from './rcpt-oracle.ts';

export const backscatter = defineRule({
  id: 'backscatter',
  question: 'Does it take mail for names that do not exist?',
  severity: 'low',
  weighs:
    'Low: bounces to forged senders bring a server onto block lists slowly, and a backup MX may have no other way.',
  safety: 'active',
  why: 'Mail that is taken first and bounced later goes back to whoever was named as sender: forged senders get bounces for mail they never wrote, and the server lands on block lists for sending them. A catch-all gathers spam instead.',
  judged:
    'fail: RCPT to two random names at its own domain is answered with 2xx. That is a catch-all or a bounce later; from outside the two look alike. pass: both are refused for good. inconclusive: the domain is not its own, or the answers speak of us.',
  refs: [
    'RFC 5321 §3.6.2, §6.1',
    'RFC 3834 §2',
    'Postfix smtpd_reject_unlisted_recipient, local_recipient_maps, relay_recipient_maps',
  ],
  needs: { recipients: rcptOracle },
  wants: { relay: openRelay },
  applies: ({ role }) => role === 'mx' || 'a submission port takes mail from users, for wherever they like',

  judge({ recipients: data, relay }) {
    const round = lastRound(data);
    const { known, postmaster, randoms } = hear(round);
    const [random, other] = randoms;
    const measured = {
      tried: randoms.map(({ recipient }) => recipient),
      answers: randoms.map(({ exchange }) => exchange.reply.lines[0].text),
      domain: round.domain,
      vantage: data.vantage,
    };
    const untold = untoldRound(data, measured);
    if (untold !== null) return untold;
    if (random === undefined) return untoldNames(round, measured);
    const first = cite(random.exchange.reply);
    const evidence = [first, ...(other === undefined ? [] : [cite(other.exchange.reply)])] as const;
    const meaning = commonMeaning(randoms);
    if (meaning === null)
      return inconclusive('ambiguous', 'it answers two random names differently', evidence, { measured });
    if (meaning === 'accepted') return ofAcceptance(data, relay, evidence, measured);
    if (meaning === 'unknown-user') return pass('it refuses names that do not exist', evidence, { measured });
    const user = known ?? postmaster;
    if (refusals.includes(meaning) && user?.meaning === 'accepted') {
      const because = `it refuses names that do not exist, and takes ${user.recipient}`;
      return pass(because, [first, cite(user.exchange.reply)], { measured });
    }
    return untoldName(random, measured);
  },
});

/** Beside a name that is taken these refuse the name. */
const refusals: readonly Meaning[] = ['relay-or-unknown', 'refused-permanent', 'relay-denied'];

function ofAcceptance(
  data: RecipientsData,
  relay: DataOf<typeof openRelay> | undefined,
  evidence: readonly [Cite, ...Cite[]],
  measured: Measured,
): Judgement {
  const { domain } = lastRound(data);
  const openings = (relay?.phases ?? []).flatMap((phase) => phase.openings);
  const relays = openings.some(({ rcpt }) => rcpt !== null && isPositive(rcpt.reply));
  if (relays && !data.domainGiven) {
    const because = `it takes mail for outside too, and ${domain} is a guess: ${nameThem}`;
    return inconclusive('prerequisite', because, evidence, { measured });
  }
  const because = `it takes mail for names that do not exist at ${domain}: a catch-all, or bounces later; from outside the two look alike`;
  if (data.vantage === 'trusted') {
    const here = `${because}, and this vantage you called trusted`;
    return inconclusive('ambiguous', here, evidence, { measured });
  }
  return fail(`${because}${seenFrom(data.vantage)}`, evidence, {
    measured,
    headline: 'It takes mail for users that do not exist, to keep it or to bounce it at strangers',
  });
}
