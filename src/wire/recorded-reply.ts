import type { Reply, ReplyLine } from '../model/reply.ts';
import type { SessionLog } from './recorder.ts';
import type { RawReply } from './reply-reader.ts';

/** Writes a reply into the transcript, and gives it with its places there. */
export function recordedReply({ code, lines: texts, defects }: RawReply, log: SessionLog): Reply {
  const [first, ...more] = texts;
  const line = (text: string): ReplyLine => ({ text, event: log.add('them', text).event });
  const lines: Reply['lines'] = [line(first), ...more.map(line)];
  return { session: log.id, code, ...enhancedAndText(texts), lines, defects };
}

/** The enhanced status code (RFC 3463) and the text of all lines without codes. */
function enhancedAndText(lines: readonly string[]): { enhanced: string | null; text: string } {
  const bodies = lines.map((line) => line.replace(/^\d{3}(?:[- ]|\\x09|$)/, ''));
  const leading = /^([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(bodies[0] ?? '')?.[1];
  const trailing = /\(#([245]\.\d{1,3}\.\d{1,3})\)/.exec(bodies.join(' '))?.[1];
  const texts = bodies.map((body) =>
    (leading !== undefined && body.startsWith(leading) ? body.slice(leading.length) : body).trim(),
  );
  return { enhanced: leading ?? trailing ?? null, text: texts.filter(Boolean).join(' ') };
}
