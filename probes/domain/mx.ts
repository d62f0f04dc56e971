import { type Fault, failOf, naming } from '../../src/kit/domain/faults.ts';
import { defineDomainProbe, inconclusive, type Judgement, notApplicable, pass } from '../../src/kit/index.ts';
import { askMx, type MxData, mxShape } from '../../src/kit/mx/ask.ts';
import { mxFaults } from '../../src/kit/mx/faults.ts';
import { addressesOf, type MxHost, readHosts } from '../../src/kit/mx/hosts.ts';
import { mxNotes } from '../../src/kit/mx/notes.ts';

export const mx = defineDomainProbe({
  id: 'mx',
  question: 'Do its MX records lead somewhere right?',
  severity: 'high',
  weighs:
    'High where mail is lost or waits for hours: no host has an address, the first has none, a record leads senders to themselves or into their own network, or DNSSEC fails. Medium: a host without an address beside others, a null MX beside others, nothing but aliases, IPv6 alone. Low: one alias among others, a name that is no host name. Info: one host with one address, hosts that add nothing.',
  why: 'Senders look here, and nowhere else, for where to deliver. A record that leads nowhere costs nothing that its owner sees: mail comes late, or not at all, and the sender gets the bounce.',
  judged:
    'A, AAAA and CNAME of up to 20 MX hosts by preference. pass: each is a host name, no alias, with public addresses. fail: see the weights; of several things the worst decides, and all are said. --private takes private and loopback addresses for right, never 0.0.0.0 and ::. not-applicable: a null MX alone, or neither MX records nor an address. inconclusive: DNS does not answer for the MX records, or for the addresses of a host where nothing else is wrong.',
  refs: [
    'RFC 5321 §5.1',
    'RFC 2181 §10.3 (no alias)',
    'RFC 7505 §3 (null MX)',
    'RFC 1123 §2.1 (host names)',
    'RFC 6761 §6.3 (localhost)',
  ],
  lookups: 7,
  data: mxShape,
  observe: askMx,

  judge(data) {
    const { mx: answer, domain } = data;
    const { at, kind } = answer;
    if (kind === 'failed')
      return inconclusive('dns-failed', `DNS does not tell the MX records of ${domain}: ${answer.because}`, [at]);
    if (kind === 'bogus') return failOf([bogusMx(at)], at, {});
    if (kind === 'no-name') return notApplicable('the domain does not exist');
    if (kind === 'no-data') return withoutMx(data);
    const hosts = readHosts(data);
    return hosts.length === 0 ? nullMx(data) : withHosts(data, hosts);
  },
});

const bogusMx = (at: Fault['at'][number]): Fault => ({
  severity: 'high',
  headline: 'DNSSEC fails for its MX records: who validates cannot deliver',
  says: 'the MX records do not validate (DNSSEC)',
  at: [at],
});

/** RFC 5321 §5.1: without MX records the domain is its own host. Most domains like this are for the web alone. */
function withoutMx({ own, domain }: MxData): Judgement {
  const found = own === null ? [] : addressesOf(own);
  if (own === null || found.length === 0) return notApplicable('it has no MX record, and no address');
  const addresses = naming(found.map(({ address }) => address));
  const because = `no MX record: senders try ${domain} itself (${addresses}); a domain that takes no mail says so with "MX 0 ."`;
  const headline = 'It has no MX record: mail goes to the address of the domain itself';
  const at = own.a.kind === 'found' ? own.a.at : own.aaaa.at;
  return failOf([{ severity: 'info', headline, says: because, at: [at] }], at, { hosts: [] });
}

function nullMx({ mx: { records, at } }: MxData): Judgement {
  const odd = records.find(({ preference }) => preference !== 0);
  if (odd === undefined) return notApplicable('it takes no mail, and says so (null MX, RFC 7505)');
  const headline = 'It takes no mail (null MX), and says so with a preference that is not 0';
  const says = `the null MX has the preference ${odd.preference}: 0 is the one to set (RFC 7505 §3)`;
  return failOf([{ severity: 'low', headline, says, at: [at] }], at, { hosts: [] });
}

function withHosts(data: MxData, hosts: readonly MxHost[]): Judgement {
  const { at } = data.mx;
  const flaws = mxFaults(data, hosts);
  const unknown = hosts.filter(({ state }) => state === 'unknown');
  const measured = figuresOf(hosts);
  if (unknown.length > 0 && flaws.length === 0) {
    const because = `DNS does not tell the addresses of ${naming(unknown.map(({ host }) => host))}`;
    const quotes = unknown.flatMap((host) => host.at);
    return inconclusive('dns-failed', because, [at, ...quotes], { measured });
  }
  const [first, ...more] = [...flaws, ...mxNotes(data, hosts)];
  if (first !== undefined) return failOf([first, ...more], at, measured);
  return pass(
    `each MX host has an address: ${naming(hosts.map(({ host }) => host))}`,
    [at, ...hosts.flatMap((host) => host.at)],
    {
      measured,
    },
  );
}

function figuresOf(hosts: readonly MxHost[]) {
  const notPublic = hosts.flatMap(({ addresses }) => addresses.filter(({ reach }) => reach !== 'public'));
  const named = (wanted: (host: MxHost) => boolean) => hosts.filter(wanted).map(({ host }) => host);
  return {
    hosts: named(() => true),
    preferences: hosts.map(({ preference }) => String(preference)),
    lost: named(({ state }) => state === 'lost'),
    aliases: named(({ aliases }) => aliases.length > 0),
    private: [...new Set(notPublic.map(({ address }) => address))],
  };
}
