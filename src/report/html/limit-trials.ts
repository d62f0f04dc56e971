import type { Finding } from '../../model/report.ts';
import type { SessionTranscript, TranscriptEvent } from '../../model/transcript.ts';

/** One event that a limiter may have counted, and what came of it. */
export interface Trial {
  /** Seconds since the scan of the endpoint began. */
  readonly at: number;
  readonly isRefused: boolean;
  /** When what it took was given back; null where it is nothing that is held. */
  readonly until: number | null;
}

/** What a probe's dialogues hold of the events that it counts, in the order of time; empty where it is not known what those are. */
export function trialsOf(finding: Finding, sessions: readonly SessionTranscript[], refusal: string | null): Trial[] {
  const { probe } = finding;
  const own = sessions
    .map(({ events }) => events.filter((event) => event.probe === probe))
    .filter(({ length }) => length > 0);
  const trials = own.flatMap((events) => {
    if (probe === 'connection-rate') return connectionOf(events).map((trial) => ({ ...trial, until: null }));
    if (probe === 'connection-count') return connectionOf(events);
    if (probe === 'tls-session-rate') return handshakeOf(events);
    const command = Object.hasOwn(commands, probe) ? commands[probe] : undefined;
    return command === undefined ? [] : commandsOf(events, command, refusal);
  });
  return trials.sort((a, b) => a.at - b.at);
}

/** The commands that a probe sends many of. */
const commands: Readonly<Record<string, RegExp>> = {
  'message-rate': /^MAIL /i,
  'recipient-rate': /^RCPT /i,
  'auth-rate': /^AUTH\b/i,
  'recipients-per-message': /^RCPT /i,
  'harvest-brake': /^RCPT /i,
  'junk-limit': /^RSET$/i,
  'error-limit': /^(?!(?:EHLO|HELO|QUIT|STARTTLS|MAIL|RCPT|RSET|AUTH|NOOP)\b)[A-Z]+/i,
};

type Events = readonly TranscriptEvent[];

/** A session that began with the probe is one connection; whatever it was refused, it was refused for that. */
function connectionOf(events: Events): Trial[] {
  const began = events.find(({ kind }) => kind === 'connected');
  const answer = events.find(isRefusal) ?? events.find(isReply);
  if (began === undefined || answer === undefined) return [];
  return [{ at: began.at, isRefused: isRefusal(answer), until: events.at(-1)?.at ?? null }];
}

function handshakeOf(events: Events): Trial[] {
  const end = events.find(({ kind }) => kind === 'handshake' || kind === 'handshake-failed');
  const refused = events.find(isRefusal);
  const at = end ?? refused;
  if (at === undefined) return [];
  return [{ at: at.at, isRefused: refused !== undefined || at.kind === 'handshake-failed', until: null }];
}

/** Replies in the order of the commands (RFC 2920 §3.1); one that answers no command is the server's last word. */
function commandsOf(events: Events, command: RegExp, refusal: string | null): Trial[] {
  const waiting: string[] = [];
  const trials: Trial[] = [];
  for (const event of events) {
    if (event.from === 'us') waiting.push(event.text);
    if (!isReply(event)) continue;
    const said = waiting.shift();
    const isRefused = wordsOf(event.text) === wordsOf(refusal ?? '') || event.text.startsWith('421');
    if (said === undefined ? isRefused && trials.length > 0 : command.test(said))
      trials.push({ at: event.at, isRefused, until: null });
  }
  return trials;
}

/** The last line of a reply. */
const isReply = ({ from, text }: TranscriptEvent): boolean => from === 'them' && /^\d{3}(?: |$)/.test(text);
const isRefusal = (event: TranscriptEvent): boolean => isReply(event) && /^[45]/.test(event.text);

/** Code and enhanced code: what a refusal has in common with its like, whatever names it holds. */
const wordsOf = (reply: string): string | undefined => /^\d{3}(?:[ -]\d\.\d+\.\d+)?/.exec(reply)?.[0].replace('-', ' ');
