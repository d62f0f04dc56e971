import {
  type Cite,
  cite,
  citeShape,
  defineProbe,
  exchangeShape,
  fail,
  hindered,
  ignoreTrouble,
  inconclusive,
  isPositive,
  type Measured,
  meaningOf,
  notApplicable,
  ownRecipient,
  pass,
  type Reply,
  replyShape,
  type Shaped,
  type SmtpSession,
  troubleOf,
  troubleShape,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';
import { starttlsWorks, withoutTls } from './starttls-works.ts';

const attemptShape = (z: Zod) => {
  const asked = { exchange: exchangeShape(z) };
  const answered = { ...asked, leftoverAt: citeShape(z).nullable() };
  return z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('refused'), ...asked }),
    z.object({ kind: z.literal('failed'), ...answered, cut: troubleShape(z) }),
    z.object({
      kind: z.literal('established'),
      ...answered,
      /** All that was said inside TLS before the answer to QUIT: EHLO was asked there, and nothing else. */
      replies: z.array(replyShape(z)),
      /** Whether QUIT was answered, or the stream ended: then no reply can be missing. */
      whole: z.boolean(),
    }),
  ]);
};

/** One STARTTLS, with or without a command behind it in the same write. */
type Attempt = Shaped<typeof attemptShape>;

const stateShape = (z: Zod) => z.object({ without: replyShape(z), mail: replyShape(z), inside: replyShape(z) });

/** RCPT without MAIL in clear; then MAIL in clear, and RCPT inside TLS with neither EHLO nor MAIL before it there. */
type State = Shaped<typeof stateShape>;

const data = (z: Zod) =>
  z.object({
    /** With a NOOP behind STARTTLS; a second one where the first handshake broke. */
    attempts: z.array(attemptShape(z)),
    /** Without it, where one reply too many came. */
    control: attemptShape(z).nullable(),
    state: stateShape(z).nullable(),
  });

const injected = 'NOOP';
/** A bound on what a server may say unasked. */
const repliesLimit = 16;
/** For the answer in clear to the injected command, once a handshake has broken; for what may come behind an answer. */
const listenSeconds = 1;

export const starttlsInjection = defineProbe({
  id: 'starttls-injection',
  question: 'Are commands from before TLS run inside it?',
  severity: 'high',
  weighs:
    'High: commands slipped in before TLS are taken for the words of the client inside. Low where they are answered in clear, which the client can see.',
  safety: 'intrusive',
  why: 'What an attacker on the path writes behind STARTTLS in clear is then run inside the session that the client believes its own: a MAIL and RCPT of theirs, and the password that comes next goes into their message.',
  judged:
    'STARTTLS and NOOP in one write, then the handshake, EHLO and QUIT inside; the replies are counted. pass: EHLO alone is answered, or STARTTLS is refused with a command behind it. fail: one reply more inside TLS, which STARTTLS by itself does not bring (high); the NOOP answered in clear after the 220 (low). inconclusive: the handshake breaks, also on the second try; it has worked without the NOOP. Remarked: a MAIL from before STARTTLS that is still in force inside (RFC 3207 §4.2).',
  refs: [
    'CVE-2011-0411 (Postfix)',
    'CVE-2021-33515 (Dovecot submission)',
    'RFC 3207 §4.2, §6',
    'RFC 2920 §3.1',
    'Postfix smtpd_forbid_unauth_pipelining',
  ],
  cost: { connections: 2, commands: 11 },
  needs: { hello, starttls: starttlsWorks },
  applies: (endpoint) =>
    endpoint.tls === 'starttls' || 'TLS comes first on this port (RFC 8314 §3.3): there is no STARTTLS',
  data,

  async observe(wire, { starttls }) {
    if (starttls.kind !== 'established') return { attempts: [], control: null, state: null };
    const first = await attempt(wire, { inject: injected });
    const attempts =
      first.kind === 'failed' ? [first, await attempt(wire, { inject: injected, listen: listenSeconds })] : [first];
    const control = attempts.some((one) => extraOf(one) !== null) ? await attempt(wire, {}) : null;
    return { attempts, control, state: await stateAfter(wire) };
  },

  judge({ attempts, control, state }, { hello: seen, starttls }) {
    if (starttls.kind !== 'established') return withoutTls(starttls, seen.ehlo.reply);
    const last = attempts.at(-1);
    if (last === undefined) return notApplicable('STARTTLS was not tried');
    const forgotten = state === null ? null : isForgotten(state);
    const extras = { measured: { attempts: attempts.length, transactionForgotten: forgotten } };
    if (last.kind === 'refused') return judgeRefusal(last.exchange.reply, extras);
    const inClear =
      starttls.leftoverAt === null ? (attempts.map(answerInClear).find((at) => at !== null) ?? null) : null;
    if (last.kind === 'failed') return judgeBroken(last, inClear, extras);
    const remark = forgotten === false ? '; a MAIL from before STARTTLS is still in force inside (RFC 3207 §4.2)' : '';
    const extra = extraOf(last);
    return extra === null ? judgeNone(last, inClear, remark, extras) : judgeExtra(last, extra, control, remark, extras);
  },
});

type Established = Extract<Attempt, { kind: 'established' }>;
type Extras = { readonly measured: Measured };

/** The handshake broke, with a command behind STARTTLS and without one it does not. */
function judgeBroken({ exchange, cut }: Extract<Attempt, { kind: 'failed' }>, inClear: Cite | null, extras: Extras) {
  const asked = cite(exchange.reply);
  if (inClear !== null)
    return fail(`the ${injected} behind STARTTLS is answered in clear, and the handshake breaks`, [asked, inClear], {
      severity: 'low',
      headline: 'A command slipped in behind STARTTLS is answered in clear, where it should be dropped',
      ...extras,
    });
  const because = `STARTTLS works by itself; with ${injected} behind it the handshake broke twice: ${cut.because}`;
  return hindered(cut, { because, evidence: [asked, ...cut.evidence], ...extras });
}

/** A reply too many inside TLS: by the command, unless it comes without one too. */
function judgeExtra(
  { exchange, replies }: Established,
  extra: Reply,
  control: Attempt | null,
  remark: string,
  extras: Extras,
) {
  const limiter = replies.find((reply) => reply.code === 421);
  if (limiter !== undefined)
    return inconclusive('throttled', 'the server ended the session inside TLS', [cite(limiter)], extras);
  const asked = cite(exchange.reply);
  if (control?.kind !== 'established' || !control.whole)
    return inconclusive(
      'ambiguous',
      `a reply too many inside TLS, and no STARTTLS without ${injected} to compare with`,
      [asked, cite(extra)],
      extras,
    );
  const usual = extraOf(control);
  if (usual !== null)
    return inconclusive(
      'ambiguous',
      `there is a reply too many inside TLS, with ${injected} behind STARTTLS and without`,
      [cite(extra), cite(usual)],
      extras,
    );
  return fail(`the ${injected} sent in clear behind STARTTLS was answered inside TLS${remark}`, [asked, cite(extra)], {
    ...extras,
    headline: 'Commands slipped in before TLS are run inside it',
  });
}

/** No reply too many inside TLS: dropped, or answered before the handshake. */
function judgeNone({ exchange, replies, whole }: Established, inClear: Cite | null, remark: string, extras: Extras) {
  const asked = cite(exchange.reply);
  const [answer] = replies;
  if (answer?.code === 421)
    return inconclusive('throttled', 'the server ended the session inside TLS', [cite(answer)], extras);
  if (answer === undefined || !whole)
    return inconclusive('ambiguous', 'the replies inside TLS could not be counted', [asked], extras);
  if (inClear !== null)
    return fail(`the ${injected} behind STARTTLS is answered in clear, after the 220${remark}`, [asked, inClear], {
      severity: 'low',
      headline: 'A command slipped in behind STARTTLS is answered in clear, where it should be dropped',
      ...extras,
    });
  return pass(
    `the ${injected} behind STARTTLS was dropped: inside TLS only EHLO is answered${remark}`,
    [asked, cite(answer)],
    extras,
  );
}

/** It takes STARTTLS alone and not with a command behind it: nothing can be smuggled in. */
function judgeRefusal(reply: Reply, extras: Extras) {
  if (meaningOf(reply, { stage: 'starttls' }).startsWith('limit-'))
    return inconclusive('throttled', 'a limiter refused STARTTLS', [cite(reply)], extras);
  if (reply.code === null || reply.code < 500)
    return inconclusive(
      'ambiguous',
      `STARTTLS works by itself; with ${injected} behind it the answer is neither yes nor no`,
      [cite(reply)],
      extras,
    );
  return pass(`STARTTLS is refused with a command behind it, and works without`, cite(reply), extras);
}

async function attempt(wire: Wire, options: { readonly inject?: string; readonly listen?: number }): Promise<Attempt> {
  await using session = await wire.session({ tls: false, forTls: true, mistakes: 1, nonMail: 3 });
  const outcome = await session.startTls(options);
  if (outcome.kind === 'refused') {
    // The answer to the injected command may still come: nobody else can use this session.
    await session.quit();
    return outcome;
  }
  const { exchange, leftoverAt } = outcome;
  if (outcome.kind === 'failed') {
    return { kind: 'failed', exchange, leftoverAt, cut: outcome.trouble };
  }
  return { kind: 'established', exchange, leftoverAt, ...(await countReplies(session, wire.subject.helo)) };
}

/** Commands are answered in order, so the answer to QUIT comes after all others: no wait has to be long enough. */
async function countReplies(session: SmtpSession, helo: string): Promise<{ replies: Reply[]; whole: boolean }> {
  const replies: Reply[] = [];
  const take = async (seconds: number) => {
    while (replies.length < repliesLimit && replies.at(-1)?.code !== 221) {
      const reply = await session.unasked(seconds);
      if (reply === null) return;
      replies.push(reply);
    }
  };
  await take(0);
  replies.push((await session.say(`EHLO ${helo}`)).reply);
  await take(0);
  try {
    replies.push((await session.say('QUIT')).reply);
  } catch (error) {
    // Some hang up without a word: that is the end of all replies too.
    if (troubleOf(error).doubt !== 'closed') throw error;
    return { replies, whole: true };
  }
  await take(listenSeconds);
  const end = replies.findIndex(({ code }) => code === 221);
  // A moment for the server to close, so that QUIT is said once.
  if (end >= 0) await session.unasked(listenSeconds);
  return { replies: end < 0 ? replies : replies.slice(0, end), whole: end >= 0 };
}

/** The reply inside TLS that nobody asked for there: of two, the first, as the injected command came first. */
function extraOf(attempt: Attempt): Reply | null {
  return attempt.kind === 'established' && attempt.replies.length > 1 ? (attempt.replies[0] ?? null) : null;
}

function answerInClear(attempt: Attempt): Cite | null {
  const at = attempt.kind === 'refused' ? null : attempt.leftoverAt;
  return at !== null && /^\d{3}[ -]/.test(at.quote) ? at : null;
}

/** Whether a transaction outlives STARTTLS. Null where the server does not go along so far. */
async function stateAfter(wire: Wire): Promise<State | null> {
  const { sender } = wire.subject;
  const rcpt = `RCPT TO:<${ownRecipient(wire.subject)}>`;
  try {
    await using session = await wire.session({ tls: false, forTls: true, mistakes: 2, refusals: 1 });
    const { reply: without } = await session.say(rcpt);
    if (without.code !== 503) return null;
    const { reply: mail } = await session.say(`MAIL FROM:<${sender}>`);
    if (!isPositive(mail) || (await session.startTls()).kind !== 'established') return null;
    return { without, mail, inside: (await session.say(rcpt)).reply };
  } catch (error) {
    ignoreTrouble(error);
    return null;
  }
}

/**
 * Null: an answer that fits both. Without MAIL this server says 503 to RCPT; to a recipient as such it says 250 or 550.
 */
function isForgotten({ inside }: State): boolean | null {
  if (inside.code === 503) return true;
  return isPositive(inside) || /^5\.1\./.test(inside.enhanced ?? '') ? false : null;
}
