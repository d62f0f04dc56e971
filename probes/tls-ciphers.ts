import {
  allSuites,
  askTls,
  type Cite,
  citeShape,
  defineProbe,
  fail,
  faultOf,
  type HelloVersion,
  helloVersions,
  hindered,
  inconclusive,
  inWords,
  type Judgement,
  type Measured,
  notApplicable,
  offers,
  pass,
  type Reply,
  type Role,
  roles,
  type Severity,
  type Shaped,
  type SuiteFault,
  suiteFaults,
  suiteName,
  suitesWith,
  type TlsAnswer,
  type Told,
  tlsAnswerShape,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';
import { mayShakeHands, starttlsWorks, withoutTls } from './starttls-works.ts';
import { tlsCertificate } from './tls-certificate.ts';
import { spokenIn, tlsVersion } from './tls-version.ts';

const askedShape = (z: Zod) =>
  z.object({
    newest: z.enum(helloVersions),
    /** The kinds of suites that were offered. */
    faults: z.array(z.enum(suiteFaults)),
    answer: tlsAnswerShape(z),
  });

/** One ClientHello, and what was said to it. */
export type Asked = Shaped<typeof askedShape>;

const data = (z: Zod) =>
  z.object({
    role: z.enum(roles),
    /** What a handshake of this scan settled on; null where none did. */
    known: z.object({ version: z.string(), at: citeShape(z) }).nullable(),
    /** In the order in which they were asked; none where there is no TLS. */
    asked: z.array(askedShape(z)),
    /** The answer to all suites there are, where nothing else shows that a refusal is about suites. */
    control: tlsAnswerShape(z).nullable(),
  });
type Data = Shaped<typeof data>;

export const tlsCiphers = defineProbe({
  id: 'tls-ciphers',
  question: 'Does it still take ciphers that protect little or nothing?',
  severity: 'low',
  weighs:
    'Medium where users log in and NULL, export or DES ciphers are taken. Low for these on an MX, where the alternative is clear text, for RC4 and 3DES, and for suites without a certificate where users log in. Info for suites without a certificate on an MX, as most senders there ask for none, and for RSA key exchange.',
  safety: 'passive',
  why: 'Programs of today agree on something better. Old ones, and those that somebody on the way leads to believe that there is nothing better, get what the server still takes: NULL ciphers hide nothing, keys of export ciphers and of DES can be searched through, RC4 and 3DES leak what is said often, such as passwords. Under RSA key exchange, whoever gets the key later can read what was recorded before.',
  judged:
    'Our own ClientHello offers all suites of these kinds at once, for TLS 1.2 and older. A ServerHello names one of them; the next ClientHello leaves its kind out, until an alert says that there are no more. Suites without a certificate are asked for by themselves, and where an old version is spoken all that was refused once more for that one. Mostly three handshakes, and never more than ten. pass: an alert, and a ServerHello to the same with sound suites, or TLS 1.3 alone. fail: a ServerHello that names such a suite, with the rest of its flight. A connection that is closed without an alert counts as a refusal only if the control right after it is answered. A limiter and silence are inconclusive. Suites are not listed one by one: testssl.sh does that.',
  refs: [
    'RFC 9325 §4.1, §4.2',
    'RFC 7435',
    'RFC 7465',
    'Postfix smtpd_tls_ciphers, smtpd_tls_mandatory_ciphers, smtpd_tls_exclude_ciphers',
  ],
  cost: { connections: 3, commands: 9 },
  needs: { hello },
  wants: { starttls: starttlsWorks, certificate: tlsCertificate, versions: tlsVersion },
  data,

  async observe(wire, { starttls, certificate, versions }) {
    const { role } = wire.subject.endpoint;
    if (starttls !== undefined && !mayShakeHands(starttls)) return { role, known: null, asked: [], control: null };
    const anonymous = starttls?.kind === 'failed' ? starttls.anonymous : undefined;
    const facts = starttls?.kind === 'established' ? starttls.facts : (anonymous ?? certificate?.facts);
    const known = facts === undefined || facts === null ? null : { version: facts.protocol, at: facts.at };
    const spoken = versions === undefined ? [] : spokenIn(versions);
    const asked = await askAll(wire, spoken);
    const wanted = needsControl(asked, known);
    return {
      role,
      known,
      asked,
      control: wanted ? await askTls(wire, { newest: 'TLSv1.2', suites: allSuites }) : null,
    };
  },

  judge(seen, { hello: { ehlo }, starttls }) {
    const shown = readSuites(seen);
    const isWithout = seen.asked.length === 0 || (shown.taken.length === 0 && starttls?.kind === 'failed');
    if (isWithout && starttls !== undefined && starttls.kind !== 'established') return withoutTls(starttls, ehlo.reply);
    const found = judgeTaken(shown, seen.role);
    const isNote = found === null || found.severity === 'info';
    return (isNote ? judgeUntold(shown, ehlo.reply) : null) ?? found ?? judgeRefused(shown);
  },
});

/** Versions below 1.2, in some of which a server may take suites that it has not in 1.2 (RFC 4346 §A.5). */
const oldVersions: readonly HelloVersion[] = ['TLSv1', 'TLSv1.1', 'SSLv3'];

/**
 * All kinds, for TLS 1.2 and for an old version that is spoken beside it. Suites without a certificate are asked for
 * alone: a GnuTLS that has them in its list, and no keys for them, chooses one where it can and gives up. Where one
 * question gets no answer the others are not asked.
 */
async function askAll(wire: Wire, spoken: readonly string[]): Promise<Asked[]> {
  const signed = suiteFaults.filter((fault) => fault !== 'anonymous');
  // Where 1.2 is not spoken, the first ClientHello is answered in an old version.
  const old = spoken.includes('TLSv1.2') ? oldVersions.find((version) => spoken.includes(version)) : undefined;
  const newests: readonly HelloVersion[] = old === undefined ? ['TLSv1.2'] : ['TLSv1.2', old];
  const asked: Asked[] = [];
  for (const newest of newests)
    for (const faults of [signed, ['anonymous'] as const]) {
      if (lastOnes(asked).some((one) => meaning(one) === 'untold')) return asked;
      asked.push(...(await askUntilRefused(wire, newest, withoutChosen(faults, asked))));
    }
  return asked;
}

/** ClientHellos for one newest version: the first offers all kinds, and one kind less follows each that was chosen. */
async function askUntilRefused(wire: Wire, newest: HelloVersion, faults: readonly SuiteFault[]): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (let left = faults; left.length > 0; left = withoutChosen(left, asked)) {
    const answer = await askTls(wire, { newest, suites: left.flatMap(suitesWith) });
    asked.push({ newest, faults: [...left], answer });
    if (chosenIn({ faults: left, answer }) === null) break;
  }
  return asked;
}

/** The kind of the suite that the server chose; null where it chose none, or one that was not offered. */
function chosenIn({ faults, answer }: Pick<Asked, 'faults' | 'answer'>): SuiteFault | null {
  const fault = answer.kind === 'server-hello' ? faultOf(answer.suite) : null;
  return fault !== null && faults.includes(fault) ? fault : null;
}

const withoutChosen = (faults: readonly SuiteFault[], asked: readonly Asked[]): SuiteFault[] =>
  faults.filter((fault) => !asked.some((one) => chosenIn(one) === fault));

/** The ClientHellos of which nothing was chosen that was offered. */
const lastOnes = (asked: readonly Asked[]): readonly Asked[] => asked.filter((one) => chosenIn(one) === null);

type Meaning = 'taken' | 'refused' | 'unclear' | 'untold';

/**
 * `refused`: an alert that speaks of versions or ciphers. `unclear`: another, or the end of the connection, which has
 * many reasons.
 */
function meaning(one: Asked): Meaning {
  const { answer } = one;
  if (answer.kind === 'server-hello') return answer.isWhole && chosenIn(one) !== null ? 'taken' : 'untold';
  if (answer.kind === 'alert') return alertsOfSuites.includes(answer.alert) ? 'refused' : 'unclear';
  return answer.cut.cause === 'hang-up' || answer.cut.cause === 'reset' ? 'unclear' : 'untold';
}

/** Alerts of a server that finds no version or cipher to its liking (RFC 8446 §6.2). */
const alertsOfSuites: readonly string[] = ['handshake_failure', 'insufficient_security', 'protocol_version'];

/** No suite of TLS 1.3 is weak, and a server that speaks nothing older says so with this alert. */
const isNewOnly = ({ answer }: Asked, known: Data['known']): boolean =>
  answer.kind === 'alert' && answer.alert === 'protocol_version' && known?.version === 'TLSv1.3';

/** Whether nothing has shown yet that our ClientHello is one to choose from. */
function needsControl(asked: readonly Asked[], known: Data['known']): boolean {
  const isHeard = asked.some(({ answer }) => answer.kind === 'server-hello');
  return lastOnes(asked).some((one) => {
    const said = meaning(one);
    return said === 'unclear' || (said === 'refused' && !isHeard && !isNewOnly(one, known));
  });
}

/** A suite that the server chose. */
interface Taken {
  readonly fault: SuiteFault;
  readonly suite: string;
  readonly at: Cite;
}

/** What the answers show. */
interface Shown {
  /** Worst first. */
  readonly taken: readonly Taken[];
  /** The first answer that leaves something untold. */
  readonly open: TlsAnswer | null;
  /** The quotes for what was refused. */
  readonly refusal: readonly Cite[];
  readonly measured: Measured;
}

function readSuites(seen: Data): Shown {
  const { asked, control } = seen;
  // A control that names a weak suite tells that it is taken after all.
  const all: readonly Asked[] =
    control === null ? asked : [...asked, { newest: 'TLSv1.2', faults: [...suiteFaults], answer: control }];
  const taken = suiteFaults.flatMap((fault) => all.flatMap((one) => takenIn(one, fault)).slice(0, 1));
  const untold = asked.filter((one) => isUntold(one, seen));
  const kinds = taken.map(({ fault }) => fault);
  const left = suiteFaults.filter((fault) => !kinds.includes(fault));
  const isAsked = (fault: SuiteFault) => asked.some(({ faults }) => faults.includes(fault));
  const leavesOpen = (one: Asked, fault: SuiteFault) =>
    (chosenIn(one) ?? fault) === fault && one.faults.includes(fault);
  const untoldKinds = left.filter((fault) => !isAsked(fault) || untold.some((one) => leavesOpen(one, fault)));
  return {
    taken,
    open: untold.map(({ answer }) => openIn(answer, control))[0] ?? null,
    refusal: refusalIn(seen),
    measured: {
      taken: kinds,
      suites: taken.map(({ suite }) => suite),
      refused: left.filter((fault) => !untoldKinds.includes(fault)),
      untold: untoldKinds,
    },
  };
}

function takenIn(one: Asked, fault: SuiteFault): readonly Taken[] {
  const { answer } = one;
  if (answer.kind !== 'server-hello' || meaning(one) !== 'taken' || chosenIn(one) !== fault) return [];
  return [{ fault, suite: suiteName(answer.suite), at: answer.at }];
}

/** Whether this answer, in the light of the others, leaves open whether what it was offered is taken. */
function isUntold(one: Asked, { asked, known, control }: Data): boolean {
  const said = meaning(one);
  const isControlled = control?.kind === 'server-hello';
  if (said === 'unclear') return !isControlled;
  if (said === 'refused')
    return !isControlled && !isNewOnly(one, known) && !asked.some(({ answer }) => answer.kind === 'server-hello');
  return said === 'untold';
}

/** What stands in the way: where sound suites fared no better, that is it. */
const openIn = (answer: TlsAnswer, control: TlsAnswer | null): TlsAnswer =>
  answer.kind === 'alert' && control !== null ? control : answer;

const citesOf = (answer: TlsAnswer): readonly Cite[] => (answer.kind === 'none' ? answer.cut.evidence : [answer.at]);

function refusalIn({ asked, known, control }: Data): readonly Cite[] {
  const proof = control === null ? [known?.at ?? []].flat() : citesOf(control);
  return [...lastOnes(asked).flatMap(({ answer }) => citesOf(answer)), ...proof];
}

/** It takes what it should not: as bad as the worst of it. */
function judgeTaken({ taken, measured }: Shown, role: Role): Told | null {
  const [first, ...rest] = taken.map(({ at }) => at);
  if (first === undefined) return null;
  const weighed = role === 'mx' ? onMx : forUsers;
  const severity = severities.findLast((one) => taken.some(({ fault }) => weighed[fault] === one)) ?? 'info';
  const worst = taken.filter(({ fault }) => weighed[fault] === severity);
  const kinds = inWords(worst.map(({ fault }) => words[fault]));
  return fail(`it takes ${inWords(taken.map(({ fault, suite }) => `${words[fault]} (${suite})`))}`, [first, ...rest], {
    severity,
    measured,
    headline: `It still takes ${kinds}`,
  });
}

function judgeUntold({ open, measured }: Shown, ehlo: Reply): Judgement | null {
  if (open === null) return null;
  if (open.kind === 'none') {
    const { cut } = open;
    if (cut.cause === 'reply' && !offers(ehlo, 'STARTTLS'))
      return notApplicable('STARTTLS is not offered, and refused');
    return hindered(cut, { because: `which ciphers it takes cannot be told: ${cut.because}`, measured });
  }
  if (open.kind === 'alert')
    return inconclusive('tls-failed', `it takes no sound suite either: ${open.alert}`, [open.at], { measured });
  const because = open.isWhole
    ? `it chose a suite that it was not offered: ${suiteName(open.suite)}`
    : `it chose ${suiteName(open.suite)}, and did not go on`;
  return inconclusive('ambiguous', because, [open.at], { measured });
}

function judgeRefused({ refusal: [first, ...rest], measured }: Shown): Judgement {
  if (first === undefined) throw new Error('nothing was asked, and nothing stood in the way');
  return pass(`none of these is taken: ${inWords(suiteFaults.map((fault) => words[fault]))}`, [first, ...rest], {
    measured,
  });
}

const severities = ['info', 'low', 'medium'] as const satisfies readonly Severity[];
type Weighed = Readonly<Record<SuiteFault, (typeof severities)[number]>>;

/** What a sender of mail would do without is clear text, or a certificate that nobody looks at (RFC 7435). */
const onMx: Weighed = {
  null: 'low',
  export: 'low',
  anonymous: 'info',
  des: 'low',
  rc4: 'low',
  '3des': 'low',
  'static-rsa': 'info',
};

/** Passwords go over it, and a program that finds nothing better should rather give up. */
const forUsers: Weighed = { ...onMx, null: 'medium', export: 'medium', des: 'medium', anonymous: 'low' };

const words: Readonly<Record<SuiteFault, string>> = {
  null: 'NULL ciphers',
  export: 'export ciphers',
  anonymous: 'suites without a certificate',
  des: 'DES',
  rc4: 'RC4',
  '3des': '3DES',
  'static-rsa': 'RSA key exchange',
};
