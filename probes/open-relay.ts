import {
  type Cite,
  defineProbe,
  fail,
  inconclusive,
  isPositive,
  type Judgement,
  type Measured,
  meaningOf,
  offers,
  pass,
  type Vantage,
  vantage,
} from '../src/kit/index.ts';
import {
  askRelay,
  askShapes,
  isWorthGoingOn,
  openRelayDialogue,
  type Phase,
  quoteOf,
} from '../src/kit/relay/dialogue.ts';
import { openingOutcome, outcomesOf, type ShapeOutcome, sameAnswerToControl } from '../src/kit/relay/outcome.ts';
import { hello } from './hello.ts';

/** What was asked in clear and inside TLS, and from where. */
export interface OpenRelayData {
  readonly phases: readonly Phase[];
  readonly tls: 'starttls' | 'implicit' | 'not-offered';
  readonly vantage: Vantage;
  /** A submission port that offers AUTH: it may well refuse everyone without. */
  readonly submission: boolean;
  readonly domain: string | null;
}

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

  async observe(wire, { hello: seen }): Promise<OpenRelayData> {
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
      askShapes(wire, { tls: implicit, brief: false, serverName }, openings),
      !starttls ? null : borrows ? askShapes(wire, brief, openings, true) : askRelay(wire, brief),
    ]);
    const submission =
      endpoint.role !== 'mx' && [first, inside].some((phase) => phase?.openings.some(({ auth }) => auth));
    return {
      phases: [implicit ? { ...first, tls: false } : first, ...(inside === null ? [] : [inside])],
      tls: implicit ? 'implicit' : starttls ? 'starttls' : 'not-offered',
      vantage: vantage(wire.subject, seen),
      submission,
      domain,
    };
  },

  judge(data) {
    const outcomes = data.phases.flatMap((phase) => outcomesOf(phase, data.submission));
    const stopped = data.phases.map(openingOutcome);
    const accepted = outcomes.filter((outcome) => outcome.kind === 'accepted');
    const refused = outcomes.filter((outcome) => outcome.kind === 'refused');
    const untold = [
      ...stopped.filter((one) => one?.kind === 'untested'),
      ...outcomes.filter((outcome) => outcome.kind === 'untested'),
    ];
    const measured = {
      accepted: accepted.map(({ id }) => id),
      refused: refused.map(({ id }) => id),
      untested: untold.map(({ id, because }) => `${id}: ${because}`),
      tls: data.tls,
      vantage: data.vantage,
      ...controlsOf(data),
    };
    const [worst, ...others] = accepted;
    if (worst !== undefined) return judgeAccepted(data, worst, others, outcomes, measured);
    const doubtful = untold.filter(({ excused }) => !excused).sort((a, b) => weight(b) - weight(a))[0];
    if (doubtful !== undefined)
      return inconclusive(doubtful.doubt, `${doubtful.id}: ${doubtful.because}`, doubtful.evidence, { measured });
    if (data.phases.some(sameAnswerToControl)) {
      const last = data.phases[0]?.openings.at(-1);
      const evidence = [...quoteOf(last?.rcpt ?? null), ...quoteOf(last?.controls[0]?.exchange ?? null)];
      return inconclusive(
        'ambiguous',
        'it gives its own recipient the same answer as the outside one: name a domain of its own with --domain or a mailbox with --recipient',
        evidence,
        { measured },
      );
    }
    return judgeRefused(data, refused, stopped, measured);
  },
});

type Accepted = Extract<ShapeOutcome, { kind: 'accepted' }>;
type Refused = Extract<ShapeOutcome, { kind: 'refused' }>;

function judgeAccepted(
  data: OpenRelayData,
  worst: Accepted,
  others: readonly Accepted[],
  outcomes: readonly ShapeOutcome[],
  measured: Measured,
): Judgement {
  const strangers = data.phases.flatMap((phase) => phase.strangers);
  // Takes unknown users of its own as well, and refuses nothing but what it cannot parse.
  const all =
    strangers.length > 0 &&
    strangers.every(({ exchange }) => isPositive(exchange.reply)) &&
    !data.phases.some((phase) => refusesAnything(phase));
  const evidence: [Cite, ...Cite[]] = [
    ...(worst.evidence.slice(0, 1) as [Cite]),
    ...others.slice(0, 3).map(({ evidence: [first] }) => first),
  ];
  const shapes =
    others.length === 0
      ? `in the form ${worst.id}`
      : `in ${others.length + 1} of ${outcomes.length} forms (${worst.id}, …)`;
  if (data.vantage === 'trusted')
    return inconclusive(
      'ambiguous',
      `it accepts mail for outside ${shapes}, from a vantage that you called trusted`,
      evidence,
      { measured },
    );
  const sink = all ? '; it accepts everything, as a mail sink would too: --allow intrusive with relay-proof tells' : '';
  const from =
    data.vantage === 'outside'
      ? ''
      : ` (seen from a ${data.vantage} address, which the server may trust: scan again from outside)`;
  return fail(`it accepts mail for outside ${shapes}${sink}${from}`, evidence, {
    measured: { ...measured, acceptsEverything: all },
  });
}

function judgeRefused(
  data: OpenRelayData,
  refused: readonly Refused[],
  stopped: readonly ReturnType<typeof openingOutcome>[],
  measured: Measured,
): Judgement {
  const needsTls = stopped.find((one) => one?.kind === 'tls-required');
  const [first, ...more] = refused;
  const excused = measured.untested;
  if (first === undefined && needsTls === undefined && Array.isArray(excused) && excused.length > 0) {
    return inconclusive(
      'sender-rejected',
      'every sender was turned away, so nothing was asked about recipients: give one that it takes with --sender',
      [],
      { measured },
    );
  }
  if (first === undefined) {
    const evidence = needsTls?.kind === 'tls-required' ? needsTls.evidence : [];
    return inconclusive('prerequisite', 'it wants TLS first, and inside TLS nothing could be asked', evidence, {
      measured,
    });
  }
  const inside = more.find(({ id }) => id.startsWith('tls:'));
  const controls = data.phases.flatMap(
    ({ openings }) => openings.at(-1)?.controls.filter(({ exchange }) => (exchange.reply.code ?? 0) < 300) ?? [],
  );
  const evidence: [Cite, ...Cite[]] = [
    first.evidence[0],
    ...(inside?.evidence ?? []),
    ...quoteOf(controls[0]?.exchange ?? null),
  ];
  const clear = needsTls === undefined ? '' : ' (in clear it takes no mail at all)';
  return pass(`it refuses all ${refused.length} ways of asking it to take mail for outside${clear}`, evidence, {
    measured,
  });
}

/** The doubt that explains most comes first. */
function weight({ doubt }: { doubt: string }): number {
  return [
    'ambiguous',
    'tls-failed',
    'closed',
    'timeout',
    'budget-spent',
    'throttled',
    'greylisted',
    'sender-rejected',
    'client-blocked',
  ].indexOf(doubt);
}

function controlsOf({ phases, domain }: OpenRelayData) {
  const last = phases[0]?.openings.at(-1);
  return {
    control: phases.find(({ control }) => control !== null)?.control ?? null,
    sender: last?.sender ?? null,
    external: last?.external ?? null,
    domain,
  };
}

function refusesAnything({ answers }: Phase): boolean {
  return answers.some(({ rcpt, sender, recipient }) => {
    const meaning = rcpt === null ? 'accepted' : meaningOf(rcpt.reply, { stage: 'rcpt', sender, recipient });
    return !['accepted', 'address-syntax', 'command-syntax'].includes(meaning);
  });
}
