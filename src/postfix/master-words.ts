import { balancedEnd } from './macro-syntax.ts';

/** A word of a line of master.cf, and where it stands in it. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

const isBlank = (char: string) => ' \t\r\n'.includes(char);

/** Words between white space; braces keep theirs together. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < text.length; ) {
    if (isBlank(text.charAt(at))) {
      at += 1;
      continue;
    }
    const from = at;
    while (at < text.length && !isBlank(text.charAt(at))) {
      at = text[at] === '{' ? (balancedEnd(text, at, '{', '}') ?? text.length) : at + 1;
    }
    words.push({ text: text.slice(from, at), at: from });
  }
  return words;
}
