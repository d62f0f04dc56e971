import type { Role } from '../../src/model/endpoint.ts';
import type { Measured, Verdict } from '../../src/model/judgement.ts';
import type { Doubt } from '../../src/model/trouble.ts';

/** What a probe must say: a verdict, or an inconclusive with its doubt. */
export type Expected = Exclude<Verdict, 'inconclusive'> | `inconclusive(${Doubt})`;

/** The services that a lab container may offer, and the port each has inside. */
export const servicePorts = { smtp: 25, submission: 587, submissions: 465 } as const;
export type Service = keyof typeof servicePorts;

/** One way to set up a real server, and what every probe must say of it. Data only. */
export interface Scenario {
  readonly id: string;
  /** One sentence: what is special about this server. */
  readonly sentence: string;
  readonly image: 'postfix-dovecot' | 'exim' | 'opensmtpd' | 'sendmail' | 'courier' | 'aiosmtpd' | 'qpsmtpd';
  /** Differences from the image's hardened baseline. The keys are the image's own files and parameters. */
  readonly config: Readonly<Record<string, string>>;
  /** Which service is scanned, in which role. */
  readonly service: Service;
  readonly role: Role;
  /** `down`: no server at all; the port is closed. `hidden`: it listens on its own loopback only. */
  readonly state?: 'down' | 'hidden';
  /** A second container that the server needs; started first. */
  readonly companion?: Companion;
  /** The container may set up a packet filter. */
  readonly filtersPackets?: true;
  /** Verdicts that differ from those of the baseline (`docker/scenarios/index.ts`), by probe id. */
  readonly expect: Readonly<Record<string, Expected>>;
  /** Options of the scan that differ from the lab's defaults. */
  readonly scan?: {
    readonly timeoutSeconds?: number;
    readonly recipient?: string;
    readonly domain?: string;
    /** 1: sessions one after the other, so that it is always the same probes that a limiter lets through. */
    readonly connectionsAtOnce?: number;
    /** Seconds in which the scan must be over. */
    readonly withinSeconds?: number;
    /** Null: nobody says where we stand. Default: outside. */
    readonly vantage?: 'trusted' | null;
  };
}

/** A server with limits, and what `load` probes must measure: verdicts and, among the figures, at least these. */
export interface LimitScenario extends Scenario {
  /** What the scan takes for the longest window; it is the server's own where that has one. */
  readonly windowSeconds: number;
  readonly maxEvents?: number;
  /**
   * `null`: the scan is left to see for itself where it stands, which in the lab is loopback. Else it is told that it
   * comes from outside.
   */
  readonly vantage?: 'outside' | null;
  /**
   * So many connections are held at once and let go before the scan: with a small process limit that puts Postfix under
   * stress.
   */
  readonly crowd?: number;
  /** These probes run, and no others that they do not need. */
  readonly says: Readonly<Record<string, readonly [Expected, Measured]>>;
}

/** Another container, found under its name: `smtpd_sasl_path = inet:<name>:<port>`. */
export interface Companion {
  readonly name: string;
  readonly image: Scenario['image'];
  readonly config: Scenario['config'];
}
