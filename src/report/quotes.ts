import type { Finding } from '../model/report.ts';
import type { Reported } from '../model/reported.ts';
import { beginningOf, visible } from '../model/visible.ts';
import { grouped } from './grouped.ts';

/** Words that a finding rests on, and how often they were said. */
export interface Quote {
  /** `S:` for the server, `C:` for us, `--` for a remark of the scanner's own. */
  readonly mark: 'S:' | 'C:' | '--';
  readonly text: string;
  readonly count: number;
}

const longest = 240;

/** The quotes of a finding, each once, printable and cut where they are long: the whole of it is in the transcript. */
export function quotesOf({ evidence }: Finding, { sessions }: Pick<Reported, 'sessions'>): Quote[] {
  return grouped(evidence, ({ quote }) => quote).map((cites) => {
    const [{ session, event, quote }] = cites;
    const from = sessions.find(({ id }) => id === session)?.events[event]?.from ?? 'them';
    const mark = from === 'us' ? 'C:' : from === 'them' ? 'S:' : '--';
    return { mark, text: shortened(visible(quote)), count: cites.length };
  });
}

/** `S: 250 2.1.5 Ok  (24 times)`, at most `most` of them. */
export function quoteLines(quotes: readonly Quote[], most: number): string[] {
  const more = quotes.slice(most).reduce((sum, { count }) => sum + count, 0);
  return [
    ...quotes.slice(0, most).map(({ mark, text, count }) => `${mark} ${text}${count > 1 ? `  (${count} times)` : ''}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${beginningOf(text, longest)} [... ${text.length - longest} more]`;
}
