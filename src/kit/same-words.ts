import { isNegative, type Reply } from '../model/reply.ts';
import { type Meaning, meaningOf, type Said } from '../mta/reply-meaning.ts';
import { wordsOf } from '../mta/reply-words.ts';

/** A reply and what it answers. */
export interface Answered {
  readonly reply: Reply;
  readonly said: Said;
}

/** Meanings that a refusal has which does not say what it is about. */
const vague: readonly Meaning[] = [
  'refused-permanent',
  'refused-transient',
  'disabled-command',
  'command-syntax',
  'bad-sequence',
];

/**
 * Whether several commands were refused in the same words, which say nothing of any of them: then it is the session
 * that is refused (a milter at HELO, Sendmail's access table), or us, and none of these refusals is an answer. What we
 * said ourselves does not count as words.
 */
export function areRefusedAlike(answers: readonly Answered[]): boolean {
  const [first, ...others] = answers;
  if (first === undefined || others.length === 0) return false;
  if (!answers.every(({ reply, said }) => isNegative(reply) && vague.includes(meaningOf(reply, said)))) return false;
  return others.every((other) => other.reply.code === first.reply.code && wordsIn(other) === wordsIn(first));
}

const wordsIn = ({ reply, said }: Answered): string =>
  wordsOf(reply.text, said)
    .replaceAll(/<>[:.]*|…/g, '')
    .trim();
