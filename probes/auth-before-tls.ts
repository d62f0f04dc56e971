import { byPolicy, type PhaseRules } from '../src/kit/auth/by-policy.ts';
import { isForUsers, isSecret } from '../src/kit/auth/mechanisms.ts';
import { namesOf, type PhaseReading, readPhase } from '../src/kit/auth/reading.ts';
import { seenInClearShape } from '../src/kit/auth/seen.ts';
import { askAuth } from '../src/kit/auth/trials.ts';
import {
  type Cite,
  defineProbe,
  fail,
  hindered,
  inconclusive,
  inWords,
  type Judgement,
  type Measured,
  notApplicable,
  pass,
  saying,
  seenFrom,
  type Vantage,
  vantage,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

export const authBeforeTls = defineProbe({
  id: 'auth-before-tls',
  question: 'Can a password be sent in clear?',
  severity: 'high',
  weighs:
    'High: a password that works in clear is read by whoever listens on the way. Medium where it is listed and refused, for some clients send it along all the same; low where only challenges cross.',
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

  async observe(wire, { hello: ends }) {
    const { role, tls } = wire.subject.endpoint;
    if (tls === 'implicit') return { role, kind: 'implicit' } as const;
    return {
      role,
      kind: 'asked',
      phase: await askAuth(wire, { tls: false }),
      vantage: vantage(wire.subject, ends),
    } as const;
  },

  judge(data, _given, policy) {
    if (data.kind === 'implicit')
      return notApplicable('TLS comes first on this port (RFC 8314 §3.3): nothing is ever in clear');
    return judgeBoth(readPhase(data.phase), policy.mechanisms[data.role]?.beforeTls ?? {}, data.vantage);
  },
});

/** By the rules that hold everywhere, and by those of the policy; the graver one counts. */
function judgeBoth(reading: PhaseReading, rules: PhaseRules, from: Vantage | undefined): Judgement {
  const { listed, works, refused, legacyLine } = reading;
  const measured = {
    before: listed,
    works: namesOf(works),
    refused: namesOf(refused),
    legacyLine,
    ...(from === undefined ? {} : { vantage: from }),
  };
  const own = judgeClear(reading, measured);
  const isGrave = own.verdict === 'fail' && own.severity !== 'low';
  const judged = (isGrave ? null : byPolicy(reading, rules, 'in clear', measured)) ?? own;
  // Exim (`auth_advertise_hosts`) and Haraka offer in clear what they offer to their own network alone.
  return judged.verdict === 'fail' && from !== undefined
    ? { ...judged, because: `${judged.because}${seenFrom(from)}` }
    : judged;
}

function judgeClear(reading: PhaseReading, measured: Measured): Judgement {
  const { listed, listsNone, works, refused, offered, list, untold } = reading;
  const extras = { measured };
  const working = works.filter(({ mechanism }) => isSecret(mechanism));
  const [first, ...more] = working;
  if (first !== undefined) {
    const hidden = namesOf(working).filter((mechanism) => !listed.includes(mechanism));
    const note = hidden.length === 0 ? '' : `, though EHLO does not list ${inWords(hidden)}`;
    const evidence: [Cite, ...Cite[]] = [list, first.at, ...more.map(({ at }) => at)];
    return fail(`${saying(namesOf(working), 'works', 'work')} in clear${note}`, evidence, {
      ...extras,
      headline: `Passwords can be sent in clear: ${saying(namesOf(working), 'works', 'work')} before TLS`,
    });
  }
  const secrets = listed.filter(isSecret);
  if (secrets.length > 0) return judgeListed(reading, secrets, extras);
  const others = offered.filter(isForUsers);
  if (others.length > 0) {
    const note = untold === null ? '' : `; of PLAIN nothing can be said (${untold.because})`;
    const proof = works.filter(({ mechanism }) => isForUsers(mechanism)).map(({ at }) => at);
    const because = `no password crosses in clear, but a login does: ${inWords(others)}, open to guessing offline and to hijacking${note}`;
    return fail(because, [list, ...proof], {
      ...extras,
      severity: 'low',
      headline: `Users can log in by ${inWords(others)} before TLS`,
    });
  }
  if (untold !== null) return hindered(untold, extras);
  const [refusal] = refused;
  if (refusal !== undefined)
    return pass(
      `in clear AUTH ${refusal.mechanism} is refused, and EHLO lists no mechanism that sends a password`,
      [refusal.at, list],
      extras,
    );
  return listsNone
    ? pass('in clear EHLO names no mechanism, and this server takes only what it lists', list, extras)
    : inconclusive('ambiguous', 'EHLO lists no AUTH in clear, and the command was not tried', [list], extras);
}

/** Listed, and not seen to work. */
function judgeListed(
  { refused, untold, list }: PhaseReading,
  secrets: readonly string[],
  extras: { readonly measured: Measured },
): Judgement {
  const refusal = refused.find(({ mechanism }) => secrets.includes(mechanism)) ?? refused[0];
  const named = `EHLO lists ${inWords(secrets)} in clear`;
  const headline = `Mail programs may send passwords in clear: ${inWords(secrets)} stands in the list before TLS`;
  if (refusal === undefined) {
    const note = untold === null ? '' : `, and whether it works cannot be said: ${untold.because}`;
    return fail(`${named}${note}`, [list, ...(untold?.evidence.slice(0, 1) ?? [])], { ...extras, headline });
  }
  return fail(
    `${named} and refuses ${secrets.length > 1 ? 'them' : 'it'}: a client that sends the password along with AUTH has given it away by then`,
    [list, refusal.at],
    { ...extras, severity: 'medium', headline },
  );
}
