import { randomBytes } from 'node:crypto';
import { messageHead } from '../message-head.ts';
import type { Variant } from './variants.ts';

interface About {
  readonly from: string;
  readonly to: string;
  /** Our name in EHLO, for the Message-ID. */
  readonly helo: string;
  readonly variant: Variant;
}

/**
 * A message that says what it is for, up to the place of the variant; all its line ends are right (Exim goes by the
 * first). `token`: a word of its own.
 */
export function messageOf({ from, to, helo, variant }: About): { readonly text: string; readonly token: string } {
  const token = randomBytes(6).toString('hex');
  const subject = `mxprobe bare-newline: ${variant.name}`;
  const lines = [
    ...messageHead({ from, to, subject, helo, id: `mxprobe-${token}`, at: new Date() }),
    '',
    'A test of which line ends end a message; nothing is to be done.',
    'first line',
  ];
  return { text: lines.join('\r\n'), token };
}
