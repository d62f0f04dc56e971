import type { Endpoint, TlsMode } from '../model/endpoint.ts';
import { type Judgement, type Safety, type Severity, safeties, severities } from '../model/judgement.ts';
import type { Fixes } from '../model/mtas.ts';
import type { Policy } from '../model/policy.ts';
import type { InboxSource, SinkSource } from '../model/receiving.ts';
import type { Restraint } from '../model/restraint.ts';
import type { Shape, Shaped, Zod } from '../model/shape.ts';
import type { Trouble } from '../model/trouble.ts';
import { UsageError } from '../model/usage-error.ts';
import { fixesFor } from '../mta/fixes.ts';
import type { HandshakeWay } from '../wire/handshake.ts';
import type { IntroducedSession, SmtpSession } from '../wire/session.ts';
import type { Clock } from './limits/rate-question.ts';
import type { Service } from './limits/service.ts';
import type { Subject } from './subject.ts';

/** What a probe may ask for. Sessions are leased: `await using session = await wire.session()`. Hold one at a time. */
export interface Wire {
  readonly subject: Subject;
  /** What one session may collect before the server loses patience; less where it has shown that it stands less. */
  readonly allowance: {
    readonly refusals: number;
    readonly mistakes: number;
    readonly nonMail: number;
    readonly transactions: number;
  };
  /**
   * This server lists PIPELINING, and has lost commands or replies of a group: sessions ask one by one from then on.
   */
  readonly oneByOne: boolean;
  /** How many sessions one probe may open here. */
  readonly sessionsPerProbe: number;
  /** A greeted session, EHLO done; inside TLS and under another HELO name if asked. Fails with a `TroubleError`. */
  session(want?: SessionRequest): Promise<IntroducedSession>;
  /**
   * A connection of its own, greeting not yet read; with implicit TLS inside it already. `tls`: begun otherwise than
   * the endpoint says.
   */
  fresh(options?: { readonly tls?: TlsMode; readonly way?: HandshakeWay }): Promise<SmtpSession>;
  /**
   * A session of its own for odd deeds, which nobody gets before or after: what the server answers in it, 421 included,
   * speaks of the deed and shuts no door. `until`: how far it has gone. Fails with a `TroubleError` on the way there.
   */
  apart(options: ApartRequest): Promise<SmtpSession>;
  /** Where mail of ours may come out, for `intrusive` probes that send a message. */
  readonly receiving: Receiving;
}

/** What the user has named to receive mail of ours, and the means to wait for it. */
export interface Receiving {
  readonly sink: SinkSource | null;
  readonly inbox: InboxSource | null;
  /** Seconds that a message is waited for. */
  readonly waitSeconds: number;
  /** Hands a message straight to the sink, as any server would; null where it took it, else why not. */
  handToSink(mail: Mail): Promise<string | null>;
  /** Seconds since the scan of the endpoint began. */
  now(): number;
  /** Waits; ends with the scan (`TroubleError`). */
  pause(seconds: number): Promise<void>;
}

/** A message to be sent: envelope, and header and body as they go out. */
export interface Mail {
  readonly sender: string;
  readonly recipient: string;
  readonly text: string;
}

export interface ApartRequest {
  /** `connected`: the greeting is not read. `greeted`: EHLO is not said. `introduced`: it is. */
  readonly until: 'connected' | 'greeted' | 'introduced';
  /** Inside TLS, after STARTTLS. Default: as the endpoint begins. */
  readonly tls?: boolean;
  /** Default: our own name. */
  readonly helo?: string;
}

/** What a `load` probe may ask for besides: time, silence, and connections that no gate holds back. */
export interface LoadWire extends Wire {
  /** How loud it may be. */
  readonly load: Pick<Restraint, 'maxEvents' | 'assumedWindowSeconds' | 'loadProbeSeconds' | 'replySeconds'>;
  /** Waiting shows on stderr, and ends with the scan (`TroubleError`). */
  readonly clock: Clock;
  /**
   * Ends the idle sessions of this address and waits until nothing of ours was counted on this service for so long.
   * Resolves to the time, on `clock`, since when that is so: of the last connection or command, or of the begin of the
   * scan.
   */
  quiet(seconds: number, why: string): Promise<number>;
  /**
   * A connection besides those that the budget counts, greeting not yet read: a 421 on it is data and shuts no door.
   * Disposing ends it with QUIT.
   */
  raw(options?: RawOptions): Promise<SmtpSession>;
  /**
   * The same, greeted and introduced, so that what the server counts in it is ours alone. Inside TLS if asked; unless
   * told, as users connect: on a submission port inside TLS, where STARTTLS is offered. Fails with a `TroubleError`.
   */
  own(options?: RawOptions & { readonly tls?: boolean }): Promise<IntroducedSession>;
  /** How many TLS handshakes were tried on this service since a moment on `clock`. */
  handshakesSince(time: number): number;
  /** Waits for the window of a limiter that a probe has tripped: whoever came before that would be refused. */
  rested(): Promise<void>;
  /** What is known of the limiters of this service, shared by all probes of the endpoint. */
  readonly service: Service;
}

/**
 * `replySeconds` where it should wait less than usual, `dialogueSeconds` where time itself is the question. `waits`: it
 * stays open while other probes count connections.
 */
export interface RawOptions {
  readonly waits?: boolean;
  readonly replySeconds?: number;
  readonly dialogueSeconds?: number;
}

export interface SessionRequest {
  /** Inside TLS: after STARTTLS, or on a port with implicit TLS. Default: as the endpoint begins. */
  readonly tls?: boolean;
  /** One in which nothing but EHLO was said: STARTTLS will be, or AUTH. */
  readonly forTls?: boolean;
  /** Default: our own name. */
  readonly helo?: string;
  /** Refused recipients and mistakes that the session must still have room for. */
  readonly refusals?: number;
  readonly mistakes?: number;
  readonly nonMail?: number;
}

/** What the catalogue says of a probe. */
export interface CatalogueEntry {
  /** File name, contract with saved reports and policies. */
  readonly id: string;
  readonly question: string;
  /** Of a fail, unless the judge says otherwise. */
  readonly severity: Severity;
  /** Why a fail weighs that, and where it weighs more or less. */
  readonly weighs?: string;
  /** The loudest thing it does. */
  readonly safety: Safety;
  readonly why: string;
  /** How it is judged, for `mxprobe probes <id>`. */
  readonly judged: string;
  /** RFCs and sections, MTA parameters. */
  readonly refs: readonly string[];
  readonly fix: Fixes;
  /**
   * A `load` probe that waits in one connection, and says next to nothing: it runs beside the others, and does not wait
   * for what it needs of its like before its judge does.
   */
  readonly waits?: true;
  /** About how much it sends to one endpoint, for `--plan`. */
  readonly cost: {
    readonly connections: number;
    readonly commands: number;
    /** Of a question about a domain: what DNS is asked. */
    readonly lookups?: number;
    /** Seconds of waiting on purpose, with the defaults: for windows to pass, for a server to lose patience. */
    readonly seconds?: number;
    /** The same where an earlier probe has found how long the windows of this service are. */
    readonly secondsInKnownWindow?: number;
  };
}

/** A probe as the engine sees it. */
export interface DefinedProbe<Data = unknown> extends CatalogueEntry {
  readonly needs: readonly string[];
  readonly wants: readonly string[];
  applies(endpoint: Endpoint): true | string;
  /** What its observation looks like; null: as it comes. */
  readonly data: Shape | null;
  /** `lacking`: why a probe whose data it reads brought none, by id. */
  observe(wire: LoadWire, given: Record<string, unknown>, lacking?: Readonly<Record<string, Trouble>>): Promise<Data>;
  judge(data: unknown, given: Record<string, unknown>, policy: Policy): Judgement;
}

type Probes = Readonly<Record<string, DefinedProbe>>;
/** What a probe observes. */
export type DataOf<P> = P extends DefinedProbe<infer Data> ? Data : never;
type Given<Needs extends Probes, Wants extends Probes> = { readonly [K in keyof Needs]: DataOf<Needs[K]> } & {
  readonly [K in keyof Wants]: DataOf<Wants[K]> | undefined;
};
type Lacking<Wants extends Probes> = { readonly [K in keyof Wants]?: Trouble };
type None = Record<never, never>;

/** What an author writes of a probe; `fix` is the table's (src/mta/fixes) where it is not given. */
interface About<S extends Safety, Needs extends Probes, Wants extends Probes>
  extends Omit<CatalogueEntry, 'fix' | 'safety'>,
    Partial<Pick<CatalogueEntry, 'fix'>> {
  readonly safety: S;
  /**
   * Probes whose data it reads; without them it is `inconclusive(prerequisite)`. Key: any name; the judge finds the
   * data under it.
   */
  readonly needs?: Needs;
  /** Probes whose data it reads where there is any. */
  readonly wants?: Wants;
  /** True, or why the question makes no sense there. */
  applies?(endpoint: Endpoint): true | string;
}

interface Asking<S extends Safety, Data, Needs extends Probes, Wants extends Probes> extends About<S, Needs, Wants> {
  /**
   * Talks to the server; brings back JSON-safe data, enough to judge again. `lacking`: why a wanted probe that ran
   * brought nothing. Impure.
   */
  observe(wire: S extends 'load' ? LoadWire : Wire, given: Given<Needs, Wants>, lacking: Lacking<Wants>): Promise<Data>;
  /** Says what the data mean. Pure. */
  judge(data: Data, given: Given<Needs, Wants>, policy: Policy): Judgement;
}

/**
 * Defines a probe; `given` holds the data of `needs` and `wants` under the keys they are given there. `data` describes
 * what `observe` brings back: its type, and what a saved report is checked against. Without it the data are whatever
 * `observe` returns, and are not checked.
 */
export function defineProbe<
  const S extends Safety,
  F extends Shape,
  Needs extends Probes = None,
  Wants extends Probes = None,
>(definition: Asking<S, Shaped<F>, Needs, Wants> & { readonly data: F }): DefinedProbe<Shaped<F>>;
export function defineProbe<const S extends Safety, Data, Needs extends Probes = None, Wants extends Probes = None>(
  definition: Asking<S, Data, Needs, Wants>,
): DefinedProbe<Data>;
export function defineProbe<Data, Needs extends Probes, Wants extends Probes>(
  definition: Asking<'load', Data, Needs, Wants> & { readonly data?: Shape },
): DefinedProbe<Data> {
  const { needs, wants, applies, observe, judge, data: shape, ...entry } = definition;
  refuseFlaws(definition);
  const links = Object.entries({ ...needs, ...wants }).map(([key, probe]) => [key, probe.id] as const);
  // The engine hands over data by probe id; this is the one place that trusts it to be of the right type.
  const pick = (all: Record<string, unknown>) =>
    Object.fromEntries(links.map(([key, id]) => [key, all[id]])) as Given<Needs, Wants>;
  const pickLacking = (all: Readonly<Record<string, Trouble>>) =>
    Object.fromEntries(links.flatMap(([key, id]) => (all[id] === undefined ? [] : [[key, all[id]]]))) as Lacking<Wants>;
  return {
    fix: fixesFor(entry.id),
    ...entry,
    data: shape ?? null,
    needs: Object.values(needs ?? {}).map((probe) => probe.id),
    wants: Object.values(wants ?? {}).map((probe) => probe.id),
    applies: applies ?? (() => true),
    observe: (wire, given, lacking = {}) => observe(wire, pick(given), pickLacking(lacking)),
    judge: (data, given, policy) => judge(data as Data, pick(given), policy),
  };
}

/** What a type checker would have said, for authors who have none. Throws `UsageError`. */
function refuseFlaws({
  id,
  severity,
  safety,
  cost,
  observe,
  judge,
}: Pick<CatalogueEntry, 'id' | 'severity' | 'safety' | 'cost'> & {
  readonly observe: unknown;
  readonly judge: unknown;
}): void {
  const flaws: readonly [string, boolean][] = [
    ['id: small letters and digits, with hyphens between', /^[a-z0-9]+(-[a-z0-9]+)*$/.test(String(id))],
    [`severity: one of ${severities.join(', ')}`, severities.includes(severity)],
    [`safety: one of ${safeties.join(', ')}`, safeties.includes(safety)],
    ['cost: how many connections and commands', cost?.connections >= 0 && cost?.commands >= 0],
    ['observe: a function', typeof observe === 'function'],
    ['judge: a function', typeof judge === 'function'],
  ];
  const flaw = flaws.find(([, isFine]) => !isFine);
  if (flaw !== undefined) throw new UsageError(`the probe "${id}" wants ${flaw[0]}`);
}

const nothing = (z: Zod) => z.null();

/** A probe that only judges what others saw and costs nothing. */
export function defineRule<const S extends Safety, Needs extends Probes, Wants extends Probes = None>({
  judge,
  ...rest
}: Omit<About<S, Needs, Wants>, 'cost'> & {
  judge(given: Given<Needs, Wants>, policy: Policy): Judgement;
}): DefinedProbe<null> {
  return defineProbe<S, typeof nothing, Needs, Wants>({
    ...rest,
    cost: { connections: 0, commands: 0 },
    data: nothing,
    observe: async () => null,
    judge: (_, given, policy) => judge(given, policy),
  });
}
