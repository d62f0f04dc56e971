import type { Transaction } from './transaction.ts';

/**
 * Deals transactions out evenly, so that each session holds at most `size` of them and `odd` odd ones. Those under a
 * second HELO name stay together, as each change of name costs an EHLO.
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
