import {
  cite,
  defineProbe,
  type Exchange,
  fail,
  inconclusive,
  isPermanent,
  isPositive,
  isTransient,
  type Judgement,
  type Measured,
  notApplicable,
  pass,
  randomLocalPart,
  seenFrom,
  type Vantage,
  vantage,
} from '../src/kit/index.ts';
import { demandsAuth } from '../src/kit/recipients/demands-auth.ts';
import { commonMeaning, hear } from '../src/kit/recipients/hear.ts';
import { lastRound, type RecipientsRound } from '../src/kit/recipients/round.ts';
import { nameThem, untoldName, untoldRound } from '../src/kit/recipients/untold.ts';
import { commandBudget } from '../src/kit/session-limits/budget.ts';
import { evidenceOfEnding, kindOfEnding, lastWords } from '../src/kit/session-limits/ending.ts';
import { inLockStep, type LockStep } from '../src/kit/session-limits/lock-step.ts';
import { inOwnSession, noteLimiter } from '../src/kit/session-limits/own-session.ts';
import { type SlowDown, slowDownOf } from '../src/kit/session-limits/slow-down.ts';
import { rcptOracle } from './rcpt-oracle.ts';

export interface HarvestData {
  /** What came before the first unknown name: EHLO, MAIL and the recipient that exists. */
  readonly calm: readonly Exchange[];
  readonly mail: Exchange;
  readonly names: LockStep | null;
  readonly vantage: Vantage;
}

/** Whoever lets 60 wrong names pass in one session lets a dictionary pass. */
const usefulNames = 60;
/** Enough to see a brake at work; to see it through to the end is not worth a minute of the server's. */
const secondsAllowed = 30;

export const harvestBrake = defineProbe({
  id: 'harvest-brake',
  question: 'What stops a dictionary attack?',
  severity: 'medium',
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

  async observe(wire, { recipients }): Promise<HarvestData | null> {
    const round = lastRound(recipients);
    if (!isWorthTrying(round)) return null;
    return await inOwnSession(
      wire,
      async (session) => {
        const mail = await session.say(`MAIL FROM:<${round.sender}>`);
        const ends = { vantage: vantage(wire.subject, session), mail };
        const calm = session.ehlo === null ? [mail] : [session.ehlo, mail];
        if (!isPositive(mail.reply)) return { ...ends, calm, names: null };
        const names = await inLockStep(session, {
          command: () => `RCPT TO:<${randomLocalPart()}@${round.domain}>`,
          stage: 'rcpt',
          most: commandBudget(wire, usefulNames),
          seconds: secondsAllowed,
          isEnough: ({ reply }) => !isPermanent(reply),
        });
        noteLimiter(wire, names.exchanges.at(-1)?.reply);
        return { ...ends, calm, names };
      },
      { tls: round.tls },
    );
  },

  judge(data, { recipients }) {
    const round = lastRound(recipients);
    if (data === null) return withoutNames(recipients, round);
    const { mail, names, calm } = data;
    if (names === null) {
      return inconclusive('ambiguous', 'it took this sender before, and refuses it now', [cite(mail.reply)], {
        measured: { domain: round.domain, vantage: data.vantage },
      });
    }
    const { exchanges, ending, seconds } = names;
    const refused = exchanges.filter(({ reply }) => isPermanent(reply));
    const last = exchanges.at(-1);
    const pace = slowDownOf({
      seconds: refused.map((exchange) => exchange.seconds),
      calm: calm.map((exchange) => exchange.seconds),
      ended: ending === null ? null : ending.unasked ? 'in one packet' : 'later',
    });
    const slow = typeof pace === 'string' ? null : pace;
    const ended = ending !== null && kindOfEnding(ending, 'rcpt') === 'errors';
    const closed = ended && ending.reply?.code === 421;
    const deferred = last !== undefined && isTransient(last.reply);
    const measured = {
      refused: refused.length,
      slowedAfter: slow?.after ?? null,
      sleepSeconds: slow?.sleepSeconds ?? null,
      deferredAfter: deferred ? refused.length : null,
      closedAfter: closed ? refused.length : null,
      stoppedAfter: ended && !closed ? refused.length : null,
      kind: 'session',
      reply: lastWords(ending?.reply ?? (deferred ? last.reply : null)),
      tried: exchanges.length,
      seconds,
      domain: round.domain,
      vantage: data.vantage,
    };
    return judgeNames(names, { refused, pace, slow, ended, deferred }, measured, data.vantage);
  },
});

interface Seen {
  readonly refused: readonly Exchange[];
  readonly pace: SlowDown | 'none' | 'unclear';
  readonly slow: SlowDown | null;
  /** It has had enough of wrong names, and says so. */
  readonly ended: boolean;
  readonly deferred: boolean;
}

function judgeNames({ exchanges, ending, spent }: LockStep, seen: Seen, measured: Measured, from: Vantage): Judgement {
  const { refused, pace, slow, ended, deferred } = seen;
  const count = refused.length;
  const last = exchanges.at(-1);
  const first = refused[0];
  const more = first === undefined ? [] : [cite(first.reply)];
  if (last !== undefined && isPositive(last.reply))
    return inconclusive('ambiguous', 'it takes some random names, and refuses others', [cite(last.reply), ...more], {
      measured,
    });
  if (ending !== null && !ended) {
    const cut = ending.cut;
    const because = `after ${count} unknown names: ${cut?.because ?? 'it ended the session in words that do not speak of them'}`;
    return inconclusive(cut?.doubt ?? 'ambiguous', because, [...evidenceOfEnding(ending), ...more], { measured });
  }
  if (count === 0) {
    const evidence = last === undefined ? [] : [cite(last.reply)];
    return inconclusive('throttled', 'it defers the first unknown name already, and refused some before', evidence, {
      measured,
    });
  }
  if (ended && count === 1) {
    const because =
      'it ended the session at the first unknown name: a limit of 1, or a server under stress, which is not how it usually is; scan again in 20 minutes';
    return inconclusive('ambiguous', because, [...evidenceOfEnding(ending as NonNullable<typeof ending>), ...more], {
      measured,
    });
  }
  const slows = slow === null ? [] : [`slows down ${inWords(slow)}`];
  const defers = deferred ? [`defers after ${count}`] : [];
  const ends = ended
    ? [`${ending?.reply?.code === 421 ? 'ends the session' : 'refuses whatever comes'} after ${count}`]
    : [];
  const brakes = [...slows, ...defers, ...ends];
  const words = ending !== null ? evidenceOfEnding(ending) : last === undefined ? [] : [cite(last.reply)];
  const [one, ...others] = [...words, ...more];
  if (one === undefined) return inconclusive('ambiguous', 'no reply', [], { measured });
  if (brakes.length > 0)
    return pass(`of unknown recipients it ${brakes.join(' and ')}`, [one, ...others], {
      measured,
    });
  if (pace === 'unclear') {
    const because = `it refused ${count} unknown recipients, and its answers came too irregularly to tell whether it slows down`;
    return inconclusive('ambiguous', because, [one, ...others], { measured });
  }
  if (spent === 'seconds' || count < usefulNames) {
    const because = `it refused ${count} unknown recipients at the usual pace, and no more were allowed: ${usefulNames} would tell (--max-events)`;
    return inconclusive('budget-spent', because, [one, ...others], { measured });
  }
  return fail(
    `it refused ${count} unknown recipients in one session, one as fast as the other${seenFrom(from)}`,
    [one, ...others],
    { measured },
  );
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

function withoutNames(data: Parameters<typeof lastRound>[0], round: RecipientsRound): Judgement {
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
