import { roles } from './endpoint.ts';
import { severities } from './judgement.ts';
import type { Shaped, Zod } from './shape.ts';

/** In `forbidden`: every mechanism that `required` does not name. */
export const everyOther = '*';

/** TLS versions as OpenSSL names them, oldest first. */
export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

const mechanismRules = (z: Zod) =>
  z.object({
    beforeTls: z.object({ forbidden: z.array(z.string()).exactOptional() }).exactOptional(),
    insideTls: z
      .object({ required: z.array(z.string()).exactOptional(), forbidden: z.array(z.string()).exactOptional() })
      .exactOptional(),
  });
export type MechanismRules = Shaped<typeof mechanismRules>;

const tlsRule = (z: Zod) =>
  z.object({
    /** Everything older must be refused. */
    floor: z.enum(tlsVersions).exactOptional(),
    /** Each of these must be accepted. */
    speaks: z.array(z.enum(tlsVersions)).exactOptional(),
  });
export type TlsRule = Shaped<typeof tlsRule>;

const waiverShape = (z: Zod) =>
  z.object({
    probe: z.string(),
    /** Host, address, `host:port` or id of endpoints, or a domain; `*` for any characters. Default: all. */
    endpoint: z.string().exactOptional(),
    /** What is waived. Default `fail`: a waiver for a doubt never covers what turns out to be a fail. */
    verdict: z.enum(['fail', 'inconclusive']).exactOptional(),
    /** Of `takes-its-mail`: domains whose refusal is waived, `*` for any characters. Default: all. */
    domains: z.array(z.string()).exactOptional(),
    /** The last day on which it holds (UTC), `2026-12-31`. */
    until: z.string(),
    reason: z.string(),
  });

/** A finding that is known, and left out of the exit code until a day. It stays in the report as what it is. */
export type Waiver = Shaped<typeof waiverShape>;

/** A policy as a report keeps it, whole; what people may write in a file is src/policy's to say. */
export const policyShape = (z: Zod) =>
  z.object({
    name: z.string(),
    /** Severities that differ from those of the catalogue, by probe id. */
    severities: z.record(z.string(), z.enum(severities)),
    /**
     * The most that a limit may allow before it is as good as none, by probe id, where that differs from
     * `defaultCeilings`. Rates are per minute, whatever the server's window.
     */
    ceilings: z.record(z.string(), z.number()),
    /** What a role must and must not offer of AUTH; where a role has no rule, the judges' own hold. */
    mechanisms: z.partialRecord(z.enum(roles), mechanismRules(z)),
    tls: z.partialRecord(z.enum(roles), tlsRule(z)),
    /** What a port must be, by its number in decimal. */
    ports: z.record(z.string(), z.enum(['open', 'closed'])),
    /**
     * Probes that must not be `inconclusive`, by id. Being left out with `--probe` or `--skip` is the user's own doing,
     * and no breach.
     */
    mustTell: z.array(z.string()),
    waivers: z.array(waiverShape(z)),
  });

/**
 * What is right. Read by judges and the summary; nothing in it changes what a server is sent. `ports` alone does one
 * thing more: a port that it names is looked at, on hosts and domains, where the user named no ports.
 */
export type Policy = Shaped<typeof policyShape>;

/**
 * The Postfix documentation gives no numbers for rates and says what they are for: to keep one client from taking all
 * (TUNING_README, "Measures against clients that make too many connections"). Hardening guides set 10 to 60 a minute
 * for a host that few others send to in bulk. The ceilings stand at about twice that, where a limit still does what it
 * is for.
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
  // 100 MiB: above the limits of Exim (50 MiB), OpenSMTPD (35 MiB), Postfix (10 MB) and Gmail (25 MB). What is beyond
  // fills disks.
  'message-size': 104_857_600,
  // The RFC's own least, five minutes (RFC 5321 §4.5.3.2.7), and the default of Postfix, Exim and OpenSMTPD. More
  // serves those who hold sessions.
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
