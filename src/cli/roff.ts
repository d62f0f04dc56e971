/**
 * The few words of man(7) that the manual page is made of. Text is any text: what roff would read as a request or an
 * escape is masked.
 */

export const section = (title: string): string => `.SH ${quoted(title.toUpperCase())}\n`;

export const subsection = (title: string): string => `.SS ${quoted(title)}\n`;

/** A paragraph, filled and broken by whoever shows it. */
export const paragraph = (text: string): string => `.PP\n${lines(text)}`;

/** A tagged paragraph: the tag bold, the text set in. */
export const tagged = (tag: string, text: string): string => `.TP\n.B ${quoted(tag)}\n${lines(text)}`;

/** Lines that stay as they are. */
export const verbatim = (text: string): string => `.PP\n.RS 4\n.nf\n${lines(text)}.fi\n.RE\n`;

export const title = (name: string, date: string, source: string, manual: string): string =>
  `.TH ${[name.toUpperCase(), '1', date, source, manual].map(quoted).join(' ')}\n`;

/** The parts in one. A heading begins a paragraph by itself. */
export const document = (parts: readonly string[]): string => parts.join('').replace(/^(\.S[HS] .*\n)\.PP\n/gm, '$1');

const lines = (text: string): string =>
  text
    .split('\n')
    // A line that begins with a dot or an apostrophe would be a request.
    .map((line) => `${masked(line).replace(/^(?=[.'])/, '\\&')}\n`)
    .join('');

const quoted = (text: string): string => `"${masked(text).replaceAll('"', '\\(dq')}"`;

/** A hyphen that is meant as one can be searched for and pasted only as `\-`. */
function masked(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/[^\n\x20-\x7e]/gu, (char) => `\\[u${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`);
}
