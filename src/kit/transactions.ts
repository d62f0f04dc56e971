import { type Exchange, isPositive } from '../model/reply.ts';
import { type Trouble, trouble } from '../model/trouble.ts';
import { type Meaning, meaningOf } from '../mta/reply-meaning.ts';
import type { SmtpSession } from '../wire/session.ts';
import { troubleOf } from '../wire/trouble-error.ts';
import type { Wire } from './probe.ts';
import { sayHello } from './refused.ts';

/** One mail transaction to try, never beyond RCPT. */
export interface Transaction {
  readonly id: string;
  /** Reverse-path without brackets; empty for the null sender. */
  readonly sender: string;
  /** Forward-path without brackets. */
  readonly recipient: string;
  /** The HELO name to ask it under. */
  readonly helo: string;
  /** Its form may count as a syntax error, of which servers stand few. */
  readonly odd: boolean;
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
  readonly cut: Trouble | null;
}

export interface AskOptions {
  readonly tls: boolean;
  /** A recipient of the server's own, asked in every session. */
  readonly control: string;
  /** The server has refused a sender at MAIL: wait for each answer to MAIL before RCPT. */
  readonly wary: boolean;
  /** This server refuses in words that can be read only beside a control: ask one for every sender. */
  readonly doubtful?: boolean;
  /** Odd forms that one session may hold. */
  readonly oddPerSession: number;
}

/**
 * Asks all transactions, spread over as many sessions as the server's patience for errors demands, side by side. What a hang-up leaves
 * unanswered is asked again in another session, as long as each brings something new.
 */
export async function askTransactions(
  wire: Wire,
  transactions: readonly Transaction[],
  options: AskOptions,
): Promise<Answer[]> {
  const answers = new Map<string, Answer>();
  let open = [...transactions];
  let sessions = 0;
  let wary = options.wary;
  while (open.length > 0) {
    const size = Math.min(wire.allowance.refusals, wire.allowance.nonMail - (options.tls ? 3 : 1));
    const batches = deal(open, size, options.oddPerSession);
    const allowed = batches.slice(0, Math.max(0, wire.sessionsPerProbe - sessions));
    sessions += allowed.length;
    const results = (await Promise.all(allowed.map((batch) => askBatch(wire, batch, { ...options, wary })))).flat();
    for (const answer of results) if (answer.cut === null || !answers.has(answer.id)) answers.set(answer.id, answer);
    const unanswered = open.filter(({ id }) => answers.get(id)?.cut !== null);
    const progress = unanswered.length < open.length;
    open = unanswered;
    wary = true;
    if (!progress || allowed.length < batches.length) break;
  }
  return transactions.map((transaction) => answers.get(transaction.id) ?? unasked(transaction));
}

/**
 * Deals transactions out evenly, so that each session holds at most `size` of them and `odd` odd ones. Those under a second HELO name stay
 * together, as each change of name costs an EHLO.
 */
export function deal(transactions: readonly Transaction[], size: number, odd: number): Transaction[][] {
  const room = Math.max(1, size);
  const oddRoom = Math.max(1, odd);
  const first = transactions[0]?.helo;
  const odds = transactions.filter((transaction) => transaction.odd).length;
  const count = Math.max(Math.ceil(transactions.length / room), Math.ceil(odds / oddRoom));
  const batches: Transaction[][] = Array.from({ length: count }, () => []);
  const oddIn = (batch: readonly Transaction[]) => batch.filter((other) => other.odd).length;
  const rank = (transaction: Transaction) => (transaction.helo === first ? 2 : 0) + (transaction.odd ? 0 : 1);
  for (const transaction of transactions.toSorted((a, b) => rank(a) - rank(b))) {
    const fitting = batches.filter((batch) => batch.length < room && (!transaction.odd || oddIn(batch) < oddRoom));
    const together = (batch: readonly Transaction[]) =>
      batch.some(({ helo }) => helo === transaction.helo && helo !== first) ? 0 : 1;
    const crowd = (batch: readonly Transaction[]) => (transaction.odd ? oddIn(batch) * room : 0) + batch.length;
    const [best] = fitting.toSorted((a, b) => together(a) - together(b) || crowd(a) - crowd(b));
    if (best === undefined) batches.push([transaction]);
    else best.push(transaction);
  }
  const filled = batches.filter((batch) => batch.length > 0);
  return filled.map((batch) => batch.toSorted((a, b) => Number(a.helo !== first) - Number(b.helo !== first)));
}

async function askBatch(wire: Wire, batch: readonly Transaction[], options: AskOptions): Promise<Answer[]> {
  const helo = batch[0]?.helo ?? wire.subject.helo;
  const answers: Answer[] = [];
  try {
    await using session = await wire.session({ tls: options.tls, helo, refusals: batch.length, nonMail: batch.length });
    const names = [...new Set(batch.map((transaction) => transaction.helo))];
    for (const name of names) {
      const group = batch.filter((transaction) => transaction.helo === name);
      if (session.helo !== name) await sayHello(session, name);
      answers.push(
        ...(await askInSession(session, group, {
          ...options,
          nonMail: wire.allowance.nonMail,
          isLast: name === names.at(-1),
        })),
      );
    }
  } catch (error) {
    const cut = troubleOf(error);
    const missing = batch.filter(({ id }) => !answers.some((answer) => answer.id === id));
    answers.push(...missing.map((transaction) => ({ ...unasked(transaction), cut })));
  }
  return answers;
}

/**
 * Asks transactions in one session. The control is asked once, beside the first; for another sender only where an answer cannot be read
 * without it: each accepted recipient makes Postfix open a queue file and spend one of the tokens of `in_flow_delay`.
 */
export async function askInSession(
  session: SmtpSession,
  batch: readonly Transaction[],
  {
    control,
    wary,
    doubtful,
    nonMail,
    isLast = true,
  }: Pick<AskOptions, 'control' | 'wary' | 'doubtful'> & { readonly nonMail: number; readonly isLast?: boolean },
): Promise<Answer[]> {
  const flights = new Flights(session);
  const controls = new Map<string, Slot>();
  const slots: Asked[] = [];
  for (const transaction of batch) {
    const { sender, recipient } = transaction;
    const mail = flights.add(`MAIL FROM:<${sender}>`);
    const rcpt = new Slot();
    slots.push({ transaction, mail, rcpt });
    // A refused MAIL makes every RCPT behind it a mistake of ours: where that is to be feared, ask first.
    if (!session.pipelines || wary || isOddSender(sender)) {
      await flights.fly();
      if (flights.cut !== null) break;
      if (mail.exchange === null || !isPositive(mail.exchange.reply)) continue;
    }
    flights.add(`RCPT TO:<${recipient}>`, rcpt);
    if (controls.size === 0 || (doubtful && !controls.has(sender)))
      controls.set(sender, flights.add(`RCPT TO:<${control}>`));
    flights.add('RSET');
  }
  await flights.fly();
  const room = Math.max(0, nonMail - session.spent.nonMail);
  for (const sender of [...sendersInDoubt(slots, controls)].slice(0, room)) {
    flights.add(`MAIL FROM:<${sender}>`);
    controls.set(sender, flights.add(`RCPT TO:<${control}>`));
    flights.add('RSET');
  }
  await flights.fly();
  const isTurnedAway = ({ mail }: Asked) => mail.exchange !== null && !isPositive(mail.exchange.reply);
  const cut = flights.cut ?? (isLast && slots.some(isTurnedAway) ? await session.leave() : null);
  const trusted = cut === null || (cut.doubt !== 'ambiguous' && cut.doubt !== 'timeout');
  return slots.map((asked) => {
    const { transaction, mail, rcpt } = asked;
    const answered = rcpt.exchange !== null || (isTurnedAway(asked) && trusted);
    const { id, sender, recipient } = transaction;
    return {
      id,
      sender,
      recipient,
      session: session.id,
      mail: mail.exchange,
      rcpt: rcpt.exchange,
      control: controls.get(sender)?.exchange ?? null,
      cut: answered ? null : cut,
    };
  });
}

interface Asked {
  readonly transaction: Transaction;
  readonly mail: Slot;
  readonly rcpt: Slot;
}

/** Refusals that mean something only beside a control. */
export const meaningsInDoubt: readonly Meaning[] = [
  'relay-or-unknown',
  'unknown-user',
  'address-syntax',
  'refused-permanent',
];

/** Senders whose recipient was refused in words that mean something only beside a control. */
function sendersInDoubt(slots: readonly Asked[], controls: ReadonlyMap<string, Slot>): Set<string> {
  const inDoubt = slots.filter(({ transaction: { sender, recipient }, rcpt }) => {
    if (rcpt.exchange === null || isPositive(rcpt.exchange.reply) || controls.has(sender)) return false;
    const meaning = meaningOf(rcpt.exchange.reply, { stage: 'rcpt', sender, recipient });
    return meaningsInDoubt.includes(meaning);
  });
  return new Set(inDoubt.map(({ transaction }) => transaction.sender));
}

/** No domain, or a literal: a form that many servers call a syntax error at MAIL already. */
const isOddSender = (sender: string): boolean => sender !== '' && !/@[^[]/.test(sender);

/** Collects commands and sends them in flights. */
class Flights {
  cut: Trouble | null = null;
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

function unasked({ id, sender, recipient }: Transaction): Answer {
  const cut = trouble('budget-spent', 'restraint', 'not asked: the sessions allowed for this probe are used up');
  return { id, sender, recipient, session: null, mail: null, rcpt: null, control: null, cut };
}
