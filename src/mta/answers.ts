import type { SessionTranscript } from '../model/transcript.ts';

/** One reply and what it answered. */
export interface Answer {
  /**
   * The verb in capitals, `greeting`, or `keywords` for the names of the EHLO lines in a row. `''` where nothing was
   * asked.
   */
  readonly to: string;
  /** The reply with its codes, lines joined by `\n`; for `keywords` the names joined by a space. */
  readonly text: string;
}

/** More of a reply tells nothing more about who sent it. */
const longestReply = 2000;

/**
 * The replies of a session with the commands they answer, in order. A peer that answers out of turn gets odd pairs, no
 * more.
 */
export function answersOf(session: SessionTranscript): Answer[] {
  const pairing = new Pairing();
  for (const { from, text } of session.events) {
    if (from === 'us') pairing.said(text);
    else if (from === 'them') pairing.heard(text);
  }
  return pairing.answers;
}

class Pairing {
  readonly answers: Answer[] = [];
  readonly #asked: string[] = ['greeting'];
  #lines: string[] = [];
  #state: 'command' | 'sasl' | 'content' = 'command';

  said(text: string): void {
    if (this.#state === 'content' && text !== '.') return;
    this.#asked.push(this.#state === 'sasl' ? 'AUTH' : verbOf(text));
    this.#state = 'command';
  }

  heard(line: string): void {
    this.#lines.push(line);
    if (/^\d{3}-/.test(line)) return;
    const to = this.#asked.shift() ?? '';
    this.answers.push(...answer(to, this.#lines));
    this.#lines = [];
    if (line.startsWith('334')) this.#state = 'sasl';
    if (line.startsWith('354') && to === 'DATA') this.#state = 'content';
  }
}

function answer(to: string, lines: readonly string[]): Answer[] {
  const reply = { to, text: lines.join('\n').slice(0, longestReply) };
  return to === 'EHLO' && lines.length > 1 ? [reply, { to: 'keywords', text: keywordsOf(lines) }] : [reply];
}

/** `AUTH=PLAIN LOGIN` is the old spelling of `AUTH PLAIN LOGIN`. */
function keywordsOf(lines: readonly string[]): string {
  const names = lines.slice(1).map((line) => line.slice(4).trim().toUpperCase());
  return names
    .map((name) => name.replace(/^AUTH=.*/, 'AUTH').replace(/\s.*/, ''))
    .join(' ')
    .slice(0, longestReply);
}

const verbOf = (command: string): string => /^[A-Za-z]+/.exec(command.trimStart())?.[0].toUpperCase() ?? '?';
