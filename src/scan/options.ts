import type { Clock } from '../kit/limits/rate-question.ts';
import type { Safety, Severity } from '../model/judgement.ts';
import { defaultPolicy, type Policy } from '../model/policy.ts';
import type { InboxSource, SinkSource } from '../model/receiving.ts';
import { defaultRestraint, type Restraint } from '../model/restraint.ts';

/** What the user may decide about a scan; every field has a default (`defaultOptions`). */
export interface ScanOptions {
  /** The loudest class of probe to run. */
  readonly allow: Safety;
  /** The user's word that they may run `intrusive` and `load` probes against a public address. */
  readonly authorized: boolean;
  /** Only these probes (and those whose data they need); all when empty. */
  readonly probes: readonly string[];
  readonly skip: readonly string[];
  /** Ports of a host or domain; null: 25 of an MX domain, 25, 587 and 465 of a host. */
  readonly ports: readonly number[] | null;
  /** A domain that the server accepts mail for; null: the target's registrable domain. */
  readonly domain: string | null;
  /** A mailbox known to exist there; null: postmaster at the domain. */
  readonly recipient: string | null;
  /**
   * The recipient outside, for relay tests; null: an address at the EHLO name's domain, or at another where that is the
   * target's own.
   */
  readonly external: string | null;
  /** Envelope sender; null: an address of the EHLO name's domain. */
  readonly sender: string | null;
  /** The name given in EHLO, a FQDN, throughout. */
  readonly helo: string;
  /** The user's word on where the scan stands; null: judged by the addresses of each connection. */
  readonly vantage: 'outside' | 'trusted' | null;
  readonly family: 4 | 6 | null;
  /** DNS server as `address` or `address:port`; null: the system's. */
  readonly dns: string | null;
  /** Whether the AD bit of `dns` is believed (RFC 4035 §3.2.3); that of a resolver on this machine always is. */
  readonly dnsTrusted: boolean;
  /** Whether MX hosts of a domain may have private and loopback addresses. */
  readonly private: boolean;
  /** Block lists to ask about the addresses of a domain's servers, by their zones (RFC 5782). */
  readonly blockLists: readonly string[];
  /** The address that servers see of us; null where nobody has told. */
  readonly egress: string | null;
  /** A receiver of the user's own for mail that a server relays (`mxprobe sink`); null: there is none. */
  readonly sink: SinkSource | null;
  /** A mailbox of the user's own, that of `recipient`; null: there is none. */
  readonly inbox: InboxSource | null;
  /** Seconds that a message is waited for there. */
  readonly waitSeconds: number;
  /** PEM bundle to judge certificates by; null: the runtime's own. */
  readonly tlsCa: string | null;
  /** Lowest severity of a fail that makes the exit code 1. */
  readonly failOn: Severity;
  readonly restraint: Restraint;
  readonly policy: Policy;
  /** Ends the scan early: what was told by then is in the report, the rest is `inconclusive`. */
  readonly signal: AbortSignal | null;
  /** Time for the measuring of limits; null: the machine's own. */
  readonly clock: Pick<Clock, 'now' | 'wait'> | null;
  /**
   * Asked for before an address is scanned, and given back after it: a program that makes several scans at once keeps
   * to one at an address by it. An aborted signal ends the wait, and nothing is held. Null: nobody else scans.
   */
  readonly lease: ((address: string, signal: AbortSignal) => Promise<Disposable>) | null;
}

export const defaultOptions: Omit<ScanOptions, 'helo'> = {
  allow: 'active',
  authorized: false,
  probes: [],
  skip: [],
  ports: null,
  domain: null,
  recipient: null,
  external: null,
  sender: null,
  vantage: null,
  family: null,
  dns: null,
  dnsTrusted: false,
  private: false,
  blockLists: [],
  egress: null,
  sink: null,
  inbox: null,
  waitSeconds: 600,
  tlsCa: null,
  failOn: 'medium',
  restraint: defaultRestraint,
  policy: defaultPolicy,
  signal: null,
  clock: null,
  lease: null,
};
