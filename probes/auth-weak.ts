import { disclosuresOf } from '../src/kit/auth/disclosures.ts';
import { weakMechanisms } from '../src/kit/auth/mechanisms.ts';
import type { PhaseReading } from '../src/kit/auth/reading.ts';
import { type SeenPhase, seenPhases } from '../src/kit/auth/seen.ts';
import {
  type Cite,
  defineRule,
  fail,
  hindered,
  inconclusive,
  inWords,
  type Judgement,
  type Measured,
  notApplicable,
  pass,
} from '../src/kit/index.ts';
import { authAfterTls } from './auth-after-tls.ts';
import { authBeforeTls } from './auth-before-tls.ts';

export const authWeak = defineRule({
  id: 'auth-weak',
  question: 'Are outdated mechanisms on offer?',
  severity: 'low',
  weighs: 'Low: inside TLS nobody reads the challenge, and outside it auth-before-tls weighs the rest.',
  safety: 'active',
  why: 'CRAM-MD5 and DIGEST-MD5 can be guessed offline and make the server keep passwords readable; NTLM can be relayed, and its challenge tells anybody the names of the domain and the host inside, and the version of Windows.',
  judged:
    'fail: CRAM-MD5, DIGEST-MD5 or NTLM is listed or answered 334, in clear or inside TLS. What their challenges tell stands in measured.ntlm, measured.realm and measured.challengeHost. pass: the AUTH list is there without them, or AUTH as such is refused. GSSAPI and SCRAM are no findings, nor is what the policy requires.',
  refs: [
    'RFC 6331',
    'RFC 2195 §2',
    'RFC 6151 §2',
    'RFC 4954 §4',
    'MS-NLMP §2.2.1',
    'Postfix smtpd_sasl_mechanism_filter, smtpd_sasl_local_domain',
  ],
  needs: { clear: authBeforeTls, inside: authAfterTls },

  judge({ clear, inside }, policy) {
    const required = policy.mechanisms[inside.role]?.insideTls?.required ?? [];
    const outdated = weakMechanisms.filter((name) => !required.includes(name));
    if (outdated.length === 0) return notApplicable('the policy requires every mechanism that is outdated');
    const isOutdated = (name: string) => outdated.includes(name);
    const { phases, missing } = seenPhases(clear, inside);
    const told = disclosuresOf(phases.map(({ phase }) => phase));
    const offered = [...new Set(phases.flatMap(({ reading }) => reading.offered.filter(isOutdated)))];
    const measured = {
      weak: offered,
      ntlm: told.ntlm,
      realm: told.realms.length === 0 ? null : told.realms.join(', '),
      challengeHost: told.cramHosts[0] ?? null,
    };
    const [list, ...lists] = phases.flatMap(({ reading }) => offerOf(reading, isOutdated));
    if (list !== undefined) {
      const where = phases.filter(({ reading }) => reading.offered.some(isOutdated)).map((phase) => phase.where);
      const inner = told.ntlm.length === 0 ? '' : `; NTLM tells ${told.ntlm.length} things of the inside`;
      return fail(`it offers ${inWords(offered)} ${inWords(where)}${inner}`, [list, ...lists, ...told.at], {
        measured,
        headline: `It offers outdated ways to log in: ${inWords(offered)}`,
      });
    }
    if (missing !== null)
      return hindered(missing, { because: `inside TLS nothing could be asked: ${missing.because}` });
    const none = outdated.length > 1 ? `neither ${outdated.join(' nor ')}` : `no ${outdated[0]}`;
    return judgeAbsence(phases, `it offers ${none}`, measured);
  },
});

/** What shows that a phase offers one of these: the list, else the answers. */
function offerOf({ listed, list, works }: PhaseReading, isOutdated: (name: string) => boolean): readonly Cite[] {
  if (listed.some(isOutdated)) return [list];
  return works.filter(({ mechanism }) => isOutdated(mechanism)).map(({ at }) => at);
}

/** Without a list the answer to a common mechanism stands for all: where that is hidden, so would the rest be. */
function judgeAbsence(phases: readonly SeenPhase[], because: string, measured: Measured): Judgement {
  const absences: Cite[] = [];
  for (const { where, reading } of phases) {
    const { listed, listsNone, list, refused, works, untold } = reading;
    const [tried] = listed.length > 0 || listsNone ? [{ at: list }] : [...refused, ...works];
    if (tried !== undefined) absences.push(tried.at);
    else if (untold !== null) return hindered(untold, { because: `${where}: ${untold.because}` });
  }
  const [first, ...more] = absences;
  return first === undefined
    ? inconclusive('prerequisite', 'AUTH could be asked for neither in clear nor inside TLS')
    : pass(because, [first, ...more], { measured });
}
