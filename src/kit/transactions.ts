import type { Doubt } from '../model/judgement.ts';
import { type Exchange, isPositive } from '../model/reply.ts';
import type { Cite } from '../model/transcript.ts';
import type { SmtpSession } from '../wire/session.ts';
import { WireError } from '../wire/wire-error.ts';
import type { Wire } from './probe.ts';

/** One mail transaction to try, never beyond RCPT. */
export interface Transaction {
  readonly id: string;
  /** Reverse-path without brackets; empty for the null sender. */
  readonly sender: string;
  /** Forward-path without brackets. */
  readonly recipient: string;
  /** Its form may count as a syntax error, of which servers stand few. */
  readonly odd: boolean;
}

/** Why an answer is missing. JSON-safe. */
export interface Cut {
  readonly doubt: Doubt;
  readonly because: string;
  readonly evidence: readonly Cite[];
}

/** What the server said to one transaction. `control`: its answer to a recipient of its own from the same sender in the same session. */
export interface Answer {
  readonly id: string;
  readonly sender: string;
  readonly recipient: string;
  readonly session: string | null;
  readonly mail: Exchange | null;
  readonly rcpt: Exchange | null;
  readonly control: Exchange | null;
  readonly cut: Cut | null;
}

export interface AskOptions {
  readonly tls: boolean;
  readonly helo: string;
  /** A recipient of the server's own, asked once a session for every sender. */
  readonly control: string;
  /** Senders that MAIL has taken before: their RCPT may travel in the same flight. */
  readonly knownSenders: ReadonlySet<string>;
  /** Odd forms that one session may hold. */
  readonly oddPerSession: number;
}

/**
 * Asks all transactions, spread over as many sessions as the server's patience for errors demands, side by side. What a hang-up leaves
 * unanswered is asked again in another session, as long as each brings something new.
 */
export async function askTransactions(wire: Wire, transactions: readonly Transaction[], options: AskOptions): Promise<Answer[]> {
  const answers = new Map<string, Answer>();
  let open = [...transactions];
  let sessions = 0;
  while (open.length > 0) {
    const batches = deal(open, Math.min(wire.allowance.refusals, wire.allowance.nonMail - (options.tls ? 3 : 1)), options.oddPerSession);
    const allowed = batches.slice(0, Math.max(0, wire.sessionsPerProbe - sessions));
    sessions += allowed.length;
    const results = (await Promise.all(allowed.map((batch) => askBatch(wire, batch, options)))).flat();
    for (const answer of results) if (answer.cut === null || !answers.has(answer.id)) answers.set(answer.id, answer);
    const unanswered = open.filter(({ id }) => answers.get(id)?.cut !== null || !answers.has(id));
    const progress = unanswered.length < open.length;
    open = unanswered;
    if (!progress || allowed.length < batches.length) break;
  }
  return transactions.map((transaction) => answers.get(transaction.id) ?? unasked(transaction));
}

/** Deals transactions out evenly, so that each session holds at most `size` of them and `odd` odd ones. */
export function deal(transactions: readonly Transaction[], size: number, odd: number): Transaction[][] {
  const odds = transactions.filter((transaction) => transaction.odd);
  const evens = transactions.filter((transaction) => !transaction.odd);
  const count = Math.max(Math.ceil(transactions.length / Math.max(1, size)), Math.ceil(odds.length / Math.max(1, odd)));
  const batches: Transaction[][] = Array.from({ length: count }, () => []);
  for (const [index, transaction] of [...evens, ...odds].entries()) batches[index % count]?.push(transaction);
  return batches;
}

async function askBatch(wire: Wire, batch: readonly Transaction[], options: AskOptions): Promise<Answer[]> {
  try {
    const { tls, helo } = options;
    await using session = await wire.session({ tls, helo, refusals: batch.length, nonMail: batch.length });
    return await askInSession(session, batch, options);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return batch.map((transaction) => ({ ...unasked(transaction), cut: cutOf(error) }));
  }
}

/** Asks transactions in one session; the first use of a sender brings the control along. */
export async function askInSession(session: SmtpSession, batch: readonly Transaction[], options: Pick<AskOptions, 'control' | 'knownSenders'>): Promise<Answer[]> {
  const flights = new Flights(session);
  const controls = new Map<string, Slot>();
  const slots: { transaction: Transaction; mail: Slot; rcpt: Slot }[] = [];
  for (const transaction of batch) {
    const { sender, recipient } = transaction;
    const mail = flights.add(`MAIL FROM:<${sender}>`);
    const rcpt = new Slot();
    slots.push({ transaction, mail, rcpt });
    // A refused MAIL makes every RCPT behind it a mistake of ours: where that may be, ask first.
    if (!session.pipelines || !options.knownSenders.has(sender)) {
      await flights.fly();
      if (flights.cut !== null) break;
      if (mail.exchange === null || !isPositive(mail.exchange.reply)) continue;
    }
    flights.add(`RCPT TO:<${recipient}>`, rcpt);
    if (!controls.has(sender)) controls.set(sender, flights.add(`RCPT TO:<${options.control}>`));
    flights.add('RSET');
  }
  await flights.fly();
  const cut = flights.cut === null ? null : cutOf(flights.cut);
  return slots.map(({ transaction, mail, rcpt }) => {
    const answered = rcpt.exchange !== null || (mail.exchange !== null && !isPositive(mail.exchange.reply));
    const { id, sender, recipient } = transaction;
    const control = controls.get(sender)?.exchange ?? null;
    return { id, sender, recipient, session: session.id, mail: mail.exchange, rcpt: rcpt.exchange, control, cut: answered ? null : cut };
  });
}

/** Collects commands and sends them in flights. */
class Flights {
  cut: WireError | null = null;
  readonly #session: SmtpSession;
  #waiting: { command: string; slot: Slot }[] = [];

  constructor(session: SmtpSession) {
    this.#session = session;
  }

  add(command: string, slot = new Slot()): Slot {
    this.#waiting.push({ command, slot });
    return slot;
  }

  async fly(): Promise<void> {
    const group = this.#waiting.splice(0);
    if (this.cut !== null || group.length === 0) return;
    const { exchanges, cut } = await this.#session.flight(group.map(({ command }) => command));
    for (const [index, exchange] of exchanges.entries()) {
      const slot = group[index]?.slot;
      if (slot !== undefined) slot.exchange = exchange;
    }
    this.cut = cut;
  }
}

class Slot {
  exchange: Exchange | null = null;
}

export function cutOf(error: WireError): Cut {
  return { doubt: error.doubt, because: error.message, evidence: error.evidence };
}

function unasked({ id, sender, recipient }: Transaction): Answer {
  const cut: Cut = { doubt: 'budget-spent', because: 'not asked: the sessions allowed for this probe are used up', evidence: [] };
  return { id, sender, recipient, session: null, mail: null, rcpt: null, control: null, cut };
}
