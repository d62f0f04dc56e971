import { deed, deedShape, meaningOfDeed, replyTo, unanswered } from '../src/kit/deed.ts';
import {
  cite,
  defineProbe,
  doubtOf,
  explain,
  fail,
  inconclusive,
  isNegative,
  isPositive,
  meaningOf,
  pass,
  refusedBy,
  type Shaped,
  type SmtpSession,
  TroubleError,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

const phaseShape = (z: Zod) =>
  z.object({
    tls: z.boolean(),
    /** MAIL where nobody has said EHLO; inside TLS, nobody there (RFC 3207 §4.2). */
    mail: deedShape(z),
    /** Where it is refused: EHLO, and the same MAIL behind it. */
    control: z.array(deedShape(z)),
  });
type Phase = Shaped<typeof phaseShape>;

/** In clear; and inside TLS where the server wants that first. */
const data = (z: Zod) => z.object({ phases: z.array(phaseShape(z)) });

/** Of a bounce: no sender that anybody could object to. */
const mail = 'MAIL FROM:<>';

export const heloRequired = defineProbe({
  id: 'helo-required',
  question: 'Does it want to hear a name before mail?',
  severity: 'info',
  weighs:
    'Info: a name proves nothing, and whoever means ill gives one. But programs that skip it are mostly not mail servers, and rules about names never see them.',
  safety: 'intrusive',
  why: 'A client that begins with MAIL is hardly ever a mail server. Where it is let in, all rules about HELO names can be walked around by saying none.',
  judged:
    'MAIL FROM:<> right behind the greeting, and RSET, in a session of its own; where TLS is wanted first, inside TLS, where what was said before counts no more. fail (info): taken. pass: refused in words of the order of commands (503), or refused where the same MAIL is taken behind EHLO. inconclusive: refused behind EHLO too, or not answered. What RCPT would say is not asked.',
  refs: ['RFC 5321 §4.1.4', 'Postfix smtpd_helo_required', 'Sendmail PrivacyOptions needmailhelo'],
  cost: { connections: 1, commands: 4 },
  // Nothing of it is read: but where nobody greets, one connection is enough.
  needs: { hello },
  data,

  async observe(wire) {
    const first = await askInClear(wire);
    const wantsTls = !first.tls && meaningOfDeed(first.mail, { stage: 'mail' }) === 'tls-required';
    return { phases: wantsTls ? [first, await askInside(wire)] : [first] };
  },

  judge({ phases }) {
    const phase = phases.at(-1);
    if (phase === undefined) return inconclusive('ambiguous', 'MAIL was not asked');
    const reply = replyTo(phase.mail);
    if (reply === null) return unanswered('MAIL before EHLO', phase.mail);
    const meaning = meaningOf(reply, { stage: 'mail', sender: '' });
    const measured = { tls: phase.tls, code: reply.code };
    if (meaning === 'accepted')
      return fail('MAIL is taken before EHLO or HELO', cite(reply), {
        measured,
        headline: 'Mail is taken from clients that never say who they are',
      });
    if (meaning === 'bad-sequence')
      return pass('MAIL before EHLO is refused as out of order', cite(reply), { measured });
    const taken = phase.control.map(replyTo).find((one, index) => index > 0 && one !== null && isPositive(one)) ?? null;
    if (taken !== null && isNegative(reply))
      return pass('MAIL is refused before EHLO, and taken behind it', [cite(reply), cite(taken)], { measured });
    return inconclusive(
      doubtOf(meaning),
      `MAIL before EHLO is refused for another reason: ${explain(meaning)}`,
      [...[reply, ...phase.control.flatMap((one) => replyTo(one) ?? [])].map((one) => cite(one))],
      { measured },
    );
  },
});

async function askInClear(wire: Wire): Promise<Phase> {
  await using session = await wire.apart({ until: 'greeted' });
  return await askIn(session, wire);
}

/** What was said before TLS counts no more inside. */
async function askInside(wire: Wire): Promise<Phase> {
  await using session = await wire.apart({ until: 'introduced' });
  const outcome = await session.startTls();
  if (outcome.kind === 'failed') throw new TroubleError(outcome.trouble);
  if (outcome.kind === 'refused') throw new TroubleError(refusedBy(outcome.exchange.reply, 'STARTTLS', 'tls-failed'));
  return await askIn(session, wire);
}

async function askIn(session: SmtpSession, { subject }: Wire): Promise<Phase> {
  const tls = session.tls !== null;
  const answer = await deed(session, mail);
  if (answer.exchange === null) return { tls, mail: answer, control: [] };
  if (isPositive(answer.exchange.reply)) {
    await deed(session, 'RSET');
    return { tls, mail: answer, control: [] };
  }
  const control = [await deed(session, `EHLO ${subject.helo}`), await deed(session, mail)];
  await deed(session, 'RSET');
  return { tls, mail: answer, control };
}
