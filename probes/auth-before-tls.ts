import { byPolicy, type PhaseRules } from '../src/kit/auth/by-policy.ts';
import { isForUsers, isSecret } from '../src/kit/auth/mechanisms.ts';
import { inWords, namesOf, type PhaseReading, readPhase } from '../src/kit/auth/reading.ts';
import { seenInClearShape } from '../src/kit/auth/seen.ts';
import { askAuth } from '../src/kit/auth/trials.ts';
import { type Cite, defineProbe, fail, inconclusive, type Judgement, notApplicable, pass } from '../src/kit/index.ts';

export const authBeforeTls = defineProbe({
  id: 'auth-before-tls',
  question: 'Can a password be sent in clear?',
  severity: 'high',
  safety: 'active',
  why: 'Whoever listens anywhere between a user and a server that takes logins in clear has the password. A mail program that finds a login offered there uses it, and says nothing.',
  judged:
    'The AUTH list of EHLO before STARTTLS, and AUTH itself whatever is listed: a mechanism answered 334 works, and is called off with "*" before any name is said. fail: PLAIN, LOGIN, XOAUTH2 or OAUTHBEARER works (high), or is listed and refused (medium: PLAIN may carry the password along with the command); challenge and response only (low). pass: AUTH is refused, in its own words. A server that cannot say (454) and lists nothing is inconclusive. What the policy forbids in clear (mechanisms) is a fail too, medium at least.',
  refs: [
    'RFC 4954 §4, §9',
    'RFC 4616 §6',
    'RFC 8314 §3',
    'RFC 6409 §4.3',
    'Postfix smtpd_tls_auth_only, smtpd_sasl_security_options, smtpd_sasl_exceptions_networks',
  ],
  cost: { connections: 1, commands: 5 },
  needs: { hello },
  data: seenInClearShape,

  async observe(wire) {
    const { role, tls } = wire.subject.endpoint;
    if (tls === 'implicit') return { role, kind: 'implicit' } as const;
    return { role, kind: 'asked', phase: await askAuth(wire, { tls: false }) } as const;
  },

  judge(data, _given, policy) {
    if (data.kind === 'implicit')
      return notApplicable('TLS comes first on this port (RFC 8314 §3.3): nothing is ever in clear');
    return judgeBoth(readPhase(data.phase), policy.mechanisms[data.role]?.beforeTls ?? {});
  },
});

/** By the rules that hold everywhere, and by those of the policy; the graver one counts. */
function judgeBoth(reading: PhaseReading, rules: PhaseRules): Judgement {
  const own = judgeClear(reading);
  const isGrave = own.verdict === 'fail' && own.severity !== 'low';
  const measured = own.verdict === 'not-applicable' ? {} : (own.measured ?? {});
  return (isGrave ? null : byPolicy(reading, rules, 'in clear', measured)) ?? own;
}

function judgeClear(reading: PhaseReading): Judgement {
  const { listed, works, refused, offered, legacyLine, list, untold } = reading;
  const measured = { before: listed, works: namesOf(works), refused: namesOf(refused), legacyLine };
  const extras = { measured };
  const working = works.filter(({ mechanism }) => isSecret(mechanism));
  const [first, ...more] = working;
  if (first !== undefined) {
    const hidden = namesOf(working).filter((mechanism) => !listed.includes(mechanism));
    const note = hidden.length === 0 ? '' : `, though EHLO does not list ${inWords(hidden)}`;
    const evidence: [Cite, ...Cite[]] = [list, first.at, ...more.map(({ at }) => at)];
    return fail(
      `${inWords(namesOf(working))} ${working.length === 1 ? 'works' : 'work'} in clear${note}`,
      evidence,
      extras,
    );
  }
  const secrets = listed.filter(isSecret);
  if (secrets.length > 0) return judgeListed(reading, secrets, extras);
  const others = offered.filter(isForUsers);
  if (others.length > 0) {
    const note = untold === null ? '' : `; of PLAIN nothing can be said (${untold.because})`;
    const proof = works.filter(({ mechanism }) => isForUsers(mechanism)).map(({ at }) => at);
    const because = `no password crosses in clear, but a login does: ${inWords(others)}, open to guessing offline and to hijacking${note}`;
    return fail(because, [list, ...proof], { ...extras, severity: 'low' });
  }
  if (untold !== null) return inconclusive(untold.doubt, untold.because, untold.evidence, extras);
  const [refusal] = refused;
  if (refusal === undefined)
    return inconclusive('ambiguous', 'EHLO lists no AUTH in clear, and the command was not tried', [list], extras);
  return pass(
    `in clear AUTH ${refusal.mechanism} is refused, and EHLO lists no mechanism that sends a password`,
    [refusal.at, list],
    extras,
  );
}

import { hello } from './hello.ts';

/** Listed, and not seen to work. */
function judgeListed(
  { refused, untold, list }: PhaseReading,
  secrets: readonly string[],
  extras: { measured: Record<string, string[] | readonly string[] | boolean> },
): Judgement {
  const refusal = refused.find(({ mechanism }) => secrets.includes(mechanism)) ?? refused[0];
  const named = `EHLO lists ${inWords(secrets)} in clear`;
  if (refusal === undefined) {
    const note = untold === null ? '' : `, and whether it works cannot be said: ${untold.because}`;
    return fail(`${named}${note}`, [list, ...(untold?.evidence.slice(0, 1) ?? [])], extras);
  }
  return fail(
    `${named} and refuses it: a client that sends the password along with AUTH has given it away by then`,
    [list, refusal.at],
    { ...extras, severity: 'medium' },
  );
}
