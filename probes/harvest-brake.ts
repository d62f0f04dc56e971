import {
  type Cite,
  cite,
  type Doubt,
  defineProbe,
  type Exchange,
  exchangeShape,
  fail,
  hindered,
  inconclusive,
  isPermanent,
  isPositive,
  isTransient,
  type Judgement,
  type Measured,
  notApplicable,
  pass,
  type Reply,
  randomLocalPart,
  type Shaped,
  seenFrom,
  type Vantage,
  vantage,
  vantages,
  withTimeline,
  type Zod,
} from '../src/kit/index.ts';
import { demandsAuth } from '../src/kit/recipients/demands-auth.ts';
import { commonMeaning, hear } from '../src/kit/recipients/hear.ts';
import { lastRound, type RecipientsRound } from '../src/kit/recipients/round.ts';
import { nameThem, untoldName, untoldRound } from '../src/kit/recipients/untold.ts';
import { commandBudget } from '../src/kit/session-limits/budget.ts';
import { evidenceOfEnding, kindOfEnding, lastWords } from '../src/kit/session-limits/ending.ts';
import { inLockStep, type LockStep, lockStepShape } from '../src/kit/session-limits/lock-step.ts';
import { type SlowDown, slowDownOf } from '../src/kit/session-limits/slow-down.ts';
import { rcptOracle } from './rcpt-oracle.ts';

const dataShape = (z: Zod) =>
  z.object({
    /** What came before the first unknown name: EHLO, MAIL and the recipient that exists. */
    calm: z.array(exchangeShape(z)),
    mail: exchangeShape(z),
    names: lockStepShape(z).nullable(),
    vantage: z.enum(vantages),
    ...withTimeline(z),
  });

export type HarvestData = Shaped<typeof dataShape>;

const data = (z: Zod) => dataShape(z).nullable();

/** Whoever lets 60 wrong names pass in one session lets a dictionary pass. */
const usefulNames = 60;
/** Enough to see a brake at work; to see it through to the end is not worth a minute of the server's. */
const secondsAllowed = 30;

export const harvestBrake = defineProbe({
  id: 'harvest-brake',
  question: 'What stops a dictionary attack?',
  severity: 'medium',
  weighs: 'Medium: names can be tried out by the hundred thousand.',
  safety: 'load',
  why: 'To refuse unknown names is right, and tells which names exist. What keeps others from trying a dictionary is that wrong names become slow, or end the session.',
  judged: `Random names at its own domain in one session and one transaction, each after the answer to the last, ${usefulNames} at most. pass: it slows down (measured.slowedAfter, sleepSeconds), defers (deferredAfter), refuses whatever comes (stoppedAfter) or ends the session (closedAfter). fail: all were refused at the usual pace. inconclusive: it ends the session at the first, as smtpd does under stress, or without a word. not-applicable: it takes unknown names, so there is nothing to harvest.`,
  refs: [
    'RFC 5321 §7.3',
    'Postfix smtpd_soft_error_limit, smtpd_hard_error_limit, smtpd_client_recipient_rate_limit',
    'Exim rcpt_fail_count, smtp_ratelimit_rcpt',
    'Sendmail BadRcptThrottle',
  ],
  cost: { connections: 1, commands: usefulNames + 4, seconds: 30 },
  needs: { recipients: rcptOracle },
  data,

  async observe(wire, { recipients }) {
    const round = lastRound(recipients);
    if (!isWorthTrying(round)) return null;
    await wire.rested();
    await using session = await wire.own({ tls: round.tls });
    const mail = await session.say(`MAIL FROM:<${round.sender}>`);
    const known = { calm: [session.ehlo, mail], mail, vantage: vantage(wire.subject, session) };
    if (!isPositive(mail.reply)) return { ...known, names: null };
    const { timeline, ...names } = await inLockStep(session, {
      command: () => `RCPT TO:<${randomLocalPart()}@${round.domain}>`,
      stage: 'rcpt',
      most: commandBudget(wire, usefulNames),
      seconds: secondsAllowed,
      isEnough: ({ reply }) => !isPermanent(reply),
    });
    wire.service.noteReply(names.exchanges.at(-1)?.reply);
    return { ...known, names, timeline };
  },

  judge(data, { recipients }) {
    const { domain } = lastRound(recipients);
    if (data === null) return withoutNames(recipients);
    const { mail, names } = data;
    if (names === null) {
      const measured = { domain, vantage: data.vantage };
      const because = 'it took this sender before, and refuses it now';
      return inconclusive('ambiguous', because, [cite(mail.reply)], { measured });
    }
    const brakes = brakesIn(names, data.calm);
    const measured = { ...figuresOf(names, brakes), domain, vantage: data.vantage };
    return untold(names, brakes, measured) ?? judgeBrakes(names, brakes, measured, data.vantage);
  },
});

/** What was seen of brakes. */
interface Brakes {
  readonly refused: readonly Exchange[];
  readonly pace: SlowDown | 'none' | 'unclear';
  readonly slow: SlowDown | null;
  /** It has had enough of wrong names, and says so. */
  readonly ended: Reply | null;
  /** Puts off what it refused before. */
  readonly deferred: Reply | null;
}

function brakesIn({ exchanges, ending }: LockStep, calm: readonly Exchange[]): Brakes {
  const refused = exchanges.filter(({ reply }) => isPermanent(reply));
  const pace = slowDownOf({
    seconds: refused.map((exchange) => exchange.seconds),
    calm: calm.map((exchange) => exchange.seconds),
    ended: ending === null ? null : ending.unasked ? 'in one packet' : 'later',
  });
  const last = exchanges.at(-1)?.reply;
  return {
    refused,
    pace,
    slow: typeof pace === 'string' ? null : pace,
    ended: ending !== null && kindOfEnding(ending, 'rcpt') === 'errors' ? ending.reply : null,
    deferred: last !== undefined && isTransient(last) ? last : null,
  };
}

function figuresOf({ exchanges, ending, seconds }: LockStep, { refused, slow, ended, deferred }: Brakes): Measured {
  const count = refused.length;
  const isClosed = ended?.code === 421;
  return {
    refused: count,
    slowedAfter: slow?.after ?? null,
    sleepSeconds: slow?.sleepSeconds ?? null,
    deferredAfter: deferred === null ? null : count,
    closedAfter: isClosed ? count : null,
    stoppedAfter: ended !== null && !isClosed ? count : null,
    kind: 'session',
    reply: lastWords(ending?.reply ?? deferred),
    tried: exchanges.length,
    seconds,
  };
}

/** Why what was seen says nothing of brakes; null where it does. */
function untold({ exchanges, ending }: LockStep, brakes: Brakes, measured: Measured): Judgement | null {
  const { refused, ended } = brakes;
  const last = exchanges.at(-1)?.reply;
  const first = refused.slice(0, 1).map(({ reply }) => cite(reply));
  const doubt = (kind: Doubt, because: string, evidence: readonly Cite[]) =>
    inconclusive(kind, because, [...evidence, ...first], { measured });
  if (last !== undefined && isPositive(last))
    return doubt('ambiguous', 'it takes some random names, and refuses others', [cite(last)]);
  if (ending !== null && ended === null) {
    const { cut } = ending;
    const because = `after ${refused.length} unknown names: ${cut?.because ?? 'it ended the session in words that do not speak of them'}`;
    const evidence = evidenceOfEnding(ending);
    return cut === null
      ? doubt('ambiguous', because, evidence)
      : hindered(cut, { because, evidence: [...evidence, ...first], measured });
  }
  if (refused.length === 0) {
    const because = 'it defers the first unknown name already, and refused some before';
    return doubt('throttled', because, last === undefined ? [] : [cite(last)]);
  }
  if (ended === null || refused.length > 1) return null;
  const because =
    'it ended the session at the first unknown name: a limit of 1, or a server under stress, which is not how it usually is; scan again in 20 minutes';
  return doubt('ambiguous', because, [cite(ended)]);
}

function judgeBrakes({ exchanges, spent }: LockStep, brakes: Brakes, measured: Measured, from: Vantage): Judgement {
  const { refused, pace, slow, ended, deferred } = brakes;
  const count = refused.length;
  const [first] = refused;
  const last = ended ?? exchanges.at(-1)?.reply;
  if (first === undefined || last === undefined) throw new Error('names were refused');
  const evidence = [cite(last), cite(first.reply)] as const;
  const how = [
    slow === null ? null : `slows down ${inWords(slow)}`,
    deferred === null ? null : `defers after ${count}`,
    ended === null ? null : `${ended.code === 421 ? 'ends the session' : 'refuses whatever comes'} after ${count}`,
  ].filter((one) => one !== null);
  if (how.length > 0) return pass(`of unknown recipients it ${how.join(' and ')}`, evidence, { measured });
  if (pace === 'unclear') {
    const because = `it refused ${count} unknown recipients, and its answers came too irregularly to tell whether it slows down`;
    return inconclusive('ambiguous', because, evidence, { measured });
  }
  if (spent === 'seconds' || count < usefulNames) {
    const because = `it refused ${count} unknown recipients at the usual pace, and no more were allowed: ${usefulNames} would tell (--max-events)`;
    return inconclusive('budget-spent', because, evidence, { measured });
  }
  const because = `it refused ${count} unknown recipients in one session, one as fast as the other${seenFrom(from)}`;
  return fail(because, evidence, { measured, headline: 'Nothing slows down a client that tries out names' });
}

function inWords({ after, sleepSeconds }: SlowDown): string {
  return after === null ? 'at the last' : `after ${after}${sleepSeconds === null ? '' : `, by ${sleepSeconds} s each`}`;
}

/** Random names at a domain of its own were refused for what they are, and names were asked for at all. */
function isWorthTrying(round: RecipientsRound): boolean {
  if (round.domain === null) return false;
  const { randoms } = hear(round);
  const meaning = commonMeaning(randoms);
  return meaning === 'unknown-user' || (isRefusal(meaning) && someUserIsTaken(round));
}

const isRefusal = (meaning: string | null): boolean =>
  meaning === 'relay-or-unknown' || meaning === 'refused-permanent';

function someUserIsTaken(round: RecipientsRound): boolean {
  const { known, postmaster } = hear(round);
  return [known, postmaster].some((name) => name?.meaning === 'accepted');
}

function withoutNames(data: Parameters<typeof lastRound>[0]): Judgement {
  const round = lastRound(data);
  const measured = { domain: round.domain, vantage: data.vantage };
  const untold = untoldRound(data, measured);
  if (untold !== null) return untold;
  const { randoms } = hear(round);
  const [random] = randoms;
  const auth = round.auth && data.role !== 'mx';
  if (random !== undefined && randoms.every(({ exchange, meaning }) => demandsAuth(exchange.reply, meaning, auth)))
    return notApplicable('without AUTH it refuses every recipient alike, so that there is nothing to harvest');
  if (round.domain === null || random === undefined)
    return inconclusive('prerequisite', `no domain of its own is known: ${nameThem}`, [], { measured });
  if (commonMeaning(randoms) === 'accepted')
    return notApplicable('it takes names that do not exist, so that there is nothing to harvest');
  return untoldName(random, measured);
}
