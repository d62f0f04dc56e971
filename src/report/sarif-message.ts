import type { Message } from 'sarif';
import { visible } from '../model/visible.ts';

/**
 * A message in which a server can write no markup: `[text](target)` is a link in SARIF and `{0}` an argument (§3.11.5,
 * §3.11.6), also in plain text, so a space comes between. The exact quote stands in the snippet.
 */
export function sarifMessage(lines: readonly string[]): Message {
  const shown = lines.map((line) =>
    visible(line)
      .replace(/\](?=\()/g, '] ')
      .replace(/\{(?=\d)/g, '{ '),
  );
  return { text: shown.join('\n') };
}
