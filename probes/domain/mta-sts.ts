import {
  answerShape,
  type Cite,
  defineDomainProbe,
  fail,
  fetchedShape,
  inconclusive,
  inWords,
  type Judgement,
  type Measured,
  notApplicable,
  offers,
  pass,
  type SeenEndpoint,
  type Shaped,
  type Zod,
} from '../../src/kit/index.ts';
import type { ShownTls } from '../../src/kit/mta-sts/host-tls.ts';
import { type HostLook, lookAt } from '../../src/kit/mta-sts/hosts.ts';
import { issuesOf } from '../../src/kit/mta-sts/issues.ts';
import { isCovered } from '../../src/kit/mta-sts/matching.ts';
import type { StsPolicy } from '../../src/kit/mta-sts/policy.ts';
import { readStsRecord } from '../../src/kit/mta-sts/record.ts';
import { type Served, servedBy } from '../../src/kit/mta-sts/served.ts';
import { exchangesOf, mostHosts } from '../../src/kit/mx/ask.ts';
import { hello } from '../hello.ts';
import { starttlsWorks, unanswered } from '../starttls-works.ts';

const data = (z: Zod) =>
  z.object({
    domain: z.string(),
    /** Of `_mta-sts`. */
    record: answerShape('TXT')(z),
    /** Fetched without a record too: a policy that nobody looks for is worth a word. */
    file: fetchedShape(z),
    mx: answerShape('MX')(z),
    /** The MX hosts that are scanned, each with its addresses: two that share one are scanned once. */
    hosts: z.array(z.object({ host: z.string(), addresses: z.array(z.string()) })),
  });
type Data = Shaped<typeof data>;

const wants = { hello, starttls: starttlsWorks };
type Seen = SeenEndpoint<typeof wants>;

export const mtaSts = defineDomainProbe({
  id: 'mta-sts',
  question: 'Is its MTA-STS policy right, and do its MX hosts meet it?',
  severity: 'high',
  weighs:
    'High where a policy to enforce keeps mail from an MX host. Low where it does so in testing, and where the policy is there and senders cannot use it: they go on as if there were none, or by one that they have kept. Medium for a pattern that allows the hosts of strangers. Info for a domain that does not use it, and for a pattern that fits no MX.',
  why: 'Senders that keep a policy deliver only to the hosts that it names, and only with a certificate that holds. So a new MX or a certificate that has run out stops their mail, and only theirs, which nobody notices here; and a policy that cannot be fetched protects nobody.',
  judged:
    'The TXT record of _mta-sts by RFC 8461 §3.1 (one, with an id); the policy over HTTPS by §3.3 (its certificate, no redirect, 200, text/plain, 64 kB, 10 s) and §3.2. Then each MX host: a pattern must allow it (* for one label), and each of its addresses must offer STARTTLS with a certificate for its own name by --tls-ca or the roots of Node. max_age under a day is low. The worst decides. inconclusive where DNS or HTTPS give no answer from here, and where nothing else is wrong but an address of an MX host showed no TLS to judge. A policy of mode none is a pass.',
  refs: ['RFC 8461 §3.1, §3.2, §3.3, §4.1, §4.2, §5', 'RFC 6125 §6.4.3'],
  lookups: 5,
  wants,
  data,

  async observe(names) {
    const { domain, hosts } = names.subject;
    const [record, file, mx] = await Promise.all([
      names.ask(`_mta-sts.${domain}`, 'TXT'),
      names.fetch(`https://mta-sts.${domain}/.well-known/mta-sts.txt`),
      names.ask(domain, 'MX'),
    ]);
    return { domain, record, file, mx, hosts };
  },

  judge(seen, endpoints) {
    const { record, mx, domain } = seen;
    const isNull = mx.records.length > 0 && mx.records.every(({ exchange }) => exchange === '');
    if (isNull) return notApplicable(`${domain} takes no mail (null MX)`);
    if (mx.kind !== 'failed' && mxHostsOf(seen).length === 0) return notApplicable(`${domain} has no MX host`);
    if (record.kind === 'failed')
      return inconclusive('dns-failed', `no answer for _mta-sts.${domain}: ${record.because}`, [record.at]);
    if (record.kind === 'bogus') return judgeBogus(seen);
    const read = readStsRecord(record.records);
    const served = servedBy(seen.file);
    if (read.kind === 'none') return judgeWithout(seen, served);
    if (read.kind === 'unusable') {
      return fail(`the TXT record of _mta-sts.${domain} ${read.why}; ${asIfNone}`, [record.at], {
        severity: 'low',
        measured: { used: true, ...measuredHosts(seen) },
        headline: 'Its MTA-STS record is not right, and senders take it for none',
      });
    }
    return judgeServed(seen, served, read.id, endpoints);
  },
});

const asIfNone = 'senders go on as if there were no policy, or by one that they have kept';

function judgeBogus({ record, domain }: Data): Judgement {
  return fail(
    `DNSSEC does not vouch for _mta-sts.${domain}: whoever validates gets no record; ${asIfNone}`,
    record.at,
    {
      severity: 'low',
      headline: 'Its MTA-STS record fails DNSSEC, and senders that validate see none',
    },
  );
}

function judgeWithout(seen: Data, served: Served): Judgement {
  const { record, file, domain } = seen;
  const measured = { used: false, ...measuredHosts(seen) };
  return served.kind === 'policy'
    ? fail(`there is a policy, and no TXT record at _mta-sts.${domain} to tell senders of it`, [record.at, file.at], {
        severity: 'low',
        measured: { ...measured, ...measuredOf(served.policy) },
        headline: 'It has an MTA-STS policy that no sender looks for',
      })
    : fail(`there is no TXT record of MTA-STS at _mta-sts.${domain}`, [record.at, file.at], {
        severity: 'info',
        measured,
        headline: 'It does not use MTA-STS: without DANE, senders cannot know that TLS is to be had',
      });
}

function judgeServed(seen: Data, served: Served, id: string, endpoints: readonly Seen[]): Judgement {
  const { file, record } = seen;
  const measured = { used: true, id, ...measuredHosts(seen) };
  if (served.kind === 'untold') {
    const { doubt, because, kind: _, ...cause } = served;
    return inconclusive(doubt, because, [file.at], { measured, ...cause });
  }
  if (served.kind === 'none')
    return fail(`${served.says}; ${asIfNone}`, [file.at, record.at], {
      severity: 'low',
      measured,
      headline: served.headline,
    });
  return served.policy.mode === 'none'
    ? pass('its policy has the mode none: senders treat it as a domain without one', [file.at, record.at], {
        measured: { ...measured, ...measuredOf(served.policy) },
      })
    : judgePolicy(seen, served, measured, endpoints);
}

const measuredHosts = (seen: Data) => ({ hosts: mxHostsOf(seen).slice(0, mostHosts) });

const patternsShown = 50;
const measuredOf = ({ mode, maxAge, patterns }: StsPolicy) => ({
  mode,
  maxAge,
  patterns: patterns.slice(0, patternsShown),
});

function judgePolicy(
  seen: Data,
  { policy, wrongType }: Extract<Served, { kind: 'policy' }>,
  known: Measured,
  endpoints: readonly Seen[],
): Judgement {
  const { file, mx, record } = seen;
  const all = mxHostsOf(seen);
  const hosts = all.slice(0, mostHosts);
  const notCovered = hosts.filter((host) => !policy.patterns.some((pattern) => isCovered(pattern, host)));
  const idle = policy.patterns.filter((pattern) => !hosts.some((host) => isCovered(pattern, host)));
  const unused = mx.kind === 'failed' ? [] : idle.slice(0, patternsShown);
  const looks = hosts.filter((host) => !notCovered.includes(host)).map((host) => lookOf(host, seen, endpoints));
  const more = all.length > hosts.length ? [`${all.length - hosts.length} more MX hosts`] : [];
  const untold = [...looks.flatMap((look) => look.untold), ...more];
  const failing = looks.filter(({ faults }) => faults.length > 0).map(({ host }) => host);
  const measured = { ...known, ...measuredOf(policy), notCovered, unused, failing, untold };
  const evidence: readonly [Cite, ...Cite[]] = [file.at, mx.at, record.at];
  const issues = issuesOf(policy, { notCovered, unused, looks, wrongType });
  const [worst] = issues;
  const missing = untold.length > 0 ? [`TLS of ${inWords(untold)} was not seen`] : [];
  const because = [...issues.map(({ says }) => says), ...missing].join('; ');
  const isNote = worst === undefined || worst.severity === 'info';
  if (isNote && mx.kind === 'failed')
    return inconclusive('dns-failed', `which MX hosts there are is not told: ${mx.because}`, [mx.at], { measured });
  if (isNote && untold.length > 0) return inconclusive('prerequisite', because, evidence, { measured });
  return worst === undefined
    ? pass(`its policy (${policy.mode}) allows ${inWords(hosts)}, which meet it`, evidence, { measured })
    : fail(because, evidence, { severity: worst.severity, measured, headline: worst.headline });
}

/** Of the MX records by preference; where there are none, those that are scanned all the same (RFC 5321 §5.1). */
function mxHostsOf({ mx, hosts }: Pick<Data, 'mx' | 'hosts'>): string[] {
  const named = exchangesOf(mx.records);
  return named.length > 0 ? named : hosts.map(({ host }) => host);
}

function lookOf(host: string, { hosts }: Data, endpoints: readonly Seen[]): HostLook {
  const mail = endpoints.filter(({ endpoint }) => endpoint.role === 'mx');
  const addresses = hosts.find((one) => one.host === host)?.addresses ?? [];
  return lookAt(
    host,
    addresses,
    mail.map((seen) => ({ endpoint: seen.endpoint, shown: shownTls(seen) })),
  );
}

function shownTls({ hello: opening, starttls }: Seen): ShownTls {
  if (starttls === undefined) return { kind: 'untold' };
  if (starttls.kind === 'established') return { kind: 'facts', facts: starttls.facts };
  if (starttls.kind === 'failed')
    return starttls.anonymous === undefined ? { kind: 'untold' } : { kind: 'none', says: 'shows no certificate' };
  if (unanswered(starttls) !== null) return { kind: 'untold' };
  const isListed = opening !== undefined && offers(opening.ehlo.reply, 'STARTTLS');
  return { kind: 'none', says: isListed ? 'refuses STARTTLS' : 'offers no STARTTLS' };
}
