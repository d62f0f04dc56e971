import { namesOf } from '../src/kit/auth/reading.ts';
import { seenPhases } from '../src/kit/auth/seen.ts';
import { type Cite, defineRule, fail, hindered, inconclusive, inWords, pass } from '../src/kit/index.ts';
import { authAfterTls } from './auth-after-tls.ts';
import { authBeforeTls } from './auth-before-tls.ts';

export const authOnMx = defineRule({
  id: 'auth-on-mx',
  question: 'Does the MX port offer AUTH?',
  severity: 'low',
  weighs: 'Low: one more door to guess passwords at; who cannot move users to port 587 has reasons.',
  safety: 'active',
  why: 'Port 25 is for other servers, which have no password here. AUTH on it is one more door for guessing, on the port that cannot be closed.',
  judged:
    'Port 25 only. fail: AUTH is listed, or a mechanism answered 334, in clear or inside TLS. pass: it is refused in both.',
  refs: ['RFC 6409 §4.3', 'RFC 8314 §3', 'Postfix smtpd_sasl_auth_enable (master.cf: on the submission services only)'],
  needs: { clear: authBeforeTls, inside: authAfterTls },
  applies: ({ role }) => role === 'mx' || 'this port is for users: they must log in (RFC 6409 §4.3)',

  judge({ clear, inside }) {
    const { phases, missing } = seenPhases(clear, inside);
    const offering = phases.filter(({ reading }) => reading.offered.length > 0);
    const measured = {
      inClear: phases.find(({ where }) => where === 'in clear')?.reading.offered ?? [],
      insideTls: phases.find(({ where }) => where === 'inside TLS')?.reading.offered ?? [],
    };
    const quotes = offering.flatMap(({ reading }): Cite[] => [
      reading.list,
      ...reading.works.slice(0, 1).map(({ at }) => at),
    ]);
    const [first, ...more] = quotes;
    if (first !== undefined) {
      const hidden = offering.every(({ reading }) => reading.listed.length === 0);
      const what = inWords([
        ...new Set(offering.flatMap(({ reading }) => (hidden ? namesOf(reading.works) : reading.offered))),
      ]);
      return fail(
        `it offers AUTH ${what} ${inWords(offering.map(({ where }) => where))}${hidden ? ', hidden from EHLO' : ''}`,
        [first, ...more],
        { measured, headline: 'Users can log in on port 25, one more door to guess passwords at' },
      );
    }
    if (missing !== null)
      return hindered(missing, { because: `inside TLS nothing could be asked: ${missing.because}` });
    const doubtful = phases.find(({ reading }) => reading.untold !== null);
    if (doubtful?.reading.untold) {
      const { untold } = doubtful.reading;
      return hindered(untold, { because: `${doubtful.where}: ${untold.because}`, measured });
    }
    const [refusal, ...refusals] = phases.flatMap(({ reading: { refused, listsNone, list } }) =>
      refused.length > 0 ? refused.slice(0, 1).map(({ at }) => at) : listsNone ? [list] : [],
    );
    if (refusal === undefined)
      return inconclusive('prerequisite', 'AUTH could be asked for neither in clear nor inside TLS');
    return pass(
      `AUTH is neither listed nor taken ${inWords(phases.map(({ where }) => where))}`,
      [refusal, ...refusals],
      { measured },
    );
  },
});
