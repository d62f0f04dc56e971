import type { Finding } from '../model/report.ts';
import type { Reported } from '../model/reported.ts';
import type { SessionTranscript } from '../model/transcript.ts';
import { grouped } from './grouped.ts';

/** One line of a dialogue that a finding rests on. */
export interface ProofLine {
  readonly mark: 'C:' | 'S:' | '--';
  readonly text: string;
  readonly session: string;
  readonly event: number;
}

const quotesShown = 2;

/**
 * The lines that prove a finding, in the order they were said: what the server answered, each answer once, with the
 * command it answers; of a recipient, with the sender before it.
 */
export function proofOf({ evidence }: Finding, { sessions }: Pick<Reported, 'sessions'>): ProofLine[] {
  const quotes = grouped(evidence, ({ quote }) => quote)
    .slice(0, quotesShown)
    .map(([cite]) => cite);
  const said = new Set<string>();
  return quotes.flatMap(({ session: id, event, quote }) => {
    const session = sessions.find((one) => one.id === id);
    const asked = session === undefined ? [] : askedBy(session, event).filter((one) => !said.has(`${id} ${one}`));
    for (const one of asked) said.add(`${id} ${one}`);
    const from = session?.events[event]?.from ?? 'them';
    const mark = from === 'us' ? 'C:' : from === 'them' ? 'S:' : '--';
    return [
      ...asked.map(
        (one): ProofLine => ({ mark: 'C:', text: session?.events[one]?.text ?? '', session: id, event: one }),
      ),
      { mark, text: quote, session: id, event } as const,
    ];
  });
}

/** The events that hold the command which event `at` answers, and the MAIL before a RCPT. */
function askedBy(session: SessionTranscript, at: number): number[] {
  const command = commandOf(session, at);
  if (command === null) return [];
  const verb = (event: number) => session.events[event]?.text.slice(0, 4).toUpperCase();
  if (verb(command) !== 'RCPT') return [command];
  const before = session.events
    .slice(0, command)
    .findLastIndex(({ from }, event) => from === 'us' && verb(event) === 'MAIL');
  return before < 0 ? [command] : [before, command];
}

/** Replies come in the order of commands, also of those that were sent together (RFC 2920 §3.1). */
function commandOf({ events }: SessionTranscript, at: number): number | null {
  const open: number[] = [];
  let command: number | null = null;
  for (const [index, { from, text }] of events.slice(0, at + 1).entries()) {
    if (from === 'us') open.push(index);
    if (from !== 'them') continue;
    command = open[0] ?? null;
    if (!/^\d{3}-/.test(text)) open.shift();
  }
  return events[at]?.from === 'them' ? command : null;
}
