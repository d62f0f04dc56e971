import {
  type Cite,
  cite,
  citeShape,
  defineProbe,
  fail,
  hindered,
  ignoreTrouble,
  inconclusive,
  meaningOf,
  pass,
  roles,
  type Shaped,
  type StartTls,
  type TlsFacts,
  type TlsVersion,
  type Trouble,
  trouble,
  troubleOf,
  troubleShape,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';
import { starttlsWorks, withoutTls } from './starttls-works.ts';
import { tlsCertificate } from './tls-certificate.ts';

const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const satisfies readonly TlsVersion[];

const attemptShape = (z: Zod) => {
  const version = z.enum([...versions, 'any']);
  return z.discriminatedUnion('result', [
    z.object({ version, result: z.literal('established'), protocol: z.string(), at: citeShape(z) }),
    /** `failed`: the handshake broke. `refused`: STARTTLS got no 220. `cut`: it never came to STARTTLS. */
    z.object({ version, result: z.enum(['failed', 'refused', 'cut']), cut: troubleShape(z) }),
  ]);
};

/** One handshake that offered one version, or (`any`) all of them. */
export type Attempt = Shaped<typeof attemptShape>;

const data = (z: Zod) =>
  z.object({
    role: z.enum(roles),
    /** What a handshake that offered all versions settled on; null where there is no TLS. */
    known: z.object({ version: z.string(), at: citeShape(z) }).nullable(),
    attempts: z.array(attemptShape(z)),
    /** A handshake with all versions, after one that the server broke off without a clear word. */
    control: attemptShape(z).nullable(),
  });

export const tlsVersion = defineProbe({
  id: 'tls-version',
  question: 'Which versions of TLS does it speak?',
  severity: 'medium',
  safety: 'passive',
  why: 'TLS 1.0 and 1.1 rest on MD5 and SHA-1 and must not be negotiated any more (RFC 8996). A server that has nothing newer cannot be reached by up-to-date peers at all, and mail falls back to clear text.',
  judged:
    'One handshake for each version that is not known from the first. pass: 1.0 and 1.1 refused by an alert or by an answer in another version, 1.2 or 1.3 accepted. fail: 1.0 or 1.1 accepted (medium; low on an MX, where refusing them sends old peers to clear text), or neither 1.2 nor 1.3 (high). A connection closed without an alert counts as a refusal only if a handshake with all versions works right after it. A limiter, silence, and a version that the TLS library here cannot speak leave the version untold. Refused means: with the ciphers that the library here has; RC4 and export ciphers are not among them. The policy may set another floor, and versions that must be spoken (tls).',
  refs: ['RFC 8996 §4, §5', 'RFC 9325 §3.1', 'RFC 7435', 'Postfix smtpd_tls_protocols, smtpd_tls_mandatory_protocols'],
  cost: { connections: 3, commands: 9 },
  needs: { hello },
  // With implicit TLS the look at the certificate has told the first version.
  wants: { starttls: starttlsWorks, certificate: tlsCertificate },
  data,

  async observe(wire, { starttls, certificate }) {
    const { role } = wire.subject.endpoint;
    if (starttls !== undefined && starttls.kind !== 'established') {
      return { role, known: null, attempts: [], control: null };
    }
    const facts = starttls?.facts ?? certificate?.facts ?? (await agreedFacts(wire));
    const [first, ...others] = versions.filter((version) => version !== facts.protocol);
    // The first goes alone: it shows whether the server takes one connection more.
    const attempts = first === undefined ? [] : [await attempt(wire, first)];
    attempts.push(...(await Promise.all(others.map((version) => attempt(wire, version)))));
    const control = attempts.some((one) => meaning(one) === 'unclear') ? await attempt(wire, 'any') : null;
    return { role, known: { version: facts.protocol, at: facts.at }, attempts, control };
  },

  judge({ role, known, attempts, control }, { hello: seen, starttls }, policy) {
    if (known === null) {
      if (starttls === undefined || starttls.kind === 'established') throw new Error('no TLS, and no word of why');
      return withoutTls(starttls, seen.ehlo.reply);
    }
    const is = (wanted: 'accepted' | 'refused' | 'untold') =>
      attempts.filter((one) => settled(one, control) === wanted);
    const listedIn = (names: readonly string[]) => versions.filter((version) => names.includes(version));
    const accepted = listedIn([known.version, ...is('accepted').map(({ version }) => version)]);
    const refused = listedIn(is('refused').map(({ version }) => version));
    const untold = is('untold');
    const measured = { accepted, refused, untold: untold.map((one) => `${one.version}: ${whyUntold(one)}`) };
    const quotes = (names: readonly string[]): [Cite, ...Cite[]] => {
      const made = attempts.filter(({ version }) => names.includes(version)).flatMap(evidenceOf);
      const [first = known.at, ...rest] = names.includes(known.version) ? [known.at, ...made] : made;
      return [first, ...rest, ...(control === null ? [] : evidenceOf(control))];
    };

    const { floor, speaks = [] } = policy.tls[role] ?? {};
    const isOld = (version: string) => isBelow(version, floor ?? 'TLSv1.2');
    const old = accepted.filter(isOld);
    if (modern.every((version) => refused.includes(version))) {
      return fail(`it speaks ${listed(accepted)} only`, [known.at, ...quotes(modern)], { severity: 'high', measured });
    }
    if (old.length > 0) {
      const severity = role === 'mx' && floor === undefined ? 'low' : 'medium';
      const rule = floor === undefined ? 'RFC 8996' : `the policy wants ${floor} at least`;
      return fail(`${listed(old)} ${old.length > 1 ? 'are' : 'is'} accepted (${rule})`, quotes(old), {
        severity,
        measured,
      });
    }
    const missing = speaks.filter((version) => refused.includes(version));
    if (missing.length > 0) {
      return fail(
        `${listed(missing)} ${missing.length > 1 ? 'are' : 'is'} refused, and the policy wants it spoken`,
        quotes(missing),
        {
          severity: 'medium',
          measured,
        },
      );
    }
    const [open] = untold;
    if (open !== undefined) {
      const because = `whether ${listed(untold.map(({ version }) => version))} ${untold.length > 1 ? 'are' : 'is'} accepted cannot be told: ${whyUntold(open)}`;
      return open.result === 'established'
        ? inconclusive('ambiguous', because, evidenceOf(open), { measured })
        : hindered(open.cut, { because, measured });
    }
    return pass(`${listed(accepted)} accepted, ${listed(refused)} refused`, [known.at, ...quotes(refused)], {
      measured,
    });
  },
});

const modern = ['TLSv1.2', 'TLSv1.3'] as const;
const inOrder: readonly string[] = versions;
const isBelow = (version: string, floor: TlsVersion): boolean => {
  const place = inOrder.indexOf(version);
  return place >= 0 && place < versions.indexOf(floor);
};

/** What the versions of a first handshake with all of them are: on a port with implicit TLS every session tells. */
async function agreedFacts(wire: Wire): Promise<TlsFacts> {
  await using session = await wire.session({ tls: true });
  if (session.tls === null) throw new Error('a session inside TLS has facts');
  return session.tls;
}

async function attempt(wire: Wire, version: Attempt['version']): Promise<Attempt> {
  try {
    return wire.subject.endpoint.tls === 'implicit'
      ? await byConnecting(wire, version)
      : await byStartTls(wire, version);
  } catch (error) {
    return failure(version, troubleOf(error));
  }
}

async function byConnecting(wire: Wire, version: Attempt['version']): Promise<Attempt> {
  await using session = await wire.fresh(version === 'any' ? {} : { tlsVersion: version });
  const { tls } = session;
  // It is the handshake that counts; the greeting is waited for out of courtesy.
  await session.greet().catch(ignoreTrouble);
  return tls === null ? { version, result: 'cut', cut: noTls } : established(version, tls);
}

/** Any greeted session in clear will do; after the handshake it is of no use to others, and ends. */
async function byStartTls(wire: Wire, version: Attempt['version'], again = true): Promise<Attempt> {
  await using session = await wire.session({ tls: false, forTls: true, refusals: 0 });
  const outcome: StartTls = await session.startTls(version === 'any' ? {} : { version });
  if (outcome.kind === 'established') return established(version, outcome.facts);
  if (outcome.kind === 'failed') return failure(version, outcome.trouble);
  const { reply } = outcome.exchange;
  // Some servers take STARTTLS at the beginning of a session only: the next one leased for it is untouched.
  if (again && session.isTouched) {
    await session[Symbol.asyncDispose]();
    return await byStartTls(wire, version, false);
  }
  const limited = meaningOf(reply, { stage: 'starttls' }).startsWith('limit-');
  const because = `STARTTLS was answered "${reply.lines[0].text}"`;
  const doubt = limited ? 'throttled' : 'ambiguous';
  return { version, result: 'refused', cut: trouble(doubt, 'reply', because, [cite(reply)], { reply }) };
}

function established(version: Attempt['version'], { protocol, at }: TlsFacts): Attempt {
  return { version, result: 'established', protocol, at };
}

function failure(version: Attempt['version'], cut: Trouble): Attempt {
  return { version, result: cut.handshake === undefined ? 'cut' : 'failed', cut };
}

const noTls = trouble('ambiguous', 'not-smtp', 'no TLS where TLS comes first');

const evidenceOf = (attempt: Attempt): readonly Cite[] =>
  attempt.result === 'established' ? [attempt.at] : attempt.cut.evidence;

const whyUntold = (attempt: Attempt): string =>
  attempt.result === 'established' ? `${attempt.protocol} was settled on` : attempt.cut.because;

type Meaning = 'accepted' | 'refused' | 'unclear' | 'untold';

/**
 * `refused`: the server said so, with an alert about versions or ciphers, or by choosing a version that was not offered. `unclear`: it
 * ended the handshake without saying why. Whatever failed here before the server had said anything says nothing of the server.
 */
function meaning(attempt: Attempt): Meaning {
  if (attempt.result === 'established')
    return attempt.version === 'any' || attempt.protocol === attempt.version ? 'accepted' : 'untold';
  const { cause, handshake } = attempt.cut;
  if (attempt.result !== 'failed' || handshake === undefined) return 'untold';
  if (cause === 'hang-up' || cause === 'reset') return 'unclear';
  if (handshake.heard === 0) return 'untold';
  if (handshake.alert !== undefined) return alertsOfVersions.includes(handshake.alert) ? 'refused' : 'unclear';
  // The server has chosen a version that was not offered.
  return /_(UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION)$/.test(handshake.code) ? 'refused' : 'untold';
}

/** Alerts of a server that finds no version or cipher to its liking (RFC 8446 §6.2). */
const alertsOfVersions: readonly string[] = ['protocol_version', 'handshake_failure', 'insufficient_security'];

/** What an attempt means in the light of the control. */
function settled(one: Attempt, control: Attempt | null): Exclude<Meaning, 'unclear'> {
  const alone = meaning(one);
  if (alone !== 'unclear') return alone;
  return control !== null && meaning(control) === 'accepted' ? 'refused' : 'untold';
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'no version' : names.join(' and ').replace(/ and (?=.* and )/g, ', ');
}
