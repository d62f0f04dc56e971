import type { Safety, Severity } from '../../model/judgement.ts';
import type { Policy } from '../../model/policy.ts';
import type { Target } from '../../model/target.ts';
import type { ScanOptions } from '../../scan/options.ts';

/** A span of time in milliseconds. */
export type Milliseconds = number;

/**
 * What `mxprobe.yaml` says, checked and completed: names are resolved, files that it names are read, and what it leaves
 * out has its default. Plain data, safe as JSON. Secrets are not in it, only where they are.
 */
export interface MonitorConfig {
  /** The SQLite file, as an absolute path. */
  readonly store: string;
  /** At least one, in the order of the file; each name once. */
  readonly monitors: readonly Monitor[];
  readonly channels: readonly Channel[];
  /** First match wins. */
  readonly routes: readonly Route[];
  readonly maintenance: readonly Maintenance[];
  readonly web: Web;
  /** What is asked for after each tick; null: nobody watches the watcher. */
  readonly heartbeat: Place | null;
  readonly retention: Retention;
}

export interface Monitor {
  /** Unique. A line of a list with `each: true` is called `group:target`. */
  readonly name: string;
  /** The name in the file: that of the monitor, or of the list that it is a line of. */
  readonly group: string;
  readonly targets: readonly Target[];
  /** At least one. */
  readonly schedules: readonly Schedule[];
  readonly tags: readonly string[];
  readonly policy: Policy;
  readonly options: MonitorOptions;
  readonly alerts: AlertRules;
}

/** What a monitor, or `defaults`, says of each of its scans. `helo`: null where nothing is said. */
export type MonitorOptions = Pick<
  ScanOptions,
  | 'ports'
  | 'domain'
  | 'recipient'
  | 'external'
  | 'sender'
  | 'vantage'
  | 'family'
  | 'dns'
  | 'dnsTrusted'
  | 'private'
  | 'blockLists'
  | 'tlsCa'
> & { readonly helo: string | null };

export interface AlertRules {
  /** The least severity of a fail that opens an incident. */
  readonly alertOn: Severity;
  /** After how long a new fail is asked again before anybody is told. */
  readonly confirm: Milliseconds;
  /** How often an open incident is told again; null: once is enough. */
  readonly remind: Milliseconds | null;
  /** Passes that close an incident. */
  readonly recover: number;
}

/** When a monitor is scanned, and how loudly. */
export interface Schedule {
  readonly name: string;
  readonly when: Every | Cron;
  /** IANA name. */
  readonly timezone: string;
  /** After a downtime: one run for all that was missed, or none. */
  readonly catchUp: 'one' | 'none';
  /** Outside it a run waits. */
  readonly window: Window | null;
  readonly allow: Safety;
  readonly authorized: boolean;
  /** Only these probes; all where empty. */
  readonly probes: readonly string[];
  readonly skip: readonly string[];
  /** When a scan is ended; null: by what its plan says. */
  readonly deadline: Milliseconds | null;
}

interface Every {
  readonly kind: 'every';
  readonly every: Milliseconds;
}

export interface Cron {
  readonly kind: 'cron';
  /** Five fields, or a nickname such as `@daily`. */
  readonly cron: string;
  /** Over how much time monitors are spread; null: 5 % of the period, at most 15 minutes. */
  readonly spread: Milliseconds | null;
}

/** A part of the day, in the time zone of the schedule, in minutes since midnight. Across midnight: `to` < `from`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Where a secret is, never what it is. */
export type Secret = { readonly kind: 'env'; readonly env: string } | { readonly kind: 'file'; readonly file: string };

/** A URL (http or https); one that is a secret itself stands elsewhere. */
export type Place = Secret | { readonly kind: 'url'; readonly url: string };

export type Channel = { readonly name: string } & (
  | {
      readonly kind: 'mail';
      readonly to: readonly string[];
      /** Sender in the header; null: made of the host's name. */
      readonly from: string | null;
      readonly server: MailServer;
      /** There exactly where the server has a user. */
      readonly password: Secret | null;
    }
  | { readonly kind: 'webhook'; readonly url: Place; readonly token: Secret | null; readonly template: string | null }
  | { readonly kind: 'slack'; readonly url: Secret }
  | { readonly kind: 'teams'; readonly url: Secret }
  | { readonly kind: 'mattermost'; readonly url: Secret }
  | { readonly kind: 'matrix'; readonly server: string; readonly room: string; readonly token: Secret }
  | { readonly kind: 'ntfy'; readonly server: string; readonly topic: string; readonly token: Secret | null }
  | { readonly kind: 'pagerduty'; readonly server: string; readonly key: Secret }
  | { readonly kind: 'alertmanager'; readonly url: string; readonly token: Secret | null }
  | { readonly kind: 'exec'; readonly command: readonly string[] }
);

/** Where mail is handed in: `smtps://user@host:465` (TLS first) or `smtp://user@host:587` (STARTTLS). */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls';
  readonly user: string | null;
}

/** Who is told. What is null matches everything. */
export interface Route {
  /** At or above it. */
  readonly severity: Severity | null;
  readonly tag: string | null;
  /** As `matcherOf` reads it. */
  readonly match: string | null;
  readonly to: readonly { readonly channel: string; readonly after: Milliseconds }[];
  /** Told together once in a while instead of one by one. */
  readonly digest: 'hourly' | 'daily' | 'weekly' | null;
}

/** When what fails is no news: again and again, or once (times in ms since 1970, UTC). */
export type Maintenance = { readonly match: string; readonly reason: string | null } & (
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string; readonly for: Milliseconds }
  | { readonly kind: 'once'; readonly from: number; readonly until: number }
);

export interface Web {
  /** Null: no pages. */
  readonly listen: Listen | null;
  /** What a Host header may say besides the address itself. */
  readonly hosts: readonly string[];
  readonly tokens: readonly Token[];
  readonly users: readonly { readonly name: string; readonly scrypt: string }[];
  /** A proxy that says who the user is. */
  readonly proxy: { readonly header: string; readonly addresses: readonly string[] } | null;
  /** Groups of monitors whose state anybody may see. */
  readonly publicStatus: readonly string[];
}

export type Listen =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

export const permissions = ['metrics', 'read', 'act'] as const;
export type Permission = (typeof permissions)[number];

interface Token {
  readonly name: string;
  /** Of the token, in hex. */
  readonly sha256: string;
  readonly may: readonly Permission[];
}

interface Retention {
  readonly runs: Milliseconds;
  readonly changes: Milliseconds;
  readonly reports: Milliseconds;
}
