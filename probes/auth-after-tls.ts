import { byPolicy } from '../src/kit/auth/by-policy.ts';
import { authOffer, isForUsers } from '../src/kit/auth/mechanisms.ts';
import { namesOf, type PhaseReading, readPhase } from '../src/kit/auth/reading.ts';
import { seenInTlsShape } from '../src/kit/auth/seen.ts';
import { askAuth } from '../src/kit/auth/trials.ts';
import {
  type Cite,
  cite,
  defineProbe,
  fail,
  hindered,
  inconclusive,
  inWords,
  type Judgement,
  type Measured,
  notApplicable,
  offers,
  pass,
  saying,
  theyAre,
  troubleOf,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

export const authAfterTls = defineProbe({
  id: 'auth-after-tls',
  question: 'Which mechanisms inside TLS?',
  severity: 'medium',
  weighs: 'Medium: users cannot log in, which they notice themselves. low where what is listed is refused.',
  safety: 'active',
  why: "On a submission port users must log in, and inside TLS is where they may. A list that is empty, or that is not true, is an outage that the server's own log hardly shows.",
  judged:
    'The AUTH list of EHLO inside TLS, in both spellings, and each mechanism itself, answered 334 and called off with "*". pass: at least one works. fail: none on a submission port, or listed and refused, or hidden from clients there. not-applicable: port 25 without AUTH or without STARTTLS. inconclusive: no TLS to be had, or what checks passwords is down (454). What the policy requires or forbids inside TLS (mechanisms) comes first, and makes it a question for port 25 too.',
  refs: [
    'RFC 4954 §3, §4',
    'RFC 6409 §4.3',
    'RFC 8314 §3.2, §3.3',
    'Postfix smtpd_sasl_auth_enable, smtpd_sasl_path, smtpd_sasl_tls_security_options, broken_sasl_auth_clients',
  ],
  cost: { connections: 1, commands: 8 },
  needs: { hello },
  data: seenInTlsShape,

  async observe(wire, { hello: seen }) {
    const { role, tls } = wire.subject.endpoint;
    const { reply } = seen.ehlo;
    if (tls === 'starttls' && !offers(reply, 'STARTTLS'))
      return { role, kind: 'no-starttls', ehlo: seen.ehlo } as const;
    const before = tls === 'starttls' ? authOffer(reply).mechanisms : [];
    try {
      return { role, kind: 'asked', phase: await askAuth(wire, { tls: true }), before } as const;
    } catch (error) {
      return { role, kind: 'no-tls', cut: troubleOf(error) } as const;
    }
  },

  judge(data, _given, policy) {
    const isMx = data.role === 'mx';
    const rules = policy.mechanisms[data.role]?.insideTls ?? {};
    if (data.kind === 'no-tls') return hindered(data.cut);
    if (data.kind === 'no-starttls') {
      if (isMx && rules.required === undefined)
        return notApplicable('STARTTLS is not offered, so there is no AUTH inside TLS');
      return inconclusive('prerequisite', 'STARTTLS is not offered, so nothing can be asked inside TLS', [
        cite(data.ehlo.reply),
      ]);
    }
    const reading = readPhase(data.phase);
    const { listed, works, refused, legacyLine } = reading;
    const measured = {
      before: data.before,
      after: listed,
      works: namesOf(works),
      refused: namesOf(refused),
      legacyLine,
      onlyInside: listed.filter((name) => !data.before.includes(name)),
    };
    const breach = byPolicy(reading, rules, 'inside TLS', measured);
    if (breach !== null) return breach;
    return isMx ? judgeMx(reading, measured, rules.forbidden !== undefined) : judgeSubmission(reading, measured);
  },
});

function judgeSubmission({ listed, works, refused, list, untold }: PhaseReading, measured: Measured): Judgement {
  const usable = works.filter(({ mechanism }) => isForUsers(mechanism));
  const [first] = usable.filter(({ mechanism }) => listed.includes(mechanism));
  if (first !== undefined) return judgeUsable({ works: usable, refused, listed, list }, measured);
  const [hidden] = usable;
  if (hidden !== undefined)
    return fail(
      `${inWords(namesOf(usable))} would work, but EHLO does not list ${usable.length > 1 ? 'them: mail programs will not find them' : 'it: mail programs will not find it'}`,
      [list, hidden.at],
      { measured, headline: 'Mail programs find no way to log in: there is one, and it is not announced' },
    );
  if (untold !== null) return hindered(untold, { measured });
  const [refusal] = refused;
  const evidence: [Cite, ...Cite[]] = [list, ...(refusal === undefined ? [] : [refusal.at])];
  if (!listed.some(isForUsers))
    return fail('users cannot log in: EHLO lists no mechanism for them inside TLS', evidence, {
      measured,
      headline: 'Users cannot log in: no way is offered',
    });
  if (refusal === undefined)
    return inconclusive(
      'ambiguous',
      `only ${theyAre(listed)} listed, and ${listed.length > 1 ? 'none was' : 'it was not'} tried`,
      [list],
      { measured },
    );
  return fail(`users cannot log in: ${theyAre(listed)} listed and refused`, evidence, {
    measured,
    headline: 'Users cannot log in: every way that it offers it refuses',
  });
}

/** `isRuled`: the policy forbids something, so that nothing offered is an answer. */
function judgeMx(reading: PhaseReading, measured: Measured, isRuled: boolean): Judgement {
  const { listed, works, refused, list, untold } = reading;
  if (works.length > 0) return judgeUsable(reading, measured);
  if (untold !== null) return hindered(untold, { measured });
  const [refusal] = refused;
  if (listed.length === 0 && isRuled)
    return pass(
      'inside TLS no AUTH is offered, as the policy wants it',
      [list, ...(refusal === undefined ? [] : [refusal.at])],
      { measured },
    );
  if (listed.length === 0) return notApplicable('inside TLS no AUTH is offered, as befits a port for other servers');
  if (refusal === undefined)
    return inconclusive(
      'ambiguous',
      `${theyAre(listed)} listed, and ${listed.length > 1 ? 'none was' : 'was not'} tried`,
      [list],
      { measured },
    );
  return fail(`${theyAre(listed)} listed and refused`, [list, refusal.at], {
    measured,
    severity: 'low',
    headline: 'It offers ways to log in and refuses them',
  });
}

function judgeUsable(
  { works, refused, listed, list }: Pick<PhaseReading, 'works' | 'refused' | 'listed' | 'list'>,
  measured: Measured,
): Judgement {
  const broken = namesOf(refused).filter((mechanism) => listed.includes(mechanism));
  const note = broken.length === 0 ? '' : `; ${theyAre(broken)} listed and refused`;
  return pass(`inside TLS ${saying(namesOf(works), 'works', 'work')}${note}`, [list, ...works.map(({ at }) => at)], {
    measured,
  });
}
