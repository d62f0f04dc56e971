import {
  allSuites,
  askTls,
  type Cite,
  cite,
  citeShape,
  type DataOf,
  defineProbe,
  fail,
  type HandshakeWay,
  type HelloVersion,
  helloVersions,
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
  type TlsAnswer,
  type TlsFacts,
  type TlsVersion,
  type Trouble,
  theyAre,
  tlsAnswerShape,
  trouble,
  troubleOf,
  troubleShape,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';
import { mayShakeHands, starttlsWorks, withoutTls } from './starttls-works.ts';
import { tlsCertificate } from './tls-certificate.ts';

const versions = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

const attemptShape = (z: Zod) => {
  const version = z.enum([...versions, 'any']);
  return z.discriminatedUnion('result', [
    z.object({ version, result: z.literal('established'), protocol: z.string(), at: citeShape(z) }),
    /** `failed`: the handshake broke. `refused`: STARTTLS got no 220. `cut`: it never came to STARTTLS. */
    z.object({ version, result: z.enum(['failed', 'refused', 'cut']), cut: troubleShape(z) }),
    /** A ClientHello of our own, which offers this version and all older ones; no handshake came of it. */
    z.object({ version: z.enum(helloVersions), result: z.literal('asked'), answer: tlsAnswerShape(z) }),
  ]);
};

/** One handshake that offered one version, or (`any`) all that the library here can speak; or a ClientHello alone. */
export type Attempt = Shaped<typeof attemptShape>;
type Asked = Extract<Attempt, { result: 'asked' }>;
type Handshake = Exclude<Attempt, Asked>;

const data = (z: Zod) =>
  z.object({
    role: z.enum(roles),
    /** What a handshake that offered all versions settled on; null where there is no TLS, or none that works here. */
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
    'High where nothing newer than 1.1 is spoken. Medium where users log in by SSL 3.0, TLS 1.0 or 1.1, or a version that the policy wants is missing. Low on an MX: whoever has nothing newer would send in clear.',
  safety: 'passive',
  why: 'TLS 1.0 and 1.1 rest on MD5 and SHA-1 and must not be negotiated any more (RFC 8996), nor must SSL 3.0 (RFC 7568). A server that has nothing newer cannot be reached by up-to-date peers at all, and mail falls back to clear text.',
  judged:
    'One ClientHello of our own for TLS 1.1 and what is older, with every cipher that there was; the server chooses, or says that it speaks none of them. Where it chooses, another for what is older still. One handshake for 1.2 and 1.3 each, unless it is known. pass: SSL 3.0, TLS 1.0 and 1.1 refused by an alert or by an answer in another version, 1.2 or 1.3 accepted. fail: an older one accepted (medium; low on an MX, where refusing it sends old peers to clear text), or neither 1.2 nor 1.3 (high). A connection closed without an alert counts as a refusal only if a handshake with all versions works right after it. A limiter and silence leave the version untold. The policy may set another floor, and versions that must be spoken (tls).',
  refs: [
    'RFC 8996 §4, §5',
    'RFC 7568 §3',
    'RFC 9325 §3.1',
    'RFC 7435',
    'Postfix smtpd_tls_protocols, smtpd_tls_mandatory_protocols',
  ],
  cost: { connections: 3, commands: 9 },
  needs: { hello },
  // With implicit TLS the look at the certificate has told the first version.
  wants: { starttls: starttlsWorks, certificate: tlsCertificate },
  data,

  async observe(wire, { starttls, certificate }) {
    const { role } = wire.subject.endpoint;
    const nothing = { role, known: null, attempts: [], control: null };
    if (starttls !== undefined && !mayShakeHands(starttls)) return nothing;
    // Where only suites without a certificate are taken, versions are asked with them.
    const anonymous = starttls?.kind === 'failed' ? starttls.anonymous : undefined;
    const started = starttls?.kind === 'established' ? starttls.facts : anonymous;
    if (starttls?.kind === 'failed' && started === undefined)
      return { ...nothing, attempts: await withoutHandshake(wire, starttls.cut) };
    const facts = started ?? certificate?.facts ?? (await agreedFacts(wire));
    const attempt = (version: Handshake['version']) => tried(wire, version, anonymous !== undefined);
    // These go one by one: the first shows whether the server takes one connection more.
    const asked = await askDownFrom(wire, 'TLSv1.1', facts.protocol);
    const others = modern.filter((version) => version !== facts.protocol);
    const attempts = [...asked, ...(await Promise.all(others.map(attempt)))];
    const isUnclear = attempts.some((one) => toldBy(one).some(({ outcome }) => outcome === 'unclear'));
    const control = isUnclear ? await attempt('any') : null;
    return { role, known: { version: facts.protocol, at: facts.at }, attempts, control };
  },

  judge({ role, known, attempts, control }, { hello: seen, starttls }, policy) {
    const after = starttls?.kind === 'established' ? starttls.after : null;
    const read = after?.cause === 'certificate-wanted' ? attempts.map((one) => ofCertificate(one, after)) : attempts;
    const shown = readVersions(known, read, control);
    if (shown === null) {
      if (starttls === undefined || starttls.kind === 'established') throw new Error('no TLS, and no word of why');
      return withoutTls(starttls, seen.ehlo.reply);
    }
    const { floor, speaks = [] } = policy.tls[role] ?? {};
    return judgeOld(shown, role, floor) ?? judgeMissing(shown, speaks) ?? judgeRest(shown);
  },
});

/** The versions that a server was seen to speak. */
export const spokenIn = ({ known, attempts, control }: DataOf<typeof tlsVersion>): readonly string[] =>
  readVersions(known, attempts, control)?.accepted ?? [];

/** What the handshakes show, and the quotes for it. */
interface Shown {
  readonly known: { readonly version: string; readonly at: Cite };
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
  readonly untold: readonly Told[];
  readonly measured: Measured;
  quotes(names: readonly string[]): [Cite, ...Cite[]];
}

/** Null where not one version is known to work. */
function readVersions(
  agreed: Shown['known'] | null,
  attempts: readonly Attempt[],
  control: Attempt | null,
): Shown | null {
  const told = attempts.flatMap(toldBy).map((one) => settled(one, control));
  const namesOf = (outcome: Outcome) => told.filter((one) => one.outcome === outcome).map(({ version }) => version);
  const [shown] = told.filter(({ outcome }) => outcome === 'accepted');
  const [at] = shown?.evidence ?? [];
  const known = agreed ?? (shown === undefined || at === undefined ? null : { version: shown.version, at });
  if (known === null) return null;
  const accepted = versions.filter((version) => [known.version, ...namesOf('accepted')].includes(version));
  const refused = versions.filter((version) => !accepted.includes(version) && namesOf('refused').includes(version));
  const isTold = (name: string) => [...accepted, ...refused].some((version) => version === name);
  const untold = told.filter(({ version }) => !isTold(version));
  return {
    known,
    accepted,
    refused,
    untold,
    measured: { accepted, refused, untold: untold.map(({ version, why }) => `${version}: ${why}`) },
    quotes(names) {
      const made = names.flatMap((name) =>
        told.filter(({ version }) => version === name).flatMap(({ evidence }) => evidence),
      );
      const own = names.includes(known.version) ? [known.at, ...made] : made;
      const [first = known.at, ...rest] = [...own, ...(control === null ? [] : evidenceOf(control))];
      return [first, ...rest.filter((one, index) => !sameAs(first)(one) && rest.findIndex(sameAs(one)) === index)];
    },
  };
}

const sameAs =
  (one: Cite) =>
  (other: Cite): boolean =>
    one.session === other.session && one.event === other.event;

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
  const rfc = old.every((version) => version === 'SSLv3') ? 'RFC 7568' : 'RFC 8996';
  const rule = floor === undefined ? rfc : `the policy wants ${floor} at least`;
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
      { measured },
    );
  const because = `whether ${theyAre(untold.map(({ version }) => version))} accepted cannot be told: ${open.why}`;
  return open.cut === null
    ? inconclusive('ambiguous', because, open.evidence, { measured })
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

async function tried(wire: Wire, version: Handshake['version'], anonymous: boolean): Promise<Handshake> {
  const way = { ...(version === 'any' || version === 'SSLv3' ? {} : { version }), anonymous };
  try {
    const isFirst = wire.subject.endpoint.tls === 'implicit';
    return isFirst ? await byConnecting(wire, version, way) : await byStartTls(wire, version, way);
  } catch (error) {
    return failure(version, troubleOf(error));
  }
}

async function byConnecting(wire: Wire, version: Handshake['version'], way: HandshakeWay): Promise<Handshake> {
  await using session = await wire.fresh({ way });
  const { tls } = session;
  // It is the handshake that counts; the greeting is waited for out of courtesy.
  await session.greet().catch(ignoreTrouble);
  return tls === null ? { version, result: 'cut', cut: noTls } : established(version, tls);
}

/** After the handshake the session is of no use to others, and ends. */
async function byStartTls(wire: Wire, version: Handshake['version'], way: HandshakeWay): Promise<Handshake> {
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

function established(version: Handshake['version'], { protocol, at }: TlsFacts): Handshake {
  return { version, result: 'established', protocol, at };
}

function failure(version: Handshake['version'], cut: Trouble): Handshake {
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

function evidenceOf(attempt: Attempt): readonly Cite[] {
  if (attempt.result === 'established') return [attempt.at];
  if (attempt.result !== 'asked') return attempt.cut.evidence;
  return attempt.answer.kind === 'none' ? attempt.answer.cut.evidence : [attempt.answer.at];
}

type Outcome = 'accepted' | 'refused' | 'unclear' | 'untold';

/** What one attempt tells of one version. */
interface Told {
  readonly version: Attempt['version'];
  readonly outcome: Outcome;
  /** Where it is untold. */
  readonly why: string;
  readonly cut: Trouble | null;
  readonly evidence: readonly Cite[];
}

function toldBy(attempt: Attempt): readonly Told[] {
  if (attempt.result === 'asked') return toldByAsking(attempt);
  const { version } = attempt;
  const isDone = attempt.result === 'established';
  const why = isDone ? `${attempt.protocol} was settled on` : attempt.cut.because;
  return [{ version, outcome: meaning(attempt), why, cut: isDone ? null : attempt.cut, evidence: evidenceOf(attempt) }];
}

/**
 * A server chooses the newest version that it has of those that a ClientHello offers, and refuses the newer ones
 * (RFC 5246 §E.1). `protocol_version` refuses all of them; an alert about ciphers those of the newest that it has.
 */
function toldByAsking({ version, answer }: Asked): readonly Told[] {
  const offered = helloVersions.slice(0, helloVersions.indexOf(version) + 1);
  const tell = (told: readonly HelloVersion[], outcome: Outcome, why = ''): readonly Told[] => {
    const cut = answer.kind === 'none' ? answer.cut : null;
    return told.map((one) => ({ version: one, outcome, why, cut, evidence: citesOf(answer) }));
  };
  if (answer.kind === 'none') {
    const isEnd = answer.cut.cause === 'hang-up' || answer.cut.cause === 'reset';
    return tell(offered, isEnd ? 'unclear' : 'untold', answer.cut.because);
  }
  if (answer.kind === 'alert') {
    if (!alertsOfVersions.includes(answer.alert)) return tell(offered, 'unclear', `the server said ${answer.alert}`);
    return tell(answer.alert === 'protocol_version' ? offered : [version], 'refused');
  }
  const place = inHellos.indexOf(answer.version);
  if (place < 0 || place >= offered.length) return tell([version], 'refused');
  const why = 'the server chose it, and did not go on';
  const chosen = tell(offered.slice(place, place + 1), answer.isWhole ? 'accepted' : 'untold', why);
  return [...chosen, ...tell(offered.slice(place + 1), 'refused')];
}

const inHellos: readonly string[] = helloVersions;

const citesOf = (answer: TlsAnswer): readonly Cite[] => (answer.kind === 'none' ? answer.cut.evidence : [answer.at]);

/** Asks for a version and all older ones, until each is told. `known` is told already. */
async function askDownFrom(wire: Wire, newest: HelloVersion, known: string | null): Promise<Asked[]> {
  const attempts: Asked[] = [];
  const isOpen = (version: HelloVersion) =>
    version !== known && !attempts.some((one) => toldBy(one).some((told) => told.version === version));
  for (const version of helloVersions.slice(0, helloVersions.indexOf(newest) + 1).toReversed())
    if (isOpen(version)) attempts.push(await ask(wire, version));
  return attempts;
}

async function ask(wire: Wire, version: HelloVersion): Promise<Asked> {
  return { version, result: 'asked', answer: await askTls(wire, { newest: version, suites: allSuites }) };
}

/**
 * No handshake works here, which had offered TLS 1.3 too: it may be for what the library here has dropped. Goes on
 * where there is a version to go on from.
 */
async function withoutHandshake(wire: Wire, cut: Trouble): Promise<Attempt[]> {
  const first = await ask(wire, 'TLSv1.2');
  const { answer } = first;
  if (answer.kind !== 'server-hello') return [first];
  const older = helloVersions[inHellos.indexOf(answer.version) - 1];
  const asked = older === undefined ? [] : await askDownFrom(wire, older, null);
  return [{ version: 'TLSv1.3', result: 'failed', cut }, first, ...asked];
}

/**
 * `refused`: the server said so, with an alert about versions or ciphers, or by choosing a version that was not
 * offered. `unclear`: it ended the handshake without saying why. Whatever failed here before the server had said
 * anything says nothing of the server.
 */
function meaning(attempt: Handshake): Outcome {
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

/** What an attempt tells in the light of the control. */
function settled(one: Told, control: Attempt | null): Told {
  if (one.outcome !== 'unclear') return one;
  const works = control !== null && toldBy(control).some(({ outcome }) => outcome === 'accepted');
  return { ...one, outcome: works ? 'refused' : 'untold' };
}
