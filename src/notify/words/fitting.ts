interface Fit {
  /** How a piece of text is written where it stands. */
  readonly escape?: (text: string) => string;
  /** How much that takes; by default UTF-16 units. */
  readonly size?: (text: string) => number;
}

const more = '…';

/** As much of a text as a place takes once it is escaped, in whole characters, with a sign where there was more. */
export function fitting(
  text: string,
  most: number,
  { escape: written = String, size = ({ length }) => length }: Fit = {},
): string {
  const whole = written(text);
  if (size(whole) <= most) return whole;
  let out = '';
  let room = most - size(more);
  for (const char of text) {
    const next = written(char);
    room -= size(next);
    if (room < 0) break;
    out += next;
  }
  return `${out}${more}`;
}

/** In octets of UTF-8. */
export const octets = (text: string): number => Buffer.byteLength(text);

/** Text between tags, or in an attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** Lines of code in a chat: what ends them is written otherwise. */
export const inFence = (text: string): string => text.replaceAll('```', "'''");
