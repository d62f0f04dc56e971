import { absenceOf, seenPhases } from '../src/kit/auth/seen.ts';
import { type Cite, defineRule, fail, hindered, inconclusive, pass } from '../src/kit/index.ts';
import { authAfterTls } from './auth-after-tls.ts';
import { authBeforeTls } from './auth-before-tls.ts';

export const authAnonymous = defineRule({
  id: 'auth-anonymous',
  question: 'Is ANONYMOUS accepted?',
  severity: 'high',
  weighs: 'High: whoever says ANONYMOUS is treated as a user. low where it is listed and refused.',
  safety: 'active',
  why: 'Who logs in as ANONYMOUS has logged in: where authenticated clients may relay, that is an open relay with one more step.',
  judged:
    'fail: AUTH ANONYMOUS is answered 334 (called off with "*") or 235, in clear or inside TLS; listed and refused weighs less. pass: it is refused, or AUTH as such is, or the AUTH list is there without it. It is not sent to a Postfix that does not list it, where it would be logged as a failed login.',
  refs: [
    'RFC 4505 §2, §5',
    'RFC 4954 §4',
    'Postfix smtpd_sasl_security_options, smtpd_sasl_tls_security_options (noanonymous)',
  ],
  needs: { clear: authBeforeTls, inside: authAfterTls },

  judge({ clear, inside }) {
    const { phases, missing } = seenPhases(clear, inside);
    const measured = {
      listed: phases.filter(({ reading }) => reading.listed.includes('ANONYMOUS')).map(({ where }) => where),
    };
    for (const { where, reading } of phases) {
      const working = reading.works.find(({ mechanism }) => mechanism === 'ANONYMOUS');
      if (working?.answer === 'logged-in')
        return fail(`AUTH ANONYMOUS logs us in ${where}, nothing asked`, [working.at], { measured, headline: open });
      if (working !== undefined)
        return fail(`AUTH ANONYMOUS is taken up ${where}`, [reading.list, working.at], { measured, headline: open });
    }
    for (const { where, reading } of phases) {
      if (!reading.listed.includes('ANONYMOUS')) continue;
      const refusal = reading.refused.find(({ mechanism }) => mechanism === 'ANONYMOUS');
      if (refusal === undefined)
        return fail(`EHLO lists ANONYMOUS ${where}`, [reading.list], {
          measured,
          headline: 'It offers logins without a name or a password',
        });
      return fail(`EHLO lists ANONYMOUS ${where}, though it is refused when asked for`, [reading.list, refusal.at], {
        measured,
        severity: 'low',
        headline: 'It offers logins without a name or a password, and refuses them',
      });
    }
    if (missing !== null)
      return hindered(missing, { because: `inside TLS nothing could be asked: ${missing.because}` });
    const quotes: Cite[] = [];
    for (const phase of phases) {
      const absence = absenceOf('ANONYMOUS', phase);
      if ('doubt' in absence) return hindered(absence, { because: `${phase.where}: ${absence.because}` });
      quotes.push(absence.at);
    }
    const [first, ...more] = quotes;
    if (first === undefined)
      return inconclusive('prerequisite', 'AUTH could be asked for neither in clear nor inside TLS');
    return pass('ANONYMOUS is neither listed nor taken', [first, ...more], { measured });
  },
});

const open = 'Anybody can log in without a name or a password';
