import {
  type Cite,
  cite,
  defineProbe,
  type Exchange,
  fail,
  inconclusive,
  pass,
  type Reply,
  type Trouble,
  troubleOf,
} from '../src/kit/index.ts';
import { secondsBudget } from '../src/kit/session-limits/budget.ts';
import { inOwnSession } from '../src/kit/session-limits/own-session.ts';
import { wholeSeconds } from '../src/kit/session-limits/whole-seconds.ts';
import { errorLimit, limitOf } from './error-limit.ts';
import { idleLimitOf, idleTimeout } from './idle-timeout.ts';

export interface CommandDeadlineData {
  /** Seconds that the server waits for a silent client. */
  readonly idle: number;
  /** Seconds between two octets. */
  readonly every: number;
  /** What it said before the command was whole. */
  readonly reply: Reply | null;
  readonly closedAt: Cite | null;
  /** The answer to the command, where it was waited for. */
  readonly answer: Exchange | null;
  readonly cut: Trouble | null;
  readonly seconds: number;
}

/** Its letters are sent one by one, the last with the line end. */
const command = 'NOOP';
/** Three pauses to one idle timeout: each octet comes well in time, and the fourth when the timeout is past by a third. */
const pausesToTimeout = 3;

export const commandDeadline = defineProbe({
  id: 'command-deadline',
  question: 'How long may one command take?',
  severity: 'low',
  safety: 'load',
  why: 'A client that sends an octet now and then is never idle. Where the clock starts again with every octet, a few such clients hold all processes for hours.',
  judged:
    'NOOP, an octet at a time, a third of the idle timeout apart, until that is past by a third. pass: the server ends the session before, measured.limit seconds after its last reply. fail: it waits and answers. inconclusive: the idle timeout is not known, there is not enough time, or error-limit saw a server under stress, which has other times and minds the whole command.',
  refs: ['Postfix smtpd_per_request_deadline (since 3.7; smtpd_per_record_deadline since 2.9)', 'RFC 5321 §4.5.3.2.7'],
  cost: { connections: 1, commands: 2, seconds: 440 },
  needs: { idle: idleTimeout },
  wants: { errors: errorLimit },

  async observe(wire, given): Promise<CommandDeadlineData | null> {
    const idle = idleLimitOf(given.idle);
    if (idle === null) return null;
    const every = Math.round((idle / pausesToTimeout) * 1000) / 1000;
    const allowed = secondsBudget(wire, Number.POSITIVE_INFINITY);
    const base = { idle, every, reply: null, closedAt: null, answer: null, cut: null };
    if (every * command.length > allowed) return { ...base, seconds: 0 };
    return await inOwnSession(
      wire,
      async (session) => {
        const began = wire.clock.now();
        const passed = () => Math.round((wire.clock.now() - began) * 1000) / 1000;
        for (const [index, letter] of [...command].entries()) {
          const reply = await session.unasked(Math.max(0, every * (index + 1) - passed()));
          if (reply !== null) return { ...base, reply, seconds: passed() };
          const seconds = passed();
          const closed = () =>
            session.remark('closed', `closed by the server ${seconds.toFixed(1)} s after its last reply`);
          if (!session.isHealthy) return { ...base, closedAt: closed(), seconds };
          if (index < command.length - 1) session.dribble(letter);
        }
        try {
          const answer = await session.say(command.slice(-1), { shown: command });
          return { ...base, answer, seconds: passed() };
        } catch (error) {
          return { ...base, cut: troubleOf(error), seconds: passed() };
        }
      },
      { dialogueSeconds: every * command.length + 60 },
    );
  },

  judge(data, { errors }) {
    if (data === null)
      return inconclusive('prerequisite', 'needs the idle timeout, which idle-timeout did not find in its time');
    const { idle, every, reply, closedAt, answer, cut, seconds } = data;
    const ended = (reply !== null && (reply.code ?? 0) >= 400) || closedAt !== null;
    const measured = {
      limit: ended ? wholeSeconds(seconds) : null,
      idleSeconds: idle,
      everySeconds: every,
      kind: 'session',
      reply: reply?.lines[0].text ?? null,
      tried: Math.round(seconds),
      seconds,
    };
    const at = reply === null ? closedAt : cite(reply);
    if (errors !== undefined && limitOf(errors) === 1 && (ended || answer !== null)) {
      const evidence = [at, answer === null ? null : cite(answer.reply)].filter((one) => one !== null);
      const because = `it ${ended ? `ends the session after ${wholeSeconds(seconds)} s` : `waited ${Math.round(seconds)} s for one command`}, and sessions at the first error: it may be under stress, and do otherwise at other times`;
      return inconclusive('ambiguous', because, evidence, { measured: { ...measured, limit: null } });
    }
    if (answer !== null) {
      const because = `it waited ${Math.round(seconds)} s for one command that came an octet every ${wholeSeconds(every)} s; a silent client it leaves after ${idle} s`;
      return fail(because, cite(answer.reply), { measured });
    }
    if (ended && at !== null) {
      return pass(`it ends the session ${wholeSeconds(seconds)} s after its last reply, octets or not`, at, {
        measured,
      });
    }
    if (at !== null) return inconclusive('ambiguous', 'it spoke before the command was whole', [at], { measured });
    if (cut !== null) return inconclusive(cut.doubt, cut.because, cut.evidence, { measured });
    const because = `it takes ${Math.round(every * command.length)} s to tell, more than one probe may take`;
    return inconclusive('budget-spent', because, [], { measured });
  },
});
