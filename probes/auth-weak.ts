import { weakMechanisms } from '../src/kit/auth/mechanisms.ts';
import { disclosuresOf, inWords } from '../src/kit/auth/reading.ts';
import { seenPhases } from '../src/kit/auth/seen.ts';
import { type Cite, defineRule, fail, inconclusive, notApplicable, pass } from '../src/kit/index.ts';
import { authAfterTls } from './auth-after-tls.ts';
import { authBeforeTls } from './auth-before-tls.ts';

export const authWeak = defineRule({
  id: 'auth-weak',
  question: 'Are outdated mechanisms on offer?',
  severity: 'low',
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
    const offered = [...new Set(phases.flatMap(({ reading }) => reading.offered.filter(isOutdated)))];
    const told = phases.map(({ phase }) => disclosuresOf(phase));
    const realms = [...new Set(told.flatMap((one) => one.realms))];
    const measured = {
      weak: offered,
      ntlm: told.find(({ ntlm }) => ntlm.length > 0)?.ntlm ?? [],
      realm: realms.length === 0 ? null : realms.join(', '),
      challengeHost: told.flatMap(({ cramHosts }) => cramHosts)[0] ?? null,
    };
    const quotes: Cite[] = [];
    for (const { reading } of phases) {
      if (reading.listed.some(isOutdated)) quotes.push(reading.list);
      else quotes.push(...reading.works.filter(({ mechanism }) => isOutdated(mechanism)).map(({ at }) => at));
    }
    const [list, ...lists] = quotes;
    if (list !== undefined) {
      const where = phases.filter(({ reading }) => reading.offered.some(isOutdated)).map((phase) => phase.where);
      const inner = measured.ntlm.length === 0 ? '' : `; NTLM tells ${measured.ntlm.length} things of the inside`;
      return fail(
        `it offers ${inWords(offered)} ${inWords(where)}${inner}`,
        [list, ...lists, ...told.flatMap(({ at }) => at)],
        { measured },
      );
    }
    if (missing !== null)
      return inconclusive(missing.doubt, `inside TLS nothing could be asked: ${missing.because}`, missing.evidence);
    const absences: Cite[] = [];
    for (const { where, reading } of phases) {
      // Without a list the answer to a common mechanism stands for all: where that is hidden, so would the rest be.
      const [tried] = reading.listed.length > 0 ? [{ at: reading.list }] : [...reading.refused, ...reading.works];
      if (tried !== undefined) absences.push(tried.at);
      else if (reading.untold !== null)
        return inconclusive(reading.untold.doubt, `${where}: ${reading.untold.because}`, reading.untold.evidence);
    }
    const [first, ...more] = absences;
    if (first === undefined)
      return inconclusive('prerequisite', 'AUTH could be asked for neither in clear nor inside TLS');
    return pass(
      `it offers ${outdated.length > 1 ? `neither ${outdated.join(' nor ')}` : `no ${outdated[0]}`}`,
      [first, ...more],
      { measured },
    );
  },
});
