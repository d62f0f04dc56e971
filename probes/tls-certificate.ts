import { daysLeft, type FlawKind, flawsOf, keyOf } from '../src/kit/certificate/flaws.ts';
import { isAddress, isNamed, namesOf } from '../src/kit/certificate/names.ts';
import {
  type CertificateFacts,
  type Cite,
  defineProbe,
  fail,
  ignoreTrouble,
  inconclusive,
  inWords,
  type Judgement,
  type Measured,
  notApplicable,
  pass,
  roles,
  type Severity,
  type Shaped,
  type TlsFacts,
  tlsFactsShape,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';
import { starttlsWorks, withoutTls } from './starttls-works.ts';

const data = (z: Zod) =>
  z.object({
    host: z.string(),
    role: z.enum(roles),
    /** Null: there is no TLS, and what STARTTLS led to says why. */
    facts: tlsFactsShape(z).nullable(),
    /** A handshake without a host name (SNI), as Postfix's client makes it. */
    nameless: tlsFactsShape(z).exactOptional(),
  });

/**
 * Nobody who sends mail by opportunistic TLS (RFC 7435) looks at who signed a certificate; MTA-STS (RFC 8461 §4.1)
 * wants name, dates and a public root. A mail client refuses the same, or trains its user to click warnings away (RFC
 * 8314 §4.1).
 */
const severityOf: Readonly<Record<FlawKind, { readonly mx: Severity; readonly submission: Severity }>> = {
  expired: { mx: 'low', submission: 'high' },
  'not-yet-valid': { mx: 'low', submission: 'high' },
  'wrong-name': { mx: 'low', submission: 'high' },
  'self-signed': { mx: 'info', submission: 'high' },
  untrusted: { mx: 'info', submission: 'high' },
  'incomplete-chain': { mx: 'info', submission: 'high' },
  'weak-key': { mx: 'medium', submission: 'medium' },
  'weak-signature': { mx: 'low', submission: 'medium' },
  'expires-soon': { mx: 'low', submission: 'medium' },
};

const headlineOf: Readonly<Record<FlawKind, (leaf: CertificateFacts) => string>> = {
  expired: ({ validTo }) => `Its certificate expired on ${validTo.slice(0, 10)}`,
  'not-yet-valid': ({ validFrom }) => `Its certificate is not valid before ${validFrom.slice(0, 10)}`,
  'wrong-name': () => 'Its certificate is for another name',
  'self-signed': () => 'Its certificate is signed by itself, so nobody can check it',
  untrusted: () => 'Its certificate comes from an authority that is not known here',
  'incomplete-chain': () => 'It leaves out the certificate between its own and the authority',
  'weak-key': (leaf) => `The key of its certificate can be broken (${keyOf(leaf)})`,
  'weak-signature': ({ signature }) => `Its certificate is signed in a way that can be forged (${signature})`,
  'expires-soon': ({ validTo }) => `Its certificate expires on ${validTo.slice(0, 10)}`,
};

const worstFirst: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

export const tlsCertificate = defineProbe({
  id: 'tls-certificate',
  question: 'Is the certificate right?',
  severity: 'high',
  weighs:
    'On submission ports high, for there a wrong certificate costs the password. On an MX, where senders look at none (RFC 7435): low for name and dates, which MTA-STS wants right, info for who signed it; a key that can be broken is medium on both.',
  safety: 'passive',
  why: 'Users of a mail client are told to trust whoever answers when the certificate does not hold. Between servers most take any certificate, but those that verify (MTA-STS) deliver no mail to a wrong one.',
  judged:
    'Name (RFC 9525; the host that was asked for, never the common name), dates, chain as sent against --tls-ca or the roots of Node, key (RSA 2048, curves of 224 bits) and signature (SHA-1, MD5). Submission ports as a mail client sees them: name, dates and trust high, strength and the last 14 days (of a short life: the last quarter) medium. An MX by opportunistic rules: name and dates low, trust info, a weak key medium. A target given as an address is not held against a name. Where more than one thing is wrong, the worst decides; pass where nothing is.',
  refs: ['RFC 9525 §6', 'RFC 7435 §3', 'RFC 8461 §4.1', 'RFC 8314 §4.1', 'Postfix smtpd_tls_chain_files'],
  cost: { connections: 1, commands: 3 },
  needs: { hello },
  wants: { starttls: starttlsWorks },
  data,

  async observe(wire, { starttls }) {
    const { host, role } = wire.subject.endpoint;
    if (starttls !== undefined) {
      const facts = starttls.kind === 'established' ? starttls.facts : null;
      const nameless = facts === null || role !== 'mx' || isAddress(host) ? null : await namelessFacts(wire);
      return { host, role, facts, ...(nameless === null ? {} : { nameless }) };
    }
    await using session = await wire.session({ tls: true });
    return { host, role, facts: session.tls };
  },

  judge({ host, role, facts, nameless }, { hello: seen, starttls }) {
    if (facts === null) {
      if (starttls === undefined || starttls.kind === 'established') throw new Error('no TLS, and no word of why');
      if (starttls.kind === 'failed' && starttls.anonymous !== undefined)
        return notApplicable('it shows no certificate: only suites without one are taken');
      return withoutTls(starttls, seen.ehlo.reply);
    }
    const leaf = facts.chain[0];
    return leaf === undefined
      ? inconclusive('ambiguous', 'the handshake completed without a certificate', [facts.at])
      : judgeLeaf({ host, role, facts, nameless }, leaf, seen.serverName);
  },
});

function judgeLeaf(
  {
    host,
    role,
    facts,
    nameless,
  }: Pick<Shaped<typeof data>, 'host' | 'role'> & {
    readonly facts: TlsFacts;
    readonly nameless: TlsFacts | undefined;
  },
  leaf: CertificateFacts,
  serverName: string | null,
): Judgement {
  const flaws = flawsOf(facts, host);
  const fits = isNamed(leaf, host);
  const nameFits = isAddress(host) && !fits ? null : fits;
  const measured: Measured = {
    subject: leaf.subject,
    issuer: leaf.issuer,
    names: namesOf(leaf),
    nameFits,
    validTo: leaf.validTo,
    daysLeft: daysLeft(leaf, facts.seenAt),
    key: keyOf(leaf),
    signature: leaf.signature,
    trusted: facts.trusted,
    distrust: facts.distrust,
    chain: facts.chain.map(({ subject }) => subject),
    flaws: flaws.map(({ kind }) => kind),
  };
  const ownName = nameFits === null ? aboutItsOwnName(serverName, leaf) : '';
  const remark = `${ownName}${aboutNameless(leaf, nameless)}`;
  const evidence: readonly [Cite, ...Cite[]] = nameless === undefined ? [facts.at] : [facts.at, nameless.at];
  const [first] = flaws;
  if (first === undefined) {
    const because = `valid until ${leaf.validTo.slice(0, 10)}, ${keyOf(leaf)}, ${leaf.signature ?? 'unknown signature'}, chain trusted${fits ? `, named ${host}` : ''}${remark}`;
    return pass(because, evidence, { measured });
  }
  const side = role === 'mx' ? 'mx' : 'submission';
  const weights = flaws.map(({ kind }) => severityOf[kind][side]);
  const severity = worstFirst.find((one) => weights.includes(one)) ?? 'info';
  const worst = flaws.find(({ kind }) => severityOf[kind][side] === severity) ?? first;
  return fail(`${flaws.map(({ says }) => says).join('; ')}${remark}`, evidence, {
    severity,
    measured,
    headline: headlineOf[worst.kind](leaf),
  });
}

/** What clients see that send no name: null where there is no TLS for them, and nothing to compare with. */
async function namelessFacts(wire: Wire): Promise<TlsFacts | null> {
  try {
    await using session = await wire.session({ tls: false, forTls: true, refusals: 0 });
    const outcome = await session.startTls({ nameless: true });
    return outcome.kind === 'established' ? outcome.facts : null;
  } catch (error) {
    ignoreTrouble(error);
    return null;
  }
}

/** Another certificate for who sends no name is worth a remark on an MX, where most senders send none. */
function aboutNameless(leaf: CertificateFacts, nameless: TlsFacts | undefined): string {
  const other = nameless?.chain[0];
  if (other === undefined || other.sha256 === leaf.sha256) return '';
  const names = namesOf(other);
  const whose = names.length === 0 ? other.subject : inWords(names.slice(0, 3));
  return `; clients that send no name (SNI), as Postfix by default, get another certificate, for ${whose}`;
}

/** The user named no host: what the server calls itself is worth a remark, and no verdict. */
function aboutItsOwnName(name: string | null, leaf: TlsFacts['chain'][number]): string {
  if (name === null) return ' (its name is not judged: the target is an address)';
  return isNamed(leaf, name)
    ? ` (the target is an address; it names the host as the server does, ${name})`
    : ` (the target is an address; the server calls itself ${name}, which the certificate does not name)`;
}
