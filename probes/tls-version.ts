import {
  type Cite,
  cite,
  citeShape,
  defineProbe,
  fail,
  type HandshakeWay,
  hindered,
  ignoreTrouble,
  inconclusive,
  inWords,
  type Judgement,
  type Measured,
  meaningOf,
  pass,
  type Role,
  roles,
  type Shaped,
  type StartTls,
  type TlsFacts,
  type TlsVersion,
  type Trouble,
  theyAre,
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
  weighs:
    'High where nothing newer than 1.1 is spoken. Medium where users log in by 1.0 or 1.1, or a version that the policy wants is missing. Low on an MX: whoever has nothing newer would send in clear.',
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
    // Where only suites without a certificate are taken, versions are asked with them.
    const anonymous = starttls?.kind === 'failed' ? starttls.anonymous : undefined;
    if (starttls !== undefined && starttls.kind !== 'established' && anonymous === undefined)
      return { role, known: null, attempts: [], control: null };
    const started = starttls?.kind === 'established' ? starttls.facts : anonymous;
    const facts = started ?? certificate?.facts ?? (await agreedFacts(wire));
    const attempt = (version: Attempt['version']) => tried(wire, version, anonymous !== undefined);
    const [first, ...others] = versions.filter((version) => version !== facts.protocol);
    // The first goes alone: it shows whether the server takes one connection more.
    const attempts = first === undefined ? [] : [await attempt(first)];
    attempts.push(...(await Promise.all(others.map(attempt))));
    const control = attempts.some((one) => meaning(one) === 'unclear') ? await attempt('any') : null;
    return { role, known: { version: facts.protocol, at: facts.at }, attempts, control };
  },

  judge({ role, known, attempts, control }, { hello: seen, starttls }, policy) {
    if (known === null) {
      if (starttls === undefined || starttls.kind === 'established') throw new Error('no TLS, and no word of why');
      return withoutTls(starttls, seen.ehlo.reply);
    }
    const after = starttls?.kind === 'established' ? starttls.after : null;
    const read = after?.cause === 'certificate-wanted' ? attempts.map((one) => ofCertificate(one, after)) : attempts;
    const shown = readVersions(known, read, control);
    const { floor, speaks = [] } = policy.tls[role] ?? {};
    return judgeOld(shown, role, floor) ?? judgeMissing(shown, speaks) ?? judgeRest(shown);
  },
});

/** What the handshakes show, and the quotes for it. */
interface Shown {
  readonly known: { readonly version: string; readonly at: Cite };
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
  readonly untold: readonly Attempt[];
  readonly measured: Measured;
  quotes(names: readonly string[]): [Cite, ...Cite[]];
}

function readVersions(known: Shown['known'], attempts: readonly Attempt[], control: Attempt | null): Shown {
  const are = (wanted: 'accepted' | 'refused' | 'untold') => attempts.filter((one) => settled(one, control) === wanted);
  const inOrderOf = (names: readonly string[]) => versions.filter((version) => names.includes(version));
  const accepted = inOrderOf([known.version, ...are('accepted').map(({ version }) => version)]);
  const refused = inOrderOf(are('refused').map(({ version }) => version));
  const untold = are('untold');
  return {
    known,
    accepted,
    refused,
    untold,
    measured: { accepted, refused, untold: untold.map((one) => `${one.version}: ${whyUntold(one)}`) },
    quotes(names) {
      const made = attempts.filter(({ version }) => names.includes(version)).flatMap(evidenceOf);
      const [first = known.at, ...rest] = names.includes(known.version) ? [known.at, ...made] : made;
      return [first, ...rest, ...(control === null ? [] : evidenceOf(control))];
    },
  };
}

/** Too old: nothing newer, or older than may be. */
function judgeOld(
  { known, accepted, refused, measured, quotes }: Shown,
  role: Role,
  floor?: TlsVersion,
): Judgement | null {
  if (modern.every((version) => refused.includes(version)))
    return fail(`it speaks ${inWords(accepted)} only`, [known.at, ...quotes(modern)], {
      severity: 'high',
      measured,
      headline: `It speaks nothing newer than ${accepted.at(-1) ?? 'TLSv1.1'}`,
    });
  const old = accepted.filter((version) => isBelow(version, floor ?? 'TLSv1.2'));
  if (old.length === 0) return null;
  const severity = role === 'mx' && floor === undefined ? 'low' : 'medium';
  const rule = floor === undefined ? 'RFC 8996' : `the policy wants ${floor} at least`;
  return fail(`${theyAre(old)} accepted (${rule})`, quotes(old), {
    severity,
    measured,
    headline: `It still speaks ${inWords(old)}`,
  });
}

/** Refused, though the policy wants it. */
function judgeMissing({ refused, measured, quotes }: Shown, speaks: readonly string[]): Judgement | null {
  const missing = speaks.filter((version) => refused.includes(version));
  if (missing.length === 0) return null;
  const because = `${theyAre(missing)} refused, and the policy wants ${missing.length > 1 ? 'them' : 'it'} spoken`;
  return fail(because, quotes(missing), {
    severity: 'medium',
    measured,
    headline: `It does not speak ${inWords(missing)}, which the policy wants`,
  });
}

/** No version that is untold lets this pass. */
function judgeRest({ known, accepted, refused, untold, measured, quotes }: Shown): Judgement {
  const [open] = untold;
  if (open === undefined)
    return pass(
      `${inWords(accepted, 'no version')} accepted, ${inWords(refused, 'no version')} refused`,
      [known.at, ...quotes(refused)],
      {
        measured,
      },
    );
  const because = `whether ${theyAre(untold.map(({ version }) => version))} accepted cannot be told: ${whyUntold(open)}`;
  return open.result === 'established'
    ? inconclusive('ambiguous', because, evidenceOf(open), { measured })
    : hindered(open.cut, { because, measured });
}

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

async function tried(wire: Wire, version: Attempt['version'], anonymous: boolean): Promise<Attempt> {
  const way = { ...(version === 'any' ? {} : { version }), anonymous };
  try {
    const isFirst = wire.subject.endpoint.tls === 'implicit';
    return isFirst ? await byConnecting(wire, version, way) : await byStartTls(wire, version, way);
  } catch (error) {
    return failure(version, troubleOf(error));
  }
}

async function byConnecting(wire: Wire, version: Attempt['version'], way: HandshakeWay): Promise<Attempt> {
  await using session = await wire.fresh({ way });
  const { tls } = session;
  // It is the handshake that counts; the greeting is waited for out of courtesy.
  await session.greet().catch(ignoreTrouble);
  return tls === null ? { version, result: 'cut', cut: noTls } : established(version, tls);
}

/** After the handshake the session is of no use to others, and ends. */
async function byStartTls(wire: Wire, version: Attempt['version'], way: HandshakeWay): Promise<Attempt> {
  await using session = await wire.session({ tls: false, forTls: true, refusals: 0 });
  const outcome: StartTls = await session.startTls(way);
  if (outcome.kind === 'established') return established(version, outcome.facts);
  if (outcome.kind === 'failed') return failure(version, outcome.trouble);
  const { reply } = outcome.exchange;
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

/**
 * Without the certificate that is wanted every handshake before TLS 1.3 fails, and only one alert speaks of the version
 * (RFC 5246 §7.4.6).
 */
function ofCertificate(attempt: Attempt, cut: Trouble): Attempt {
  const isOfVersion = attempt.result !== 'failed' || attempt.cut.handshake?.alert === 'protocol_version';
  return isOfVersion ? attempt : { version: attempt.version, result: 'cut', cut };
}

const noTls = trouble('ambiguous', 'not-smtp', 'no TLS where TLS comes first');

const evidenceOf = (attempt: Attempt): readonly Cite[] =>
  attempt.result === 'established' ? [attempt.at] : attempt.cut.evidence;

const whyUntold = (attempt: Attempt): string =>
  attempt.result === 'established' ? `${attempt.protocol} was settled on` : attempt.cut.because;

type Outcome = 'accepted' | 'refused' | 'unclear' | 'untold';

/**
 * `refused`: the server said so, with an alert about versions or ciphers, or by choosing a version that was not
 * offered. `unclear`: it ended the handshake without saying why. Whatever failed here before the server had said
 * anything says nothing of the server.
 */
function meaning(attempt: Attempt): Outcome {
  if (attempt.result === 'established')
    return attempt.version === 'any' || attempt.protocol === attempt.version ? 'accepted' : 'untold';
  const { cause, handshake } = attempt.cut;
  if (attempt.result !== 'failed' || handshake === undefined) return 'untold';
  if (cause === 'certificate-wanted') return 'untold';
  if (cause === 'hang-up' || cause === 'reset') return 'unclear';
  if (handshake.heard === 0) return 'untold';
  if (handshake.alert !== undefined) return alertsOfVersions.includes(handshake.alert) ? 'refused' : 'unclear';
  // The server has chosen a version that was not offered.
  return /_(UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION)$/.test(handshake.code) ? 'refused' : 'untold';
}

/** Alerts of a server that finds no version or cipher to its liking (RFC 8446 §6.2). */
const alertsOfVersions: readonly string[] = ['protocol_version', 'handshake_failure', 'insufficient_security'];

/** What an attempt means in the light of the control. */
function settled(one: Attempt, control: Attempt | null): Exclude<Outcome, 'unclear'> {
  const alone = meaning(one);
  if (alone !== 'unclear') return alone;
  return control !== null && meaning(control) === 'accepted' ? 'refused' : 'untold';
}
