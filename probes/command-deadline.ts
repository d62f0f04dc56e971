import {
  cite,
  defineProbe,
  exchangeShape,
  fail,
  hindered,
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
import { idleTimeout } from './idle-timeout.ts';

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
/** The same, where the idle timeout may be untold. */
type Dribbled = Omit<CommandDeadlineData, 'idle'> & { readonly idle: number | null };

const data = (z: Zod) => dataShape(z).nullable();

/**
 * Its octets are sent one by one, the line end last; text behind NOOP means nothing (RFC 5321 §4.1.1.9), and makes it
 * as long as it takes.
 */
const command = 'NOOP ';
const filler = 'x';
/** Seconds between two octets, where the idle timeout is not known yet. */
const pace = 5;
/** Pauses to one idle timeout, so that each octet comes well in time. */
const pausesToTimeout = 3;
/** How far past the idle timeout the last octet is sent. */
const past = 1.1;
/** Seconds: past the longest silence that idle-timeout waits for. */
const longest = 365;

export const commandDeadline = defineProbe({
  id: 'command-deadline',
  question: 'How long may one command take?',
  severity: 'low',
  weighs: 'Low: a client that sends a byte a minute costs a process, and many of them cost the service.',
  safety: 'load',
  why: 'A client that sends an octet now and then is never idle. Where the clock starts again with every octet, a few such clients hold all processes for hours.',
  waits: true,
  judged:
    'NOOP and text behind it, an octet every few seconds, until the idle timeout is past by a tenth. pass: the server ends the session before, measured.limit seconds after its last reply. fail: it waits and answers. inconclusive: the idle timeout is not known, there is not enough time, or error-limit saw a server under stress, which has other times and minds the whole command.',
  refs: ['Postfix smtpd_per_request_deadline (since 3.7; smtpd_per_record_deadline since 2.9)', 'RFC 5321 §4.5.3.2.7'],
  cost: { connections: 1, commands: 2, seconds: 363 },
  needs: { idle: idleTimeout },
  wants: { errors: errorLimit },
  data,

  async observe(wire) {
    const until = secondsBudget(wire, longest);
    const known = await settledBy(wire.service.idle);
    if (known === null) return null;
    const first = await dribble(wire, paceFor(known), until);
    // The octets came too seldom to tell the two apart.
    const isTooSlow = first.idle !== null && first.idle < pausesToTimeout * first.every;
    const told = isTooSlow ? await dribble(wire, paceFor(first.idle), until) : first;
    return told.idle === null ? null : { ...told, idle: told.idle };
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
      const headline = 'A client that sends its command one octet at a time holds a connection for long';
      return fail(because, cite(answer.reply), { measured, headline });
    }
    if (limit !== null && at !== null)
      return pass(`it ends the session ${limit} s after its last reply, octets or not`, at, { measured });
    if (at !== null) return inconclusive('ambiguous', 'it spoke before the command was whole', [at], { measured });
    if (cut !== null) return hindered(cut, { measured });
    const because = `it takes ${Math.round(past * idle)} s to tell, more than one probe may take`;
    return inconclusive('budget-spent', because, [], { measured });
  },
});

/** The value of a promise that is settled by now; undefined where it is not. */
const settledBy = <T>(told: Promise<T>): Promise<T | undefined> => Promise.race([told, Promise.resolve(undefined)]);

const paceFor = (idle: number | null | undefined): number =>
  typeof idle !== 'number' ? pace : Math.min(pace, Math.round((idle / pausesToTimeout) * 1000) / 1000);

/** Sends the command an octet at a time, until it has taken long enough or the server has had enough. */
async function dribble(wire: LoadWire, every: number, until: number): Promise<Dribbled> {
  const { clock, service } = wire;
  await wire.rested();
  await using session = await wire.own({ dialogueSeconds: until + 60, waits: true });
  const since = clock.now();
  const passed = () => Math.round((clock.now() - since) * 1000) / 1000;
  const none = { every, reply: null, closedAt: null, answer: null, cut: null };
  let sent = 0;
  let idle: number | null | undefined;
  const isLongEnough = () => typeof idle === 'number' && passed() >= past * idle;
  while (true) {
    const silence = await waitInSilence(session, clock, { since, until: every * (sent + 1) });
    if (silence.reply !== null || silence.closedAt !== null) return { ...none, ...silence, idle: await service.idle };
    idle = await settledBy(service.idle);
    if (idle === null || isLongEnough() || passed() >= until) break;
    session.dribble(command[sent] ?? filler);
    sent += 1;
  }
  const isTold = isLongEnough();
  try {
    const answer = await session.say(`${command}${filler}`.slice(sent) || filler, { shown: 'NOOP' });
    return { ...none, idle: await service.idle, answer: isTold ? answer : null, seconds: passed() };
  } catch (error) {
    return { ...none, idle: await service.idle, cut: isTold ? troubleOf(error) : null, seconds: passed() };
  }
}
