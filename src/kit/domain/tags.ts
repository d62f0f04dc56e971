/** One part of a record of tags, `name=value`; `name` is null where it is none. */
export interface Tag {
  readonly name: string | null;
  readonly value: string;
  readonly text: string;
}

/**
 * The parts of a record such as `v=DMARC1; p=none`, without blanks around names and values (RFC 7489 §6.4, RFC 8460
 * §3). A semicolon at the end makes no part. Names are as they were written.
 */
export function tagsOf(record: string): readonly Tag[] {
  const parts = record.split(';').map(withoutBlanks);
  if (parts.at(-1) === '') parts.pop();
  return parts.map((text) => {
    const [, name, value = ''] = /^([a-z][a-z0-9_.-]*)[ \t]*=[ \t]*(.*)$/is.exec(text) ?? [];
    return { name: name ?? null, value, text };
  });
}

/** The members of a list with commas between. */
export const listed = (value: string): readonly string[] => value.split(',').map(withoutBlanks);

/** Blanks and tabs alone (RFC 5234, WSP): what else `trim` takes for a blank, receivers do not. */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t';
