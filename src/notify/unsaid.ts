import { beginningOf, visible } from '../model/visible.ts';

const longest = 200;

/**
 * What somebody answered, as the end of a sentence of ours: its first line, printable and short. Empty where there is
 * none, and where it says a secret, or what may be a part of one: servers like to repeat what they were sent.
 */
export function answerOf(text: string, secrets: readonly string[]): string {
  const first = text.split(/[\r\n]/).find((line) => line.trim() !== '') ?? '';
  const shown = visible(first.trim());
  if (shown === '' || tells(text, secrets)) return '';
  return `: ${shown.length > longest ? `${beginningOf(shown, longest)}…` : shown}`;
}

/** Whether a text has a secret in it, as it is or as base64 (AUTH), or six characters or more of it in a row. */
function tells(text: string, secrets: readonly string[]): boolean {
  const pieces = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [
      secret,
      ...(secret.match(/[\w-]{6,}/g) ?? []),
      Buffer.from(secret).toString('base64').replaceAll('=', ''),
    ]);
  return pieces.some((piece) => text.includes(piece));
}
