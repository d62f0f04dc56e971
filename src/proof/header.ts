import { visible } from '../model/visible.ts';

/** One field of a header as it stood there (RFC 5322 §2.2). */
export interface Field {
  /** In lower case. */
  readonly name: string;
  /** Unfolded (RFC 5322 §2.2.3), printable, and no longer than is shown of a field. */
  readonly value: string;
  /** Octets with the name and the colon, each line end inside counted as one, the last not at all. */
  readonly octets: number;
}

/** Characters of a field that are shown. */
const shownLength = 1000;

/** The fields in front of the first empty line. `message`: octets as latin1, lines ended by CRLF or by LF. */
export function fieldsOf(message: string): Field[] {
  const [header = ''] = message.replaceAll('\r\n', '\n').split(/^\n|\n\n/, 1);
  return header
    .split(/\n(?![ \t])/)
    .map(fieldOf)
    .filter((field) => field !== null);
}

function fieldOf(text: string): Field | null {
  const colon = text.indexOf(':');
  if (colon <= 0) return null;
  const unfolded = text
    .slice(colon + 1, colon + 1 + shownLength)
    .replaceAll(/\n[ \t]+/g, ' ')
    .trim();
  const name = text.slice(0, colon).trim().toLowerCase();
  return { name, value: visible(Buffer.from(unfolded, 'latin1')), octets: text.replace(/\n$/, '').length };
}

/** The values of all fields of a name, in their order. */
export const valuesOf = (fields: readonly Field[], name: string): string[] =>
  fields.filter((field) => field.name === name).map(({ value }) => value);
