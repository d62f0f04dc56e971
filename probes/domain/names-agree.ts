import { isNamed, namesOf } from '../../src/kit/certificate/names.ts';
import { agreementFaults, type ServerNames } from '../../src/kit/domain/agreement.ts';
import { failOf, naming } from '../../src/kit/domain/faults.ts';
import { ownNames } from '../../src/kit/domain/own-names.ts';
import { publicAddresses } from '../../src/kit/domain/reach.ts';
import { askReverse, reverseShape } from '../../src/kit/domain/reverse.ts';
import {
  cite,
  defineDomainProbe,
  inconclusive,
  type Measured,
  notApplicable,
  pass,
  type SeenEndpoint,
  type Shaped,
  type Zod,
} from '../../src/kit/index.ts';
import { hello } from '../hello.ts';
import { tlsCertificate } from '../tls-certificate.ts';

const data = (z: Zod) =>
  z.object({
    domain: z.string(),
    /** Our name in EHLO. */
    helo: z.string(),
    /** Of the public addresses of the MX hosts. */
    reverses: z.array(reverseShape(z)),
  });

const wants = { hello, certificate: tlsCertificate };

export const namesAgree = defineDomainProbe({
  id: 'names-agree',
  question: 'Do its servers call themselves by one name that others know?',
  severity: 'low',
  weighs:
    'Low: mail comes in whatever a server calls itself; the same name goes out with what it sends, and there it is held against DNS. Info: a name of its own that no other record knows, as behind a load balancer.',
  why: 'The name in greeting and EHLO is what an administrator finds in the logs of others. A server that greets as localhost, or by a name of the inner network, mostly introduces itself like that when it sends, and is refused for it.',
  judged:
    'On port 25, five names: greeting, answer to EHLO, PTR of the address, certificate and MX host. pass: greeting and EHLO give one host name that MX, PTR or certificate know. fail, low: no host name with a domain (localhost, an address, a bare word), our own name, a name below local, internal and their like, two different names, or a name of the PTR that does not exist. fail, info: a name that none of the others knows. PTR and MX need not be the same, nor need the certificate name any of them here. not-applicable: no server on port 25.',
  refs: [
    'RFC 5321 §2.3.5, §4.1.1.1, §4.1.4, §4.2',
    'RFC 6761',
    'RFC 6762 appendix G',
    'Postfix myhostname, smtpd_banner',
  ],
  lookups: 4,
  wants,
  data,

  async observe(names) {
    const { domain, helo } = names.subject;
    const addresses = publicAddresses(names.subject);
    return { domain, helo, reverses: await Promise.all(addresses.map((address) => askReverse(names, address))) };
  },

  judge(observed, endpoints) {
    const onMx = endpoints.filter(({ endpoint }) => endpoint.role === 'mx');
    if (onMx.length === 0) return notApplicable('no server of the domain was asked on port 25');
    const servers = onMx.flatMap((one) => namesOfServer(one, observed) ?? []);
    const [first] = servers;
    if (first === undefined)
      return inconclusive('prerequisite', 'no server of the domain has greeted and answered EHLO');
    const measured = figuresOf(servers);
    const [fault, ...more] = agreementFaults(servers);
    if (fault !== undefined) return failOf([fault, ...more], fault.at[0] ?? first.greetingAt, measured);
    const because = `greeting and EHLO give the same name: ${naming([...new Set(measured.ehlo)])}`;
    const [at, ...others] = servers.flatMap(({ greetingAt, ehloAt }) => [greetingAt, ehloAt]);
    return pass(because, [at ?? first.greetingAt, ...others], { measured });
  },
});

/** Null where it was not heard. */
function namesOfServer(
  { endpoint, hello: heard, certificate }: SeenEndpoint<typeof wants>,
  { domain, helo, reverses }: Shaped<typeof data>,
): ServerNames | null {
  if (heard === undefined) return null;
  const own = ownNames(heard.greeting, heard.ehlo.reply, helo, domain);
  const reverse = reverses.find(({ address }) => address === endpoint.address);
  const leaf = certificate?.facts?.chain[0];
  const name = own.ehlo.word;
  const ptr = reverse === undefined || reverse.ptr.kind === 'failed' ? null : reverse.ptr.records;
  const forward = reverse?.forward.find((one) => one.name === name)?.answer;
  return {
    endpoint: endpoint.id,
    own,
    ptr,
    certificate: leaf === undefined ? [] : namesOf(leaf),
    mx: endpoint.host,
    isKnown: name === endpoint.host || ptr?.includes(name) === true || (leaf !== undefined && isNamed(leaf, name)),
    notThere: forward?.kind === 'no-name' ? forward.at : null,
    greetingAt: cite(heard.greeting),
    ehloAt: cite(heard.ehlo.reply),
  };
}

const figuresOf = (servers: readonly ServerNames[]) =>
  ({
    endpoints: servers.map(({ endpoint }) => endpoint),
    banner: servers.map(({ own }) => own.banner.word),
    ehlo: servers.map(({ own }) => own.ehlo.word),
    ptr: servers.map(({ ptr }) => naming(ptr ?? [])),
    certificate: servers.map(({ certificate }) => naming(certificate)),
    mx: servers.map(({ mx }) => mx),
  }) satisfies Measured;
