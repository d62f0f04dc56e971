import { daysLeft, type FlawKind, flawsOf, keyOf } from '../src/kit/certificate/flaws.ts';
import { isAddress, isNamed, namesOf } from '../src/kit/certificate/names.ts';
import {
  defineProbe,
  fail,
  inconclusive,
  type Measured,
  pass,
  roles,
  type Severity,
  type TlsFacts,
  tlsFactsShape,
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
  });

/**
 * Nobody who sends mail by opportunistic TLS (RFC 7435) looks at who signed a certificate; MTA-STS (RFC 8461 §4.1) wants name, dates and a
 * public root. A mail client refuses the same, or trains its user to click warnings away (RFC 8314 §4.1).
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

const worstFirst: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

export const tlsCertificate = defineProbe({
  id: 'tls-certificate',
  question: 'Is the certificate right?',
  severity: 'high',
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
    if (starttls !== undefined) return { host, role, facts: starttls.kind === 'established' ? starttls.facts : null };
    await using session = await wire.session({ tls: true });
    return { host, role, facts: session.tls };
  },

  judge({ host, role, facts }, { hello: seen, starttls }) {
    if (facts === null) {
      if (starttls === undefined || starttls.kind === 'established') throw new Error('no TLS, and no word of why');
      return withoutTls(starttls, seen.ehlo.reply);
    }
    const leaf = facts.chain[0];
    if (leaf === undefined)
      return inconclusive('ambiguous', 'the handshake completed without a certificate', [facts.at]);
    const flaws = flawsOf(facts, host);
    const measured: Measured = {
      subject: leaf.subject,
      issuer: leaf.issuer,
      names: namesOf(leaf),
      nameFits: isAddress(host) && !isNamed(leaf, host) ? null : isNamed(leaf, host),
      validTo: leaf.validTo,
      daysLeft: daysLeft(leaf, facts.seenAt),
      key: keyOf(leaf),
      signature: leaf.signature,
      trusted: facts.trusted,
      distrust: facts.distrust,
      chain: facts.chain.map(({ subject }) => subject),
      flaws: flaws.map(({ kind }) => kind),
    };
    const remark = isAddress(host) && !isNamed(leaf, host) ? aboutItsOwnName(seen.serverName, leaf) : '';
    if (flaws.length === 0) {
      const because = `valid until ${leaf.validTo.slice(0, 10)}, ${keyOf(leaf)}, ${leaf.signature ?? 'unknown signature'}, chain trusted${isNamed(leaf, host) ? `, named ${host}` : ''}${remark}`;
      return pass(because, facts.at, { measured });
    }
    const side = role === 'mx' ? 'mx' : 'submission';
    const weights = flaws.map(({ kind }) => severityOf[kind][side]);
    const severity = worstFirst.find((one) => weights.includes(one)) ?? 'info';
    return fail(`${flaws.map(({ says }) => says).join('; ')}${remark}`, facts.at, { severity, measured });
  },
});

/** The user named no host: what the server calls itself is worth a remark, and no verdict. */
function aboutItsOwnName(name: string | null, leaf: TlsFacts['chain'][number]): string {
  if (name === null) return ' (its name is not judged: the target is an address)';
  return isNamed(leaf, name)
    ? ` (the target is an address; it names the host as the server does, ${name})`
    : ` (the target is an address; the server calls itself ${name}, which the certificate does not name)`;
}
