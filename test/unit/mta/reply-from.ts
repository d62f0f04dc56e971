import type { Reply, ReplyLine } from '../../../src/model/reply.ts';

/** A reply as the reader would hand it on: codes and enhanced codes split off each line, the rest joined. */
export function replyFrom(raw: string): Reply {
  const lines = raw.split('\n').map((text, event): ReplyLine => ({ text, event }));
  const first = lines[0] ?? { text: '', event: 0 };
  const code = /^\d{3}(?=[ -]|$)/.test(first.text) ? Number(first.text.slice(0, 3)) : null;
  const bodies = lines.map((line) => (code === null ? line.text : line.text.slice(4)));
  const enhanced = /^([245]\.\d{1,3}\.\d{1,3})\b/.exec(bodies[0] ?? '') ?? /\(#([245]\.\d{1,3}\.\d{1,3})\)/.exec(raw);
  return {
    session: 's1',
    code,
    enhanced: enhanced?.[1] ?? null,
    text: bodies
      .map((body) => body.replace(/^[245]\.\d{1,3}\.\d{1,3}(\s|$)/, ''))
      .join(' ')
      .trim(),
    lines: [first, ...lines.slice(1)],
    defects: [],
  };
}
