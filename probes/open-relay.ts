import {
  cite,
  type Doubt,
  defineProbe,
  fail,
  hindered,
  inconclusive,
  isPositive,
  type Judgement,
  type Meaning,
  type Measured,
  meaningOf,
  offers,
  pass,
  type Shaped,
  seenFrom,
  vantage,
  vantages,
  type Zod,
} from '../src/kit/index.ts';
import { askForms, askRelay } from '../src/kit/relay/ask.ts';
import type { Told, Untested } from '../src/kit/relay/form-outcome.ts';
import { openRelayDialogue } from '../src/kit/relay/opening.ts';
import { openingOutcome, sameAnswerToControl } from '../src/kit/relay/opening-outcome.ts';
import { isWorthGoingOn } from '../src/kit/relay/opening-reading.ts';
import { outcomesOf } from '../src/kit/relay/outcome.ts';
import { type RelayPhase, relayPhaseShape } from '../src/kit/relay/phase.ts';
import { hello } from './hello.ts';

const data = (z: Zod) =>
  z.object({
    phases: z.array(relayPhaseShape(z)),
    tls: z.enum(['starttls', 'implicit', 'not-offered']),
    vantage: z.enum(vantages),
    /** A submission port that offers AUTH: it may well refuse everyone without. */
    submission: z.boolean(),
    domain: z.string().nullable(),
  });

/** What was asked in clear and inside TLS, and from where. */
export type OpenRelayData = Shaped<typeof data>;

export const openRelay = defineProbe({
  id: 'open-relay',
  question: 'Does it accept mail for outside from strangers?',
  severity: 'critical',
  safety: 'active',
  why: "An open relay is found within hours, sends other people's spam, and stands on every block list by the next morning.",
  judged:
    'MAIL and RCPT to an outside address, never DATA: 26 combinations of sender, recipient form and HELO name in clear and 12 inside TLS, each session with a recipient of the server\'s own as control. fail: a 2xx to an outside recipient, given twice; where the right-hand side is the server\'s own, only if an unknown local part is refused there. pass: every shape refused in words of relaying, or refused beside a control that was taken. A refusal of this client, our HELO, our sender or our domain, greylisting, limiters and anything cut short are inconclusive. 454 "Relay access denied" is a firm refusal. A 2xx to RCPT is "accepts"; that mail comes out at the other end is for relay-proof to show.',
  refs: [
    'RFC 5321 §3.6, §7.8, F.2',
    'RFC 2505 §2.1',
    'Postfix smtpd_relay_restrictions, mynetworks, allow_untrusted_routing',
  ],
  cost: { connections: 7, commands: 170 },
  needs: { hello },

  data,

  async observe(wire, { hello: seen }) {
    const { endpoint, domain } = wire.subject;
    const implicit = endpoint.tls === 'implicit';
    const starttls = !implicit && offers(seen.ehlo.reply, 'STARTTLS');
    const { serverName } = seen;
    const openings = await openRelayDialogue(wire, { tls: implicit, brief: false, serverName });
    const last = openings.at(-1);
    // An MX treats strangers alike in clear and inside TLS until a shape shows otherwise; a submission port offers AUTH inside only.
    const borrows = endpoint.role === 'mx' && last !== undefined && isWorthGoingOn(last);
    const brief = { tls: true, brief: true, serverName };
    const [first, inside] = await Promise.all([
      askForms(wire, { tls: implicit, brief: false, serverName }, openings),
      !starttls ? null : borrows ? askForms(wire, brief, openings, true) : askRelay(wire, brief),
    ]);
    const submission =
      endpoint.role !== 'mx' && [first, inside].some((phase) => phase?.openings.some(({ auth }) => auth));
    return {
      phases: [implicit ? { ...first, tls: false } : first, ...(inside === null ? [] : [inside])],
      tls: implicit ? ('implicit' as const) : starttls ? ('starttls' as const) : ('not-offered' as const),
      vantage: vantage(wire.subject, seen),
      submission,
      domain,
    };
  },

  judge(data) {
    const outcomes = data.phases.flatMap((phase) => outcomesOf(phase, data.submission));
    const stopped = data.phases.map(openingOutcome).filter((one) => one !== null);
    const accepted = outcomes.filter((outcome) => outcome.kind === 'accepted');
    const refused = outcomes.filter((outcome) => outcome.kind === 'refused');
    const untold = [...stopped, ...outcomes].filter((one) => one.kind === 'untested');
    const measured = {
      accepted: accepted.map(({ id }) => id),
      refused: refused.map(({ id }) => id),
      untested: untold.map(({ id, trouble }) => `${id}: ${trouble.because}`),
      tls: data.tls,
      vantage: data.vantage,
      ...controlsOf(data),
    };
    const [worst, ...others] = accepted;
    if (worst !== undefined) return judgeAccepted(data, [worst, ...others], outcomes.length, measured);
    const doubtful = untold.filter(({ excused }) => !excused).sort((a, b) => weight(b) - weight(a))[0];
    if (doubtful !== undefined)
      return hindered(doubtful.trouble, { because: `${doubtful.id}: ${doubtful.trouble.because}`, measured });
    if (data.phases.some(sameAnswerToControl)) return judgeSameAnswer(data, measured);
    const [first, ...more] = refused;
    const tlsFirst = stopped.find((one) => one.kind === 'tls-required');
    if (first !== undefined) return judgeRefused(data, [first, ...more], tlsFirst !== undefined, measured);
    return tlsFirst === undefined && untold.length > 0
      ? inconclusive('sender-rejected', everySenderRefused, [], { measured })
      : inconclusive('prerequisite', tlsUntold, tlsFirst?.evidence ?? [], { measured });
  },
});

const everySenderRefused =
  'every sender was turned away, so nothing was asked about recipients: give one that it takes with --sender';
const tlsUntold = 'it wants TLS first, and inside TLS nothing could be asked';

function judgeAccepted(
  data: OpenRelayData,
  [worst, ...others]: readonly [Told<'accepted'>, ...Told<'accepted'>[]],
  asked: number,
  measured: Measured,
): Judgement {
  const evidence = [worst.evidence[0], ...others.slice(0, 3).map(({ evidence: [first] }) => first)] as const;
  const forms =
    others.length === 0 ? `the form ${worst.id}` : `${others.length + 1} of ${asked} forms (${worst.id}, …)`;
  if (data.vantage === 'trusted') {
    const because = `it accepts mail for outside in ${forms}, from a vantage that you called trusted`;
    return inconclusive('ambiguous', because, evidence, { measured });
  }
  const all = acceptsEverything(data);
  const sink = all ? '; it accepts everything, as a mail sink would too: --allow intrusive with relay-proof tells' : '';
  return fail(`it accepts mail for outside in ${forms}${sink}${seenFrom(data.vantage)}`, evidence, {
    measured: { ...measured, acceptsEverything: all },
  });
}

/** Takes unknown users of its own as well, and refuses nothing but what it cannot parse. */
function acceptsEverything({ phases }: OpenRelayData): boolean {
  const strangers = phases.flatMap((phase) => phase.strangers);
  return (
    strangers.length > 0 &&
    strangers.every(({ exchange }) => isPositive(exchange.reply)) &&
    !phases.some(refusesAnything)
  );
}

const unparsed: readonly Meaning[] = ['accepted', 'address-syntax', 'command-syntax'];

function refusesAnything({ answers }: RelayPhase): boolean {
  return answers.some(
    ({ rcpt, sender, recipient }) =>
      rcpt !== null && !unparsed.includes(meaningOf(rcpt.reply, { stage: 'rcpt', sender, recipient })),
  );
}

function judgeSameAnswer({ phases }: OpenRelayData, measured: Measured): Judgement {
  const last = phases[0]?.openings.at(-1);
  const because =
    'it gives its own recipient the same answer as the outside one: name a domain of its own with --domain or a mailbox with --recipient';
  const quoted = [last?.rcpt ?? null, last?.controls[0]?.exchange ?? null].filter((exchange) => exchange !== null);
  return inconclusive(
    'ambiguous',
    because,
    quoted.map(({ reply }) => cite(reply)),
    { measured },
  );
}

function judgeRefused(
  { phases }: OpenRelayData,
  [first, ...more]: readonly [Told<'refused'>, ...Told<'refused'>[]],
  tlsFirst: boolean,
  measured: Measured,
): Judgement {
  const inside = more.find(({ id }) => id.startsWith('tls:'));
  const taken = phases
    .flatMap(({ openings }) => openings.at(-1)?.controls ?? [])
    .find(({ exchange }) => isPositive(exchange.reply));
  const control = taken === undefined ? [] : [cite(taken.exchange.reply)];
  const evidence = [first.evidence[0], ...(inside?.evidence ?? []), ...control] as const;
  const clear = tlsFirst ? ' (in clear it takes no mail at all)' : '';
  const because = `it refuses all ${more.length + 1} ways of asking it to take mail for outside${clear}`;
  return pass(because, evidence, { measured });
}

/** The doubt that explains most comes last. */
const weights: readonly Doubt[] = [
  'ambiguous',
  'tls-failed',
  'closed',
  'timeout',
  'budget-spent',
  'throttled',
  'greylisted',
  'sender-rejected',
  'client-blocked',
];

const weight = ({ trouble }: Untested): number => weights.indexOf(trouble.doubt);

function controlsOf({ phases, domain }: OpenRelayData) {
  const last = phases[0]?.openings.at(-1);
  return {
    control: phases.find(({ control }) => control !== null)?.control ?? null,
    sender: last?.sender ?? null,
    external: last?.external ?? null,
    domain,
  };
}
