import {
  aftermathShape,
  cite,
  defineProbe,
  fail,
  hindered,
  inconclusive,
  isPositive,
  type Judgement,
  type Measured,
  notApplicable,
  offers,
  pass,
  type Reply,
  replyShape,
  type Shaped,
  troubleOf,
  troubleShape,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

const controlShape = (z: Zod) => z.object({ greeting: replyShape(z).nullable(), cut: troubleShape(z).nullable() });

const data = (z: Zod) =>
  z.object({
    /** EHLO, written before anything was read. */
    early: aftermathShape(z),
    /** Seconds that the connection took: about one round trip. */
    connectSeconds: z.number(),
    /** Another session in which the greeting was waited for, where this one was not taken. */
    control: controlShape(z).nullable(),
  });

export const earlyTalker = defineProbe({
  id: 'early-talker',
  question: 'Does it talk to clients that do not wait for its greeting?',
  severity: 'low',
  weighs: 'Low: nothing is broken by it, and a cheap test that much spam fails is left unused.',
  safety: 'intrusive',
  why: 'A client waits for the greeting (RFC 5321 §3.1). Spam engines and pages that post to port 25 do not: to turn them away costs nothing.',
  judged:
    'EHLO goes out with the connection, before the greeting is read. pass: it is refused or the session ended, and one that waits is greeted. fail: greeting and EHLO are answered, and the greeting came so late that EHLO was there before it (two round trips and 100 ms). inconclusive: it may have been greeted before EHLO arrived. not applicable: it lists PIPECONNECT, which asks clients not to wait (Exim).',
  refs: [
    'RFC 5321 §3.1, §4.3.1',
    'Postfix smtpd_forbid_unauth_pipelining, postscreen_greet_action',
    'Exim smtp_enforce_sync, pipelining_connect_advertise_hosts',
    'Sendmail FEATURE(greet_pause)',
  ],
  cost: { connections: 2, commands: 2 },
  needs: { hello },
  data,

  async observe(wire) {
    const first = await talkEarly(wire);
    return { ...first, control: isTaken(first.early) ? null : await waitForGreeting(wire) };
  },

  judge({ early, connectSeconds, control }, { hello: seen }) {
    const asking = ['PIPECONNECT', 'X_PIPE_CONNECT'].find((keyword) => offers(seen.ehlo.reply, keyword));
    if (asking !== undefined) return notApplicable(`it lists ${asking}: clients are asked not to wait`);
    const [first] = early.replies;
    const measured: Measured = first === undefined ? {} : { greetSeconds: first.seconds };
    return isTaken(early) ? judgeTaken(early, connectSeconds, measured) : judgeRefused(early, control, measured);
  },
});

type Early = Shaped<typeof aftermathShape>;

async function talkEarly(wire: Wire): Promise<{ early: Early; connectSeconds: number }> {
  await using session = await wire.apart({ until: 'connected' });
  const early = await session.dare(`EHLO ${wire.subject.helo}\r\n`, { most: 2 });
  return { early, connectSeconds: session.connectSeconds };
}

async function waitForGreeting(wire: Wire): Promise<Shaped<typeof controlShape>> {
  try {
    await using session = await wire.apart({ until: 'greeted' });
    return { greeting: session.greeting, cut: null };
  } catch (error) {
    return { greeting: null, cut: troubleOf(error) };
  }
}

/** A greeting whose last line is none is a refusal: postscreen says one line of two, and then 521. */
const isGreeting = ({ code, lines }: Reply): boolean => code === 220 && (lines.at(-1)?.text.startsWith('220') ?? false);

function isTaken({ replies }: Early): boolean {
  const [greeting, answer] = replies;
  return greeting !== undefined && isGreeting(greeting.reply) && answer !== undefined && isPositive(answer.reply);
}

/** Seconds by which the greeting must come after two round trips: what waits in proxies and in our own machine. */
const slack = 0.1;

function judgeTaken({ replies }: Early, connectSeconds: number, measured: Measured): Judgement {
  const [greeting, answer] = replies;
  if (greeting === undefined || answer === undefined) return inconclusive('ambiguous', 'nothing was answered');
  const evidence = [cite(greeting.reply), cite(answer.reply)] as const;
  const after = `${greeting.seconds.toFixed(2)} s after EHLO was written`;
  if (greeting.seconds <= 2 * connectSeconds + slack)
    return inconclusive('ambiguous', `greeted ${after}: perhaps before it arrived`, evidence, { measured });
  return fail(`greeted ${after}, and EHLO is answered`, evidence, {
    headline: 'It talks to clients that do not wait for its greeting',
    measured,
  });
}

function judgeRefused(
  { replies, end, endAt, sent }: Early,
  control: Shaped<typeof controlShape> | null,
  measured: Measured,
): Judgement {
  const refusal = replies.map(({ reply }) => reply).find(isRefusal);
  const quotes =
    refusal === undefined ? replies.map(({ reply }) => cite(reply)) : [cite(refusal, refusal.lines.length - 1)];
  const [first, ...others] = endAt === null ? quotes : [...quotes, endAt];
  if (first === undefined)
    return inconclusive('timeout', 'EHLO before the greeting is not answered', [sent], { measured });
  if (refusal === undefined && end === 'open')
    return inconclusive('ambiguous', 'EHLO before the greeting is neither taken nor refused', [first, ...others], {
      measured,
    });
  if (control?.greeting == null)
    return control?.cut == null
      ? inconclusive('ambiguous', 'no session that waits to compare with', [first], { measured })
      : hindered(control.cut, { measured });
  const because = 'EHLO before the greeting is refused or ends the session, and one that waits is greeted';
  return pass(because, [first, ...others, cite(control.greeting)], { measured });
}

/** In its last line: postscreen says one line of a greeting, and then 521. */
const isRefusal = ({ lines }: Reply): boolean => /^[45]\d\d/.test(lines.at(-1)?.text ?? '');
