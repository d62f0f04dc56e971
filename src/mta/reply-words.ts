import type { Reply } from '../model/reply.ts';
import type { Said } from './meanings.ts';
import { bare } from './reply-object.ts';

/** What a server states in one sentence, or before the decoration of one, and the line of the reply where it stands. */
export interface Statement {
  readonly text: string;
  readonly line: number;
}

/** More lines of a reply say nothing more, and the last ones are often but its signature. */
const mostLines = 16;
/**
 * Longer texts are read from their two ends: the last line often says what the first ones explain (Exim's sender
 * verify).
 */
const headLength = 2000;
const tailLength = 1000;

/**
 * The statements of a reply, in order. What follows a sentence is decoration: help lines, addresses, what else might be
 * the reason (Postfix `smtpd_reject_footer`). So each comes without its own decoration first, and then with it.
 */
export function statementsOf({ lines }: Reply, said: Said): Statement[] {
  return lines.slice(0, mostLines).flatMap((line, index) =>
    wordsOf(line.text.replace(/^\d{3}(?:[- ]|\\x09|$)/, ''), said)
      .split(/(?<=[^\s.][.!?;]) /)
      .flatMap((sentence) => [...new Set([undecorated(sentence), sentence])])
      .filter((text) => text !== '')
      .map((text) => ({ text, line: index })),
  );
}

/** Up to the first bar, link or word of advice; a full stop at the end goes too. */
function undecorated(sentence: string): string {
  const at = sentence.search(decoration);
  return (at < 0 ? sentence : sentence.slice(0, at)).replace(/[\s,;.:!([-]{1,10}$/, '');
}

const decoration =
  / (?:--|[–—|*/]{1,3}) |\b(?:see|visit|please|contact|call|help:|help at|if (?:you|this|your)|for (?:assistance|help|more|further|details|information|support|questions))\b|https?:|\bwww\./i;

/**
 * The server's own words: what we said and the server echoes becomes `…`, `<…>` becomes `<>`, quoted text `"…"`, and
 * enhanced codes go. Else a sender called `relay-denied@…` would write its own verdict.
 */
export function wordsOf(text: string, said: Said): string {
  let words = text.length > headLength + tailLength ? `${text.slice(0, headLength)} ${text.slice(-tailLength)}` : text;
  for (const echo of echoes(said)) words = words.replace(literally(echo), '…');
  return words
    .replace(/<[^<>]*>/g, '<>')
    .replace(/"[^"]*"/g, '"…"')
    .replace(/\(#[245]\.\d{1,3}\.\d{1,3}[^()]{0,20}\)/g, '')
    .replace(/(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,;!?](?: |$))/g, '')
    .trim();
}

/** What we said, whole and in parts, longest first. */
function echoes(said: Said): string[] {
  const whole = [said.client, said.helo, said.sender, said.recipient].map(bare);
  const parts = whole.flatMap((value) => (value === undefined ? [] : [value, ...halves(value)]));
  return [...new Set(parts)].filter(distinctive).sort((a, b) => b.length - a.length);
}

function halves(address: string): string[] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [] : [address.slice(0, at), address.slice(at + 1)];
}

/** A plain word such as `user` or `localhost` may be the server's own. */
const distinctive = (value: string): boolean => value.length > 2 && /[^a-z]/.test(value);

const literally = (value: string): RegExp => new RegExp(value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi');
