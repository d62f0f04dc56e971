import { askControl } from '../src/kit/control.ts';
import {
  cite,
  defineProbe,
  type Exchange,
  exchangeShape,
  fail,
  hindered,
  type IntroducedSession,
  inTrouble,
  isPositive,
  pass,
  type Reply,
  replyShape,
  serverName,
  type Trouble,
  TroubleError,
  trouble,
  troubleOf,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { inOtherMode } from '../src/kit/other-mode.ts';
import { standInAnswer } from '../src/kit/stand-in.ts';

/** The opening of a session, and its two ends. */
const data = (z: Zod) =>
  z.object({
    greeting: replyShape(z),
    /** The answer to EHLO, or to HELO where EHLO is not known. */
    ehlo: exchangeShape(z),
    serverName: z.string().nullable(),
    localAddress: z.string(),
    remoteAddress: z.string(),
    /** Inside TLS, on a port with implicit TLS. */
    tls: z.boolean(),
    /** What was asked where EHLO shows nothing. */
    control: z.array(exchangeShape(z)).exactOptional(),
    /** The answers of another program that stood in for the server at first. */
    standIn: z.array(exchangeShape(z)).exactOptional(),
  });

export const hello = defineProbe({
  id: 'hello',
  question: 'Does it greet us and speak SMTP?',
  severity: 'medium',
  weighs: 'Medium: without EHLO there is no TLS and no login; mail still comes in.',
  safety: 'passive',
  why: 'Everything else is asked on a session that begins with a greeting and EHLO. A server that turns us away here can be judged on nothing.',
  judged:
    'pass: greeted with 220, and EHLO answered with 250. fail: only HELO is known. inconclusive: turned away, silent, hung up, TLS where clear text was expected or the other way about, an EHLO reply that shows nothing but ENHANCEDSTATUSCODES, as Sendmail and milters show to clients that they have rejected, or a stand-in (postscreen) that does not let us in: where PIPELINING is not listed, MAIL and RCPT are asked (not in a passive scan), and a stand-in is visited again.',
  refs: ['RFC 5321 §3.1, §3.2, §4.1.1.1', 'RFC 5321 §4.5.3.2 (time-outs)'],
  cost: { connections: 1, commands: 2 },
  data,

  async observe(wire) {
    const telling: Exchange[] = [];
    for (const _ of visits) {
      await using session = await introduced(wire);
      const standIn = await standInAnswer(session, wire.subject);
      if (standIn === null) return await openingOf(session, wire, telling);
      telling.push(standIn);
      await session.quit();
    }
    const because = `another program answers in the place of the server (as postscreen does), and has not let us in ${visits.length} times`;
    throw inTrouble(
      'greylisted',
      'stand-in',
      because,
      telling.map(({ reply }) => cite(reply)),
    );
  },

  judge({ greeting, ehlo, control = [], standIn = [] }) {
    const evidence = [cite(greeting), cite(ehlo.reply)] as const;
    if (ehlo.command.startsWith('HELO'))
      return fail('it knows HELO only, so STARTTLS and AUTH are out of reach', evidence, {
        headline: 'It knows only HELO: there is no TLS and no login',
      });
    const rejected = onlyStatusCodes(ehlo.reply) ? rejection(ehlo.reply, control) : null;
    if (rejected !== null) return hindered(rejected);
    const remark =
      standIn.length === 0 ? '' : '; on the first visit another program answered in its place, as postscreen does';
    return pass(`it greets with 220 and answers EHLO${remark}`, [
      ...evidence,
      ...standIn.map(({ reply }) => cite(reply)),
    ]);
  },
});

/** Visits until a stand-in lets us in: the first lets it know us. */
const visits = [1, 2, 3] as const;

async function introduced(wire: Wire): Promise<IntroducedSession> {
  try {
    return await wire.session();
  } catch (error) {
    throw new TroubleError(await inOtherMode(wire, troubleOf(error)));
  }
}

async function openingOf(session: IntroducedSession, wire: Wire, standIn: readonly Exchange[]) {
  const { greeting, ehlo, localAddress, remoteAddress, tls } = session;
  const control = onlyStatusCodes(ehlo.reply) ? await askControl(session, wire.subject) : [];
  const rejected = control.length > 0 ? rejection(ehlo.reply, control) : null;
  if (rejected !== null) throw new TroubleError(rejected);
  return {
    greeting,
    ehlo,
    serverName: serverName(greeting, ehlo.reply),
    localAddress,
    remoteAddress,
    tls: tls !== null,
    ...(control.length > 0 ? { control: [...control] } : {}),
    ...(standIn.length > 0 ? { standIn: [...standIn] } : {}),
  };
}

/**
 * Sendmail and Postfix show nothing more to a client that they have rejected, and refuse it whatever it asks; null
 * where MAIL was taken.
 */
function rejection(ehlo: Reply, control: readonly Exchange[]): Trouble | null {
  const refusal = control.find(({ reply }) => !isPositive(reply))?.reply;
  if (refusal === undefined && control.some(({ command }) => command.startsWith('MAIL'))) return null;
  const shown = 'EHLO shows nothing but ENHANCEDSTATUSCODES: this server has rejected us already';
  const because =
    refusal === undefined ? shown : `${shown}, and says so to whatever is asked: "${refusal.lines[0].text}"`;
  const evidence = [cite(ehlo), cite(ehlo, 1), ...(refusal === undefined ? [] : [cite(refusal)])];
  return trouble('client-blocked', 'rejected-session', because, evidence, { reply: ehlo });
}

function onlyStatusCodes(ehlo: Reply): boolean {
  return ehlo.lines.length === 2 && /^\d{3} ENHANCEDSTATUSCODES$/i.test(ehlo.lines[1]?.text ?? '');
}
