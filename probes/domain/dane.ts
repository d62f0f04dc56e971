import { askDane, type DaneData, daneShape } from '../../src/kit/dane/ask.ts';
import { type HostResult, having, notes, quotesOf, stops, unusable, wantedFor } from '../../src/kit/dane/faults.ts';
import { type HostRead, readHost } from '../../src/kit/dane/host.ts';
import { outcomeOf, type Seen } from '../../src/kit/dane/server.ts';
import { type Fault, failOf, naming } from '../../src/kit/domain/faults.ts';
import {
  type Cite,
  cite,
  defineDomainProbe,
  inconclusive,
  type Judgement,
  type Measured,
  notApplicable,
  offers,
  type Policy,
  pass,
  type SeenEndpoint,
} from '../../src/kit/index.ts';
import { hello } from '../hello.ts';
import { starttlsWorks } from '../starttls-works.ts';

const wants = { hello, starttls: starttlsWorks };
type Endpoints = readonly SeenEndpoint<typeof wants>[];

export const dane = defineDomainProbe({
  id: 'dane',
  question: 'Do its TLSA records match the certificates that its servers show?',
  severity: 'high',
  weighs:
    'Critical where no MX host is left that senders which do DANE deliver to: no TLS, or a certificate that no record matches. High where some are, and where DNS fails at what DANE asks for. Medium: no record can be used, or the MX records are not signed, so that few senders look. Low: records of a whole certificate, which break at each renewal; hosts without records beside others; records that are not signed. Info: a certificate that ends soon, and no record of the next key.',
  why: 'Who publishes TLSA records tells the world to deliver nowhere else. A renewal that changes the key and not the record stops the mail of all who check, and the server itself logs nothing of it.',
  judged:
    'MX, addresses and TLSA records of each host, signed by DNSSEC as a resolver that may be believed tells, against the certificate that port 25 shows after STARTTLS on every address. Usage 3: key or certificate alone, no name and no date. Usage 2: an authority that is sent, each link signed, name and dates. Of each usage and selector the strongest digest decides. pass: a record matches everywhere. not-applicable: no DNSSEC, or no TLSA records. inconclusive: an address that could not be looked at, a resolver that does not tell, no answer from DNS.',
  refs: [
    'RFC 7672 §2.2, §3.1, §3.2',
    'RFC 7671 §5, §8, §9',
    'RFC 6698 §2.1',
    'RFC 8461 §2 (beside MTA-STS)',
    'Postfix smtp_tls_security_level = dane (the senders)',
  ],
  lookups: 8,
  wants,
  data: daneShape,
  observe: askDane,

  judge(data, endpoints, policy) {
    const { domain, mx, hosts } = data;
    if (mx.kind === 'failed')
      return inconclusive('dns-failed', `DNS does not tell the MX records of ${domain}: ${mx.because}`, [mx.at]);
    if (mx.kind === 'bogus') return failOf([bogusMx(mx.at)], mx.at, {});
    if (mx.kind === 'no-name') return notApplicable('the domain does not exist');
    const results = hosts.map((host): HostResult => {
      const read = readHost(host, mx.secure !== null);
      return { ...read, outcomes: outcomesAt(read, data, endpoints, policy) };
    });
    if (results.every(({ says }) => says === 'lost')) return notApplicable('no MX host has an address');
    if (mx.secure === null) return judgeUntold(data, results);
    return mx.secure ? judgeSigned(data, results) : judgeUnsigned(data, results);
  },
});

const bogusMx = (at: Cite): Fault => ({
  severity: 'high',
  headline: 'DNSSEC fails for its MX records: who validates cannot deliver',
  says: 'the MX records do not validate (DNSSEC)',
  at: [at],
});

/** What it is about is quoted before the MX records that lead there: reports show the first quotes alone. */
function failBy([first, ...others]: readonly [Fault, ...Fault[]], mx: Cite, measured: Measured): Judgement {
  return failOf([{ ...first, at: [...first.at, mx] }, ...others], first.at[0] ?? mx, measured);
}

/** Everything counts: senders know the domain, its hosts and their records for its own. */
function judgeSigned(data: DaneData, results: readonly HostResult[]): Judgement {
  const { at } = data.mx;
  const measured = figuresOf(data, results);
  const grave = [...stops(results).map((fault) => withSts(fault, data)), ...unusable(results)];
  const light = notes(results);
  const [fault, ...faults] = [...grave, ...light];
  if (grave.length > 0 && fault !== undefined) return failBy([fault, ...faults], at, measured);
  const untold = untoldIn(data, results);
  if (untold !== null) {
    const because = `not told of each server: ${untold.words}`;
    return inconclusive(untold.doubt, because, [at, ...quotesOf(results)], { measured });
  }
  if (fault !== undefined) return failBy([fault, ...faults], at, measured);
  const matched = results.filter(({ says }) => says === 'usable');
  if (matched.length === 0) return notApplicable(withoutRecords(results));
  const because = `a TLSA record matches the certificate at each address of ${naming(matched.map(({ host }) => host))}`;
  const [quote = at, ...quotes] = quotesOf(matched);
  return pass(because, [quote, ...quotes, at], { measured });
}

/**
 * Without signed MX records RFC 7672 §2.2.1 leaves it to the sender whether to look further: Postfix does
 * (`smtp_tls_dane_insecure_mx_policy`), and keeps mail for a host whose own signed records do not match.
 */
function judgeUnsigned(data: DaneData, results: readonly HostResult[]): Judgement {
  const { mx, domain } = data;
  const seen = stops(results).map((fault): Fault => ({ ...fault, severity: 'medium', headline: unsignedHeadline }));
  const [fault, ...faults] = seen;
  if (fault === undefined) return notApplicable(`no DNSSEC: the MX records of ${domain} are not signed`);
  const says = `${fault.says}; the MX records are not signed, so that most senders do not look, but Postfix does`;
  return failBy([{ ...fault, says }, ...faults], mx.at, figuresOf(data, results));
}

const unsignedHeadline = 'The TLSA records of its MX host do not match: Postfix servers that do DANE keep their mail';

/** Signed or not, there is nothing to hold against a certificate where there is no TLSA record. */
function judgeUntold(data: DaneData, results: readonly HostResult[]): Judgement {
  const idle: readonly HostRead['says'][] = ['none', 'lost', 'unsigned'];
  if (results.every(({ says }) => idle.includes(says))) return notApplicable(withoutRecords(results));
  const { verdict, because } = judgeSigned(data, results);
  const guess = verdict === 'pass' || verdict === 'fail' ? `; if its answers are true: ${because}` : '';
  return inconclusive(
    'prerequisite',
    `whether DNSSEC vouches for its records, the DNS server that was asked does not tell, or is not to be believed: run one that validates on this machine (apt-get install unbound) and name it (--dns 127.0.0.1)${guess}`,
    [data.mx.at, ...quotesOf(results)],
    { measured: figuresOf(data, results) },
  );
}

const withoutRecords = (results: readonly HostResult[]): string =>
  results.some(({ says }) => says === 'unsigned')
    ? `no DNSSEC at its MX hosts: the addresses of ${naming(results.map(({ host }) => host))} are not signed`
    : `no TLSA records at ${naming(results.map(({ host }) => host))}`;

/** Senders that do both go by DANE alone where it fails. */
function withSts(fault: Fault, { sts }: DaneData): Fault {
  const hasPolicy = sts?.kind === 'found' && sts.records.some((text) => text.startsWith('v=STSv1'));
  if (!hasPolicy) return fault;
  return {
    ...fault,
    says: `${fault.says} (its MTA-STS policy is no way out: who does both goes by DANE, RFC 8461 §2)`,
  };
}

/** What is missing for a pass; null where nothing is. */
function untoldIn({ unasked }: DaneData, results: readonly HostResult[]) {
  const unknown = results.filter(({ says }) => says === 'unknown').map(({ host }) => host);
  const unseen = results.flatMap((result) =>
    having(result, 'unseen').map(({ address, outcome }) => `${result.host} (${address}) ${outcome.because}`),
  );
  const partial = results.filter(({ isPartial, outcomes }) => isPartial && outcomes.length > 0);
  const words = [
    ...(unknown.length > 0 ? [`DNS did not answer for ${naming(unknown)}`] : []),
    ...(partial.length > 0 ? [`DNS did not tell all addresses of ${naming(partial.map(({ host }) => host))}`] : []),
    ...unseen.slice(0, 5),
    ...(unseen.length > 5 ? [`and ${unseen.length - 5} more`] : []),
    ...(unasked.length > 0 ? [`${unasked.length} more MX hosts were not asked about`] : []),
  ].join('; ');
  return words === ''
    ? null
    : ({ words, doubt: unknown.length + partial.length > 0 ? 'dns-failed' : 'prerequisite' } as const);
}

function figuresOf({ mx }: DaneData, results: readonly HostResult[]): Measured {
  const addresses = (kind: 'match' | 'stopped' | 'unseen') =>
    results.flatMap((result) => having(result, kind).map(({ address }) => `${result.host}/${address}`)).slice(0, 50);
  const dnssec = { true: 'signed', false: 'not signed', null: 'not told' } as const;
  return {
    dnssec: dnssec[`${mx.secure}`],
    hosts: results.map(({ host, says }) => `${host} ${says}`),
    matched: addresses('match'),
    stopped: addresses('stopped'),
    unseen: addresses('unseen'),
    wanted: wantedFor(results),
  };
}

/** The certificate is looked at where senders would: where there are records that they may go by. */
function outcomesAt(read: HostRead, { domain }: DaneData, endpoints: Endpoints, policy: Policy) {
  if (read.says !== 'usable' && read.says !== 'unusable') return [];
  // The name that mail is addressed to counts, too (RFC 7672 §3.2.3); for Postfix whether or not the MX is signed.
  const names = [read.base, domain];
  return read.addresses.map((address) => ({
    address,
    outcome: outcomeOf(seenAt(read, address, endpoints, policy), read.decisive, names),
  }));
}

/** Senders ask by the base domain (SNI, RFC 7671 §3): what is shown to another name may be another certificate. */
function seenAt({ host, base }: HostRead, address: string, endpoints: Endpoints, policy: Policy): Seen {
  const here = endpoints.filter(({ endpoint }) => endpoint.port === 25 && endpoint.address === address);
  const own = here.find(({ endpoint }) => endpoint.host === host);
  const seen = own ?? here[0];
  return seen === undefined
    ? { kind: 'unseen', because: 'was not looked at on port 25' }
    : seenOf(seen, own !== undefined && host === base, policy);
}

/** Where STARTTLS led, by the judge of that question. */
function seenOf({ endpoint, hello: opening, starttls }: Endpoints[number], named: boolean, policy: Policy): Seen {
  if (opening === undefined || starttls === undefined) return { kind: 'unseen', because: 'could not be asked for TLS' };
  const citeOf = (at: Cite): Cite => ({ ...at, session: `${endpoint.id} ${at.session}` });
  const { reply } = opening.ehlo;
  if (starttls.kind === 'established') {
    if (offers(reply, 'STARTTLS'))
      return { kind: 'shown', facts: starttls.facts, named, at: citeOf(starttls.facts.at) };
    return { kind: 'no-tls', because: 'does not list STARTTLS, so that nobody uses it', at: [citeOf(cite(reply))] };
  }
  const judged = starttlsWorks.judge(starttls, { [hello.id]: opening }, policy);
  if (judged.verdict === 'inconclusive')
    return { kind: 'unseen', because: `showed no TLS to look at: ${judged.because}` };
  const how = starttls.kind === 'failed' && judged.verdict === 'pass' ? 'anonymous' : starttls.kind;
  return { kind: 'no-tls', because: becauseOf[how], at: [citeOf(cite(starttls.exchange.reply))] };
}

const becauseOf = {
  refused: 'refuses STARTTLS',
  failed: 'breaks off the TLS handshake',
  anonymous: 'shows no certificate',
} as const;
