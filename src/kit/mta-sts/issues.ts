import { inWords } from '../../model/in-words.ts';
import { type Severity, severities } from '../../model/judgement.ts';
import type { HostLook } from './hosts.ts';
import type { StsPolicy } from './policy.ts';

/** Something that is wrong. */
export interface Issue {
  readonly severity: Severity;
  /** Part of a sentence. */
  readonly says: string;
  readonly headline: string;
}

/** What a policy is held against. */
export interface Against {
  /** MX hosts that no pattern allows. */
  readonly notCovered: readonly string[];
  /** Patterns that fit no MX host. */
  readonly unused: readonly string[];
  readonly looks: readonly HostLook[];
  /** Null where it comes as text/plain. */
  readonly wrongType: string | null;
}

/** All that is wrong with a policy and with the hosts that it is for, the worst first. */
export function issuesOf(policy: StsPolicy, { notCovered, unused, looks, wrongType }: Against): Issue[] {
  const faults = looks.flatMap((look) => look.faults);
  const wide = policy.patterns.find(isWide);
  const issues = [
    notCovered.length > 0 && leftOut(policy, notCovered),
    faults.length > 0 && refused(policy, faults),
    wide !== undefined && tooWide(wide),
    wrongType !== null && mistyped(wrongType),
    policy.maxAge < shortAge && shortLived(policy.maxAge),
    ...policy.slips.map((slip) => ({ ...slip, headline: 'Strict senders take its MTA-STS policy for none' })),
    unused.length > 0 && fitsNothing(unused),
  ].filter((issue) => issue !== false);
  return issues.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
}

/** What a sender does with an MX that does not meet the policy (RFC 8461 §5). */
const consequences = {
  enforce: { severity: 'high', so: 'senders do not deliver there' },
  testing: { severity: 'low', so: 'senders deliver all the same, and report it' },
  none: { severity: 'info', so: 'nobody minds' },
} as const;

function leftOut({ mode }: StsPolicy, hosts: readonly string[]): Issue {
  const { severity, so } = consequences[mode];
  const says = `no pattern of its policy (${mode}) allows ${inWords(hosts)}: ${so}`;
  return { severity, says, headline: `Its MTA-STS policy leaves out an MX host: ${so}` };
}

function refused({ mode }: StsPolicy, faults: readonly string[]): Issue {
  const { severity, so } = consequences[mode];
  const says = `its policy (${mode}) wants TLS with a certificate that holds, and ${inWords(faults)}: ${so}`;
  return { severity, says, headline: `An MX host does not meet its MTA-STS policy: ${so}` };
}

/** `*.com` takes in whoever has a name below it. */
const isWide = (pattern: string): boolean => /^\*\.[^.]+\.?$/.test(pattern);

const tooWide = (pattern: string): Issue => ({
  severity: 'medium',
  says: `the pattern ${pattern} allows every host below a top-level domain`,
  headline: 'Its MTA-STS policy allows the hosts of strangers',
});

const mistyped = (type: string): Issue => ({
  severity: 'low',
  says: `it is served as ${type}, not text/plain: senders that look at that take it for none`,
  headline: 'Its MTA-STS policy is not served as text/plain, and some senders take it for none',
});

/** Seconds. RFC 8461 §3.2 expects weeks: whoever can keep senders from the policy for so long outlives it. */
const shortAge = 86_400;

const shortLived = (maxAge: number): Issue => ({
  severity: 'low',
  says: `max_age is ${maxAge} s, under a day: senders forget the policy before it protects`,
  headline: 'Senders forget its MTA-STS policy within a day',
});

const patternsNamed = 5;

const fitsNothing = (patterns: readonly string[]): Issue => ({
  severity: 'info',
  says: `no MX host fits ${inWords(patterns.slice(0, patternsNamed).map((pattern) => `"${pattern}"`))}`,
  headline: 'Its MTA-STS policy names a host that is no MX',
});
