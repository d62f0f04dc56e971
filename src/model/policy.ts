import type { Role } from './endpoint.ts';
import type { Severity } from './judgement.ts';

/**
 * What is right. Read by judges and the summary; nothing in it changes what a server is sent. `ports` alone does one thing more: a port that
 * it names is looked at, on hosts and domains, where the user named no ports.
 */
export interface Policy {
  readonly name: string;
  /** Severities that differ from those of the catalogue, by probe id. */
  readonly severities: Readonly<Record<string, Severity>>;
  /**
   * The most that a limit may allow before it is as good as none, by probe id, where that differs from `defaultCeilings`. Rates are per minute,
   * whatever the server's window.
   */
  readonly ceilings: Readonly<Record<string, number>>;
  /** What a role must and must not offer of AUTH; where a role has no rule, the judges' own hold. */
  readonly mechanisms: Readonly<Partial<Record<Role, MechanismRules>>>;
  readonly tls: Readonly<Partial<Record<Role, TlsRule>>>;
  /** What a port must be, by its number in decimal. */
  readonly ports: Readonly<Record<string, PortState>>;
  /** Probes that must not be `inconclusive`, by id. Being left out with `--probe` or `--skip` is the user's own doing, and no breach. */
  readonly mustTell: readonly string[];
  readonly waivers: readonly Waiver[];
}

export interface MechanismRules {
  readonly beforeTls?: { readonly forbidden?: readonly string[] };
  readonly insideTls?: { readonly required?: readonly string[]; readonly forbidden?: readonly string[] };
}

/** In `forbidden`: every mechanism that `required` does not name. */
export const everyOther = '*';

/** TLS versions as OpenSSL names them, oldest first. */
export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
type TlsVersionName = (typeof tlsVersions)[number];

export interface TlsRule {
  /** Everything older must be refused. */
  readonly floor?: TlsVersionName;
  /** Each of these must be accepted. */
  readonly speaks?: readonly TlsVersionName[];
}

type PortState = 'open' | 'closed';

/** A finding that is known, and left out of the exit code until a day. It stays in the report as what it is. */
export interface Waiver {
  readonly probe: string;
  /** Host, address, `host:port` or id of endpoints, `*` for any characters. Default: all. */
  readonly endpoint?: string;
  /** What is waived. Default `fail`: a waiver for a doubt never covers what turns out to be a fail. */
  readonly verdict?: 'fail' | 'inconclusive';
  /** The last day on which it holds (UTC), `2026-12-31`. */
  readonly until: string;
  readonly reason: string;
}

/**
 * The Postfix documentation gives no numbers for rates and says what they are for: to keep one client from taking all (TUNING_README,
 * "Measures against clients that make too many connections"). Hardening guides set 10 to 60 a minute for a host that few others send to in
 * bulk. The ceilings stand at about twice that, where a limit still does what it is for.
 */
export const defaultCeilings = {
  // A sender with a queue opens one connection a second at most; guides say 10 to 60 a minute.
  'connection-rate': 100,
  // Postfix's own default: half of the 100 processes of a service.
  'connection-count': 50,
  // Guides say 30 to 60 a minute.
  'message-rate': 100,
  // A message to a list goes to some 100 recipients (RFC 5321 §4.5.3.1.8 wants that many taken).
  'recipient-rate': 200,
  // A person logs in a few times a minute, a mail program with all its folders some ten times.
  'auth-rate': 30,
  // One a connection; the Postfix documentation wants it no lower than the concurrency limit.
  'tls-session-rate': 100,
  // Postfix's default; RFC 5321 §4.5.3.1.8 wants 100 at least.
  'recipients-per-message': 1000,
  // 100 MiB: above the limits of Exim (50 MiB), OpenSMTPD (35 MiB), Postfix (10 MB) and Gmail (25 MB). What is beyond fills disks.
  'message-size': 104_857_600,
  // The RFC's own least, five minutes (RFC 5321 §4.5.3.2.7), and the default of Postfix, Exim and OpenSMTPD. More serves those who hold sessions.
  'idle-timeout': 300,
} as const;

/** What each ceiling counts. */
export const ceilingUnits: Readonly<Record<keyof typeof defaultCeilings, string>> = {
  'connection-rate': 'connections a minute',
  'connection-count': 'connections at once',
  'message-rate': 'messages a minute',
  'recipient-rate': 'recipients a minute',
  'auth-rate': 'AUTH commands a minute',
  'tls-session-rate': 'TLS handshakes a minute',
  'recipients-per-message': 'recipients of one message',
  'message-size': 'octets',
  'idle-timeout': 'seconds',
};

export const defaultPolicy: Policy = {
  name: 'default',
  severities: {},
  ceilings: {},
  mechanisms: {},
  tls: {},
  ports: {},
  mustTell: [],
  waivers: [],
};
