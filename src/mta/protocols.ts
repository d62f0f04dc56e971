import type { Reply } from '../model/reply.ts';

/**
 * The protocol that greets like this where SMTP was expected; null where it is none of those that are told by their
 * greeting.
 */
export function protocolOf({ lines }: Reply): string | null {
  return greetings.find(([says]) => says.test(lines[0].text))?.[1] ?? null;
}

const greetings: readonly (readonly [RegExp, string])[] = [
  [/^\+OK\b/, 'POP3'],
  [/^\* (OK|PREAUTH|BYE)\b/, 'IMAP'],
  [/^SSH-/, 'SSH'],
  [/^HTTP\/\d/, 'HTTP'],
  [/^"?IMPLEMENTATION"? /, 'ManageSieve'],
];
