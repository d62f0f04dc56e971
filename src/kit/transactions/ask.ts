import { type Trouble, trouble } from '../../model/trouble.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { sayHello } from '../refused.ts';
import { askInSession, type InSession } from './ask-in-session.ts';
import { deal } from './deal.ts';
import type { Transaction, TransactionAnswer } from './transaction.ts';

export interface AskOptions extends Pick<InSession, 'control' | 'wary' | 'doubtful'> {
  readonly tls: boolean;
  /** Odd forms that one session may hold. */
  readonly oddPerSession: number;
}

/**
 * Asks all transactions, spread over as many sessions as the server's patience for errors demands, side by side. What a hang-up leaves
 * unanswered is asked again in another session, as long as each brings something new.
 */
export async function askTransactions(wire: Wire, transactions: readonly Transaction[], options: AskOptions) {
  const answers = new Map<string, TransactionAnswer>();
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
    // A flight that lost its replies is asked again one by one: the wire has learned that.
    const isLost = results.some(({ cut }) => cut?.cause === 'pipelining');
    const progress = isLost || unanswered.length < open.length;
    open = unanswered;
    wary = true;
    if (!progress || allowed.length < batches.length) break;
  }
  return transactions.map((transaction) => answers.get(transaction.id) ?? unasked(transaction, spent));
}

async function askBatch(wire: Wire, batch: readonly Transaction[], options: AskOptions) {
  const helo = batch[0]?.helo ?? wire.subject.helo;
  const answers: TransactionAnswer[] = [];
  try {
    await using session = await wire.session({ tls: options.tls, helo, refusals: batch.length, nonMail: batch.length });
    const names = [...new Set(batch.map((transaction) => transaction.helo))];
    for (const name of names) {
      const group = batch.filter((transaction) => transaction.helo === name);
      if (session.helo !== name) await sayHello(session, name);
      const { nonMail } = wire.allowance;
      answers.push(...(await askInSession(session, group, { ...options, nonMail, isLast: name === names.at(-1) })));
    }
  } catch (error) {
    const cut = troubleOf(error);
    const missing = batch.filter(({ id }) => !answers.some((answer) => answer.id === id));
    answers.push(...missing.map((transaction) => unasked(transaction, cut)));
  }
  return answers;
}

const spent = trouble('budget-spent', 'restraint', 'not asked: the sessions allowed for this probe are used up');

const unasked = ({ id, sender, recipient }: Transaction, cut: Trouble): TransactionAnswer => ({
  id,
  sender,
  recipient,
  session: null,
  mail: null,
  rcpt: null,
  control: null,
  cut,
});
