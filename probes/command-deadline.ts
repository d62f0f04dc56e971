import {
  cite,
  defineProbe,
  exchangeShape,
  fail,
  hindered,
  type IntroducedSession,
  inconclusive,
  type LoadWire,
  pass,
  type Shaped,
  troubleOf,
  troubleShape,
  type Zod,
} from '../src/kit/index.ts';
import { secondsBudget } from '../src/kit/session-limits/budget.ts';
import { isOver, silenceShape, waitInSilence } from '../src/kit/session-limits/silence.ts';
import { wholeSeconds } from '../src/kit/session-limits/whole-seconds.ts';
import { errorLimit, isUnderStress } from './error-limit.ts';
import { idleLimitOf, idleTimeout } from './idle-timeout.ts';

const dataShape = (z: Zod) =>
  z.object({
    ...silenceShape(z),
    /** Seconds that the server waits for a silent client. */
    idle: z.number(),
    /** Seconds between two octets. */
    every: z.number(),
    /** The answer to the command, where it was waited for. */
    answer: exchangeShape(z).nullable(),
    cut: troubleShape(z).nullable(),
  });

export type CommandDeadlineData = Shaped<typeof dataShape>;

const data = (z: Zod) => dataShape(z).nullable();

/** Its letters are sent one by one, the last with the line end. */
const command = 'NOOP';
/**
 * Three pauses to one idle timeout: each octet comes well in time, and the fourth when the timeout is past by a third.
 */
const pausesToTimeout = 3;

export const commandDeadline = defineProbe({
  id: 'command-deadline',
  question: 'How long may one command take?',
  severity: 'low',
  weighs: 'Low: a client that sends a byte a minute costs a process, and many of them cost the service.',
  safety: 'load',
  why: 'A client that sends an octet now and then is never idle. Where the clock starts again with every octet, a few such clients hold all processes for hours.',
  judged:
    'NOOP, an octet at a time, a third of the idle timeout apart, until that is past by a third. pass: the server ends the session before, measured.limit seconds after its last reply. fail: it waits and answers. inconclusive: the idle timeout is not known, there is not enough time, or error-limit saw a server under stress, which has other times and minds the whole command.',
  refs: ['Postfix smtpd_per_request_deadline (since 3.7; smtpd_per_record_deadline since 2.9)', 'RFC 5321 §4.5.3.2.7'],
  cost: { connections: 1, commands: 2, seconds: 440 },
  needs: { idle: idleTimeout },
  wants: { errors: errorLimit },
  data,

  async observe(wire, given) {
    const idle = idleLimitOf(given.idle);
    if (idle === null) return null;
    const every = Math.round((idle / pausesToTimeout) * 1000) / 1000;
    const told = { idle, every, reply: null, closedAt: null, answer: null, cut: null };
    if (every * command.length > secondsBudget(wire, Number.POSITIVE_INFINITY)) return { ...told, seconds: 0 };
    await wire.rested();
    await using session = await wire.own({ dialogueSeconds: every * command.length + 60 });
    return { ...told, ...(await dribble(session, wire, every)) };
  },

  judge(data, { errors }) {
    if (data === null)
      return inconclusive('prerequisite', 'needs the idle timeout, which idle-timeout did not find in its time');
    const { idle, every, answer, cut, seconds, reply } = data;
    const limit = isOver(data) ? wholeSeconds(seconds) : null;
    const measured = {
      limit,
      idleSeconds: idle,
      everySeconds: every,
      kind: 'session',
      reply: reply?.lines[0].text ?? null,
      tried: Math.round(seconds),
      seconds,
    };
    const at = reply === null ? data.closedAt : cite(reply);
    if (isUnderStress(errors) && (limit !== null || answer !== null)) {
      const evidence = [at, answer && cite(answer.reply)].filter((one) => one !== null);
      const what =
        limit === null ? `waited ${Math.round(seconds)} s for one command` : `ends the session after ${limit} s`;
      const because = `it ${what}, and sessions at the first error: it may be under stress, and do otherwise at other times`;
      return inconclusive('ambiguous', because, evidence, { measured: { ...measured, limit: null } });
    }
    if (answer !== null) {
      const because = `it waited ${Math.round(seconds)} s for one command that came an octet every ${wholeSeconds(every)} s; a silent client it leaves after ${idle} s`;
      return fail(because, cite(answer.reply), { measured });
    }
    if (limit !== null && at !== null)
      return pass(`it ends the session ${limit} s after its last reply, octets or not`, at, { measured });
    if (at !== null) return inconclusive('ambiguous', 'it spoke before the command was whole', [at], { measured });
    if (cut !== null) return hindered(cut, { measured });
    const because = `it takes ${Math.round(every * command.length)} s to tell, more than one probe may take`;
    return inconclusive('budget-spent', because, [], { measured });
  },
});

/** Sends the command an octet at a time, until it is whole or the server has had enough. */
async function dribble(
  session: IntroducedSession,
  { clock }: LoadWire,
  every: number,
): Promise<Partial<CommandDeadlineData> & Pick<CommandDeadlineData, 'seconds'>> {
  const since = clock.now();
  for (const [index, letter] of [...command].entries()) {
    const silence = await waitInSilence(session, clock, { since, until: every * (index + 1) });
    if (silence.reply !== null || silence.closedAt !== null) return silence;
    if (index < command.length - 1) session.dribble(letter);
  }
  const passed = () => Math.round((clock.now() - since) * 1000) / 1000;
  try {
    return { answer: await session.say(command.slice(-1), { shown: command }), seconds: passed() };
  } catch (error) {
    return { cut: troubleOf(error), seconds: passed() };
  }
}
