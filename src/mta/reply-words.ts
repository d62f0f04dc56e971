import type { Said } from './reply-meaning.ts';
import { bare } from './reply-object.ts';

/** Longer replies are read from their two ends: the last line often says what the first ones explain (Exim's sender verify). */
const headLength = 2000;
const tailLength = 1000;

/**
 * The server's own words: what we said and the server echoes becomes `…`, `<…>` becomes `<>`, quoted text `"…"`, and enhanced
 * codes go. Else a sender called `relay-denied@…` would write its own verdict.
 */
export function wordsOf(text: string, said: Said): string {
  let words = text.length > headLength + tailLength ? `${text.slice(0, headLength)} ${text.slice(-tailLength)}` : text;
  for (const echo of echoes(said)) words = words.replace(literally(echo), '…');
  return words
    .replace(/<[^<>]*>/g, '<>')
    .replace(/"[^"]*"/g, '"…"')
    .replace(/\(#[245]\.\d{1,3}\.\d{1,3}\)/g, '')
    .replace(/(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/g, '')
    .replace(/\s+/g, ' ')
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
