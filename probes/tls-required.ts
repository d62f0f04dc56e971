import { namesOf, readPhase } from '../src/kit/auth/reading.ts';
import {
  cite,
  defineProbe,
  doubtOf,
  exchangeShape,
  fail,
  hindered,
  inconclusive,
  inWords,
  isPositive,
  type Measured,
  meaningOf,
  notApplicable,
  pass,
  type Shaped,
  type Trouble,
  trouble,
  type Zod,
} from '../src/kit/index.ts';
import { authBeforeTls } from './auth-before-tls.ts';

/** MAIL in clear, and the names it was said under. */
const data = (z: Zod) => z.object({ mail: exchangeShape(z), helo: z.string(), sender: z.string() });

export const tlsRequired = defineProbe({
  id: 'tls-required',
  question: 'Does the submission port insist on TLS?',
  severity: 'high',
  weighs:
    'High: users that ask for no TLS send password or mail in clear. medium where only mail, and no password, is taken so.',
  safety: 'active',
  why: 'Where TLS is a choice, a mail program that is set up wrongly, or talked out of STARTTLS on the way, sends passwords and mail in clear for years, and nobody notices.',
  judged:
    'MAIL and AUTH before STARTTLS. pass: both refused, in whatever words. fail: a login works in clear (high), or MAIL is taken (medium). A refusal of this client or sender, greylisting, limiters and a server that cannot say (454) are inconclusive. Port 25 is not asked: an MX must take mail without TLS (RFC 3207 §4).',
  refs: [
    'RFC 8314 §3.3, §4.1',
    'RFC 3207 §4',
    'RFC 6409 §3.1',
    'RFC 4954 §6',
    'Postfix smtpd_tls_security_level, smtpd_tls_auth_only (submission in master.cf)',
  ],
  cost: { connections: 0, commands: 2 },
  needs: { clear: authBeforeTls },
  applies({ role, tls }) {
    if (tls === 'implicit') return 'TLS comes first on this port (RFC 8314 §3.3)';
    return role !== 'mx' || 'an MX must take mail without TLS too (RFC 3207 §4)';
  },
  data,

  async observe(wire) {
    const { helo, sender } = wire.subject;
    await using session = await wire.session({ tls: false, refusals: 1, nonMail: 1 });
    return { mail: await session.say(`MAIL FROM:<${sender}>`), helo, sender };
  },

  judge(seen, { clear }) {
    if (clear.kind === 'implicit') return notApplicable('TLS comes first on this port (RFC 8314 §3.3)');
    const { works, refused, list, listed, listsNone, untold } = readPhase(clear.phase);
    const { reply } = seen.mail;
    const mail = isPositive(reply);
    const measured: Measured = { mail: mail ? 'taken' : 'refused', auth: namesOf(works), listed };
    const [login, ...logins] = works;
    if (login !== undefined) {
      const both = mail ? ', and so is MAIL' : '';
      return fail(
        `a login with ${inWords(namesOf(works))} is taken up in clear${both}`,
        [login.at, ...logins.map(({ at }) => at), ...(mail ? [cite(reply)] : [])],
        { measured, headline: 'Users can log in without TLS, and send their passwords in clear' },
      );
    }
    if (mail)
      return fail('MAIL is taken in clear', [cite(reply), ...refused.slice(0, 1).map(({ at }) => at)], {
        measured,
        severity: 'medium',
        headline: 'Users can send mail without TLS',
      });
    const doubtful = untoldOfMail(seen) ?? untold;
    if (doubtful !== null) return hindered(doubtful, { measured });
    const refusal = refused[0]?.at ?? (listsNone ? list : null);
    if (refusal === null)
      return inconclusive('ambiguous', 'MAIL is refused in clear, and AUTH was not tried', [cite(reply)], { measured });
    return pass('in clear both MAIL and AUTH are refused', [cite(reply), refusal], { measured });
  },
});

/** A refusal of MAIL that speaks of something else than TLS and AUTH; null where it does not. */
function untoldOfMail({ mail: { reply }, helo, sender }: Shaped<typeof data>): Trouble | null {
  const meaning = meaningOf(reply, { stage: 'mail', helo, sender });
  if (meaning === 'tls-required' || meaning === 'auth-required') return null;
  const because = 'MAIL is refused in clear, for another reason than the lack of TLS';
  return trouble(doubtOf(meaning), 'reply', because, [cite(reply)], { reply });
}
