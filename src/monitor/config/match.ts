import type { Monitor } from './config.ts';

/** A monitor as far as a matcher goes. */
type Matched = Pick<Monitor, 'name' | 'group' | 'tags'>;

/**
 * Reads who is meant: the name of a monitor or of the list that it is a line of, `*` for any characters, or `tag:NAME`.
 * Takes time in step with the length of both.
 */
export function matcherOf(pattern: string): (monitor: Matched) => boolean {
  const [, tag] = /^tag:(.*)$/s.exec(pattern) ?? [];
  if (tag !== undefined) return ({ tags }) => tags.includes(tag);
  const parts = pattern.split('*');
  return ({ name, group }) => fits(name, parts) || fits(group, parts);
}

/** Whether a text is these parts with anything between them. */
function fits(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
