import { type Trouble, trouble } from '../../model/trouble.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
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
  /**
   * Transactions that one session may hold, whatever it would stand: few where each refusal makes the next one slower.
   */
  readonly perSession: number;
}

/**
 * Asks all transactions, spread over as many sessions as the server's patience for errors demands, side by side. What a
 * session leaves unanswered is asked again in another one, as long as each brings something new, or there is another
 * way to ask.
 */
export async function askTransactions(wire: Wire, transactions: readonly Transaction[], options: AskOptions) {
  const answers = new Map<string, TransactionAnswer>();
  let open = [...transactions];
  let sessions = 0;
  let way: Way = { wary: options.wary, controls: 'together', oneByOne: wire.oneByOne, size: sizeOf(wire, options) };
  while (open.length > 0) {
    const batches = deal(open, way.size, options.oddPerSession);
    const allowed = batches.slice(0, Math.max(0, wire.sessionsPerProbe - sessions));
    sessions += allowed.length;
    const results = (await Promise.all(allowed.map((batch) => askBatch(wire, batch, { ...options, ...way })))).flat();
    for (const answer of results) if (answer.cut === null || !answers.has(answer.id)) answers.set(answer.id, answer);
    const again = open.filter(({ id }) => isOpen(answers.get(id), way));
    const isStuck = again.length === open.length;
    const controls = controlsAfter(results, way, isStuck);
    const next: Way = { wary: true, controls, oneByOne: wire.oneByOne, size: sizeOf(wire, options) };
    const isAnotherWay = next.controls !== way.controls || next.oneByOne !== way.oneByOne || next.size !== way.size;
    if ((isStuck && !isAnotherWay) || allowed.length < batches.length) break;
    open = again;
    way = next;
  }
  return transactions.map((transaction) => answers.get(transaction.id) ?? unasked(transaction, spent));
}

/** How sessions are asked, as far as they have taught. `size`: transactions of one. */
type Way = Pick<InSession, 'wary' | 'controls'> & { readonly oneByOne: boolean; readonly size: number };

/**
 * Too many recipients in one transaction: each gets its own. The control is all that a session takes: without it there
 * is room for another.
 */
function controlsAfter(results: readonly TransactionAnswer[], { controls }: Way, isStuck: boolean): Way['controls'] {
  if (controls === 'together' && results.some(isCrowded)) return 'apart';
  return isStuck && results.some(({ control, cut }) => control !== null && cut !== null) ? 'none' : controls;
}

function sizeOf({ allowance }: Wire, { tls, perSession }: AskOptions): number {
  return Math.min(perSession, allowance.refusals, allowance.nonMail - (tls ? 3 : 1), allowance.transactions);
}

/** Not answered, or only told that there were too many recipients where there may be fewer. */
function isOpen(answer: TransactionAnswer | undefined, { controls }: Way): boolean {
  return answer === undefined || answer.cut !== null || (controls === 'together' && isCrowded(answer));
}

const isCrowded = ({ rcpt }: TransactionAnswer): boolean =>
  rcpt !== null && meaningOf(rcpt.reply, { stage: 'rcpt' }) === 'limit-recipients-per-message';

async function askBatch(wire: Wire, batch: readonly Transaction[], options: AskOptions & Way) {
  const helo = batch[0]?.helo ?? wire.subject.helo;
  const answers: TransactionAnswer[] = [];
  try {
    await using session = await wire.session({ tls: options.tls, helo, refusals: batch.length, nonMail: batch.length });
    for (const name of new Set(batch.map((transaction) => transaction.helo))) {
      const group = batch.filter((transaction) => transaction.helo === name);
      if (session.helo !== name) await sayHello(session, name);
      answers.push(...(await askInSession(session, group, { ...options, nonMail: wire.allowance.nonMail })));
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
