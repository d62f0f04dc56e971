import { type Outcome, outcomeOf } from '../src/kit/end-of-data/reading.ts';
import { firstTrial, isUnfit, slowest, trialsOf } from '../src/kit/end-of-data/trial.ts';
import { trialShape } from '../src/kit/end-of-data/trial-shape.ts';
import { inBody, variants } from '../src/kit/end-of-data/variants.ts';
import {
  type Cite,
  defineProbe,
  fail,
  hindered,
  inconclusive,
  type Judgement,
  type Measured,
  pass,
  refusedBy,
  type Severity,
  seenFrom,
  vantage,
  vantages,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

const data = (z: Zod) =>
  z.object({
    vantage: z.enum(vantages),
    /** A bare LF in a body, which ends nothing: whether a message can be brought in at all, and how. */
    control: trialShape(z),
    /** Of each variant, in the order of its sessions. Empty where no message could be begun. */
    trials: z.array(trialShape(z)),
  });

/** Seconds in which a server that has taken a message says so, unless it has shown that it takes longer. */
const leastWait = 6;

export const bareNewline = defineProbe({
  id: 'bare-newline',
  question: 'Does anything but CRLF . CRLF end a message?',
  severity: 'high',
  weighs:
    'High: a second message in the sender’s name can be brought in through any server that passes such line ends on. Medium where what follows in the same write is not run. Low where the ending is one that no honest server passes on (CRLF . LF and its like), info where that is not run either.',
  safety: 'intrusive',
  why: 'If a dot between bare line ends is the end here and not at the server before, then what its user wrote behind it is run here as commands: a message from anyone of that server, with its SPF and DKIM (SMTP smuggling).',
  judged:
    'A message to --recipient (else postmaster), eleven times with an odd ending and once with a bare LF in it; replies are counted, in their order. pass: nothing but the true end is answered, or the message is refused for what is in it and the session ended. fail: the answer comes before the true end, and in a second session the NOOP behind it is run; also where the message is refused and the NOOP is run. One step lower: only the second session is stopped. inconclusive: no message could be begun, replies that do not add up, and every fail seen from an address that the server may trust (Postfix smtpd_forbid_bare_newline_exclusions).',
  refs: [
    'RFC 5321 §2.3.8, §4.1.1.4, §4.5.2',
    'CVE-2023-51764 (Postfix)',
    'CVE-2023-51765 (Sendmail)',
    'CVE-2023-51766 (Exim)',
    'Postfix smtpd_forbid_bare_newline',
  ],
  cost: { connections: variants.length + 3, commands: 8 * (variants.length + 3) },
  needs: { hello },
  data,

  async observe(wire, { hello: seen }) {
    const { trial: control, way } = await firstTrial(wire, { variant: inBody, least: leastWait });
    const least = Math.max(leastWait, 4 * slowest(control));
    const all = isUnfit(control)
      ? []
      : await Promise.all(variants.map((variant) => trialsOf(wire, way, { variant, least })));
    return { vantage: vantage(wire.subject, seen), control, trials: all.flat() };
  },

  judge({ vantage: from, control, trials }) {
    if (control.kind === 'cut') return hindered(control.cut);
    if (control.kind === 'refused') return hindered(refusedBy(control.exchange.reply, control.verb, 'ambiguous'));
    const body = outcomeOf([control]);
    if (body.kind !== 'data' && body.kind !== 'refused')
      return inconclusive('ambiguous', `a bare LF and no dot, and ${wordsOf(body)}: nothing is told by that`, [
        ...body.evidence,
      ]);
    const told = variants.map((variant) => ({
      ...variant,
      outcome: outcomeOf(trials.filter((trial) => trial.variant === variant.name)),
    }));
    return judgeAll(told, body, from);
  },
});

interface Told {
  readonly name: string;
  readonly isReachable: boolean;
  readonly outcome: Outcome;
}

function judgeAll(told: readonly Told[], body: Outcome, from: (typeof vantages)[number]): Judgement {
  const flaws = told.flatMap(flawIn).toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const named = (some: readonly Told[]) => some.map(({ name }) => name);
  const untold = told.filter(({ outcome }) => outcome.kind === 'untold');
  const measured: Measured = {
    reachable: named(flaws.filter(({ isReachable }) => isReachable)),
    hygiene: named(flaws.filter(({ isReachable }) => !isReachable)),
    refused: named(told.filter(({ outcome }) => outcome.kind === 'refused')),
    ...(body.kind === 'refused' ? { body: 'refused' } : { body: 'taken' }),
    ...(untold.length > 0 ? { untold: named(untold) } : {}),
  };
  const [worst, ...others] = flaws;
  if (worst !== undefined) return judgeFlaws([worst, ...others], from, measured);
  const [doubt] = untold;
  if (doubt !== undefined)
    return inconclusive('ambiguous', `${doubt.name}: ${wordsOf(doubt.outcome)}`, doubt.outcome.evidence, { measured });
  const refusals = told.filter(({ outcome }) => outcome.kind === 'refused');
  const [refused] = refusals;
  const taken = told.find(({ outcome }) => outcome.kind === 'data');
  const [first, ...more] = [body, taken?.outcome, refused?.outcome].flatMap((one) => one?.evidence ?? []);
  if (first === undefined) return inconclusive('ambiguous', 'nothing was told', [], { measured });
  const because =
    refused === undefined
      ? `none of ${told.length} other endings ends a message`
      : `none of ${told.length} other endings ends a message, and ${refusals.length} of them are refused`;
  return pass(because, [first, ...more], { measured });
}

interface Flaw extends Told {
  readonly severity: Severity;
  readonly evidence: readonly [Cite, ...Cite[]];
}

function flawIn(told: Told): Flaw[] {
  const { outcome, isReachable } = told;
  if (outcome.kind !== 'run' && outcome.kind !== 'left' && outcome.kind !== 'stopped') return [];
  const [full, stopped] = isReachable ? (['high', 'medium'] as const) : (['low', 'info'] as const);
  return [{ ...told, severity: outcome.kind === 'stopped' ? stopped : full, evidence: outcome.evidence }];
}

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

const headlines: Partial<Record<Severity, string>> = {
  high: 'Mail can be smuggled in: a dot between bare line ends closes a message',
  medium: 'A dot between bare line ends closes a message, if its octets arrive alone',
  low: 'A malformed end of a message is taken for the end, which helps no stranger',
  info: 'A malformed end of a message is taken for the end, if its octets arrive alone',
};

function judgeFlaws(flaws: readonly [Flaw, ...Flaw[]], from: (typeof vantages)[number], measured: Measured): Judgement {
  const [worst] = flaws;
  const because = flaws.map(({ name, outcome }) => `${name} ${wordsOf(outcome)}`).join('; ');
  if (from !== 'outside')
    return inconclusive(
      'ambiguous',
      `${because}${seenFrom(from)}; Postfix spares addresses of mynetworks its strictness here`,
      worst.evidence,
      { measured },
    );
  return fail(because, worst.evidence, {
    severity: worst.severity,
    headline: headlines[worst.severity] ?? '',
    measured,
  });
}

function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'untold':
      return outcome.because;
    case 'run':
      return 'ends a message, and the NOOP behind it is run';
    case 'left':
      return 'is refused and ends a message all the same: the NOOP behind it is run';
    case 'stopped':
      return 'ends a message when nothing follows; a NOOP in the same write is not run: it depends on how the bytes arrive';
    default:
      return outcome.kind;
  }
}
