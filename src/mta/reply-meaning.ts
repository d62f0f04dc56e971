import type { Reply } from '../model/reply.ts';
import { objectOf } from './reply-object.ts';
import { replyRules } from './reply-rules.ts';
import { wordsOf } from './reply-words.ts';

/** The command that a reply answers. `data` covers the reply to DATA and the one after the final dot. */
export type Stage = 'greeting' | 'helo' | 'mail' | 'rcpt' | 'data' | 'vrfy' | 'expn' | 'auth' | 'starttls' | 'other';

/** What we had said when the reply came. Addresses with or without `<>`; the null reverse-path is `''` or `<>`. */
export interface Said {
  readonly stage: Stage;
  /** Our address as the server sees it, where we know it. */
  readonly client?: string;
  readonly helo?: string;
  readonly sender?: string;
  readonly recipient?: string;
}

/**
 * What a reply means, whichever MTA gave it. The ones that their names do not explain:
 * - `relay-denied`: mail for that recipient is not relayed. Also with a 4xx code: Postfix's stock refusal is 454 4.7.1.
 * - `relay-or-unknown`: the recipient is refused in words that fit both an outside domain and an unknown user.
 * - `address-syntax`: the form of the *recipient* is refused; that of the sender is `sender-rejected`.
 * - `our-domain`: a domain of ours as such: it does not resolve, takes no mail, or is on a block list.
 * - `client-blocked`: our address, our PTR or our manners; says nothing of anyone else.
 * - `bad-sequence`, `command-syntax`: our own mistakes.
 * - `auth-cancelled`: the answer to `*`.
 * - `bare-newline`: a line that ended in LF alone was refused.
 * - `noncommittal`: 252 to VRFY or EXPN. Means something only beside a control.
 * - `server-error`: something failed over there, and the question stays open.
 * - `refused-transient`, `refused-permanent`: no class matched.
 * - `unintelligible`: not an SMTP reply, or one that cannot answer what we said.
 */
export type Meaning =
  | 'accepted'
  | 'noncommittal'
  | 'relay-denied'
  | 'relay-or-unknown'
  | 'unknown-user'
  | 'address-syntax'
  | 'our-domain'
  | 'client-blocked'
  | 'helo-rejected'
  | 'sender-rejected'
  | 'greylisted'
  | 'tls-required'
  | 'auth-required'
  | 'auth-unavailable'
  | 'mechanism-unsupported'
  | 'auth-failed'
  | 'auth-cancelled'
  | 'limit-connections'
  | 'limit-messages'
  | 'limit-recipient-rate'
  | 'limit-recipients-per-message'
  | 'limit-auth'
  | 'limit-tls'
  | 'limit-errors'
  | 'idle-timeout'
  | 'too-big'
  | 'out-of-sync'
  | 'bare-newline'
  | 'bad-sequence'
  | 'command-syntax'
  | 'disabled-command'
  | 'server-error'
  | 'refused-transient'
  | 'refused-permanent'
  | 'unintelligible';

/** Which of the things we said a reply speaks of. */
export type About = 'client' | 'helo' | 'sender' | 'recipient';

export interface Reading {
  readonly meaning: Meaning;
  /** Null where the reply does not say. */
  readonly about: About | null;
}

/** What a reply means, given what it answers. Pure. Text class and object come before the code (see `replyRules`). */
export function meaningOf(reply: Reply, said: Said): Meaning {
  return readingOf(reply, said).meaning;
}

/** The same, with the object: `our-domain` about the sender asks for another sender, about the recipient for another recipient. */
export function readingOf(reply: Reply, said: Said): Reading {
  const { code } = reply;
  if (code === null || code < 200 || code > 599) return { meaning: 'unintelligible', about: null };
  if (code < 400) return { meaning: positive(code, said.stage, reply.text), about: null };

  const object = objectOf(reply.text, said);
  const text = wordsOf(reply.text, said);
  const rule = replyRules.find(
    (each) =>
      (each.text?.test(text) ?? true) &&
      (each.code?.test(String(code)) ?? true) &&
      (each.enhanced === undefined || (reply.enhanced !== null && each.enhanced.test(reply.enhanced))) &&
      (each.stages?.includes(said.stage) ?? true) &&
      (each.about?.includes(object ?? 'unsaid') ?? true),
  );
  const meaning = rule?.meaning ?? (code < 500 ? 'refused-transient' : 'refused-permanent');
  return { meaning, about: subjects[meaning] ?? object };
}

/** Meanings that speak of one thing only, whatever stands in front of the words. */
const subjects: Partial<Record<Meaning, About>> = {
  'client-blocked': 'client',
  'helo-rejected': 'helo',
  'sender-rejected': 'sender',
  'relay-denied': 'recipient',
  'relay-or-unknown': 'recipient',
  'unknown-user': 'recipient',
  'address-syntax': 'recipient',
};

/** A positive code is taken at its word (RFC 5321 §4.2), except where it cannot answer what we said. */
function positive(code: number, stage: Stage, text: string): Meaning {
  if (code === 252 && (stage === 'vrfy' || stage === 'expn')) return 'noncommittal';
  if (code === 221 && /break rules/i.test(text)) return 'disabled-command';
  if (code === 221 && stage !== 'other') return 'refused-permanent';
  if (code >= 300 && stage !== 'data' && stage !== 'auth' && stage !== 'other') return 'out-of-sync';
  return 'accepted';
}
