import { type Fault, failOf, naming } from '../../src/kit/domain/faults.ts';
import { publicAddresses } from '../../src/kit/domain/reach.ts';
import {
  askReverse,
  quotesOfReverse,
  type Reverse,
  type ReverseState,
  reverseShape,
  reverseState,
} from '../../src/kit/domain/reverse.ts';
import {
  defineDomainProbe,
  type Inconclusive,
  inconclusive,
  type Measured,
  notApplicable,
  pass,
  type Severity,
  type Zod,
} from '../../src/kit/index.ts';

const data = (z: Zod) => z.object({ reverses: z.array(reverseShape(z)) });

export const ptr = defineDomainProbe({
  id: 'ptr',
  question: 'Does each address of its MX hosts have a name that leads back to it?',
  severity: 'low',
  weighs:
    'Low: mail comes in all the same. But many MX hosts send as well, and big receivers refuse what comes from an address without a confirmed name. Info: a name that is made from the address.',
  why: 'Receivers look up the name of an address that sends mail, and whether the name leads back. Gmail and others refuse or distrust an address where that fails; of an MX host that never sends, nobody asks.',
  judged:
    'PTR of up to 16 public addresses of the MX hosts, and A or AAAA of up to 5 names each. pass: each address has a name whose forward holds it; one that does is enough, and it need not be the name of the MX host. fail, low: no name, none that leads back, or failing DNSSEC. fail, info: the only names are made from the address. not-applicable: no public address. inconclusive: DNS does not answer.',
  refs: ['RFC 1912 §2.1', 'RFC 8601 §3 (iprev)', 'RFC 3596 §2.5', 'Postfix reject_unknown_client_hostname'],
  lookups: 6,
  data,

  async observe(names) {
    const addresses = publicAddresses(names.subject);
    return { reverses: await Promise.all(addresses.map((address) => askReverse(names, address))) };
  },

  judge({ reverses }) {
    const [first] = reverses;
    if (first === undefined) return notApplicable('no MX host has a public address');
    const measured = figuresOf(reverses);
    const [fault, ...more] = faultsOf(reverses);
    const unknown = reverses.filter((one) => reverseState(one) === 'unknown');
    const isWarning = [fault, ...more].some((one) => one?.severity === 'low');
    if (unknown.length > 0 && !isWarning) return untold(unknown, measured);
    if (fault !== undefined) return failOf([fault, ...more], fault.at[0] ?? first.ptr.at, measured);
    const [at, ...others] = reverses.flatMap(quotesOfReverse);
    const because = `each address has a name that leads back to it: ${naming(namesOf(reverses))}`;
    return pass(because, [at ?? first.ptr.at, ...others], { measured });
  },
});

interface Fitting {
  readonly severity: Severity;
  readonly headline: string;
  readonly says: (addresses: string, names: string) => string;
}

const flaws: Readonly<Partial<Record<ReverseState, Fitting>>> = {
  none: {
    severity: 'low',
    headline: 'An address of its MX hosts has no name (PTR)',
    says: (addresses) => `no PTR record: ${addresses}`,
  },
  unconfirmed: {
    severity: 'low',
    headline: 'An address of its MX hosts has a name (PTR) that does not lead back to it',
    says: (addresses, names) => `no name leads back: ${addresses} (${names})`,
  },
  bogus: {
    severity: 'low',
    headline: 'DNSSEC fails for the name (PTR) of an address of its MX hosts',
    says: (addresses) => `the name does not validate (DNSSEC): ${addresses}`,
  },
  generic: {
    severity: 'info',
    headline: 'The name of an address is made from the address, as for a line at home',
    says: (addresses, names) => `the name is made from the address: ${addresses} (${names})`,
  },
};

function faultsOf(reverses: readonly Reverse[]): Fault[] {
  return Object.entries(flaws).flatMap(([state, { severity, headline, says }]) => {
    const these = reverses.filter((one) => reverseState(one) === state);
    if (these.length === 0) return [];
    const undotted = namesOf(these).some((name) => /\.(in-addr|ip6)\.arpa$/.test(name));
    return {
      severity,
      headline,
      says: says(naming(these.map(({ address }) => address)), naming(namesOf(these))),
      at: these.flatMap(quotesOfReverse),
      likely: undotted ? 'a dot missing at the end of the name in the reverse zone' : undefined,
    };
  });
}

function untold(unknown: readonly Reverse[], measured: Measured): Inconclusive {
  const because = `DNS does not tell whether ${naming(unknown.map(({ address }) => address))} has a name that leads back`;
  return inconclusive('dns-failed', because, unknown.flatMap(quotesOfReverse), { measured });
}

const namesOf = (reverses: readonly Reverse[]) => [...new Set(reverses.flatMap((one) => one.ptr.records))];

function figuresOf(reverses: readonly Reverse[]): Measured {
  const those = (...states: readonly ReverseState[]) =>
    reverses.filter((one) => states.includes(reverseState(one))).map(({ address }) => address);
  return {
    addresses: reverses.map(({ address }) => address),
    names: namesOf(reverses),
    confirmed: those('confirmed', 'generic'),
    unconfirmed: those('unconfirmed', 'bogus'),
    none: those('none'),
  };
}
