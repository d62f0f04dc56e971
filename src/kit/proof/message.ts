import { messageHead } from '../message-head.ts';
import type { Mail } from '../probe.ts';

/** What a message of ours holds besides what every message has. */
export interface MessageParts {
  readonly sender: string;
  readonly recipient: string;
  readonly helo: string;
  /** By which the receiver knows it again. */
  readonly token: string;
  readonly at: Date;
  /** Whole fields, folded, without the last line end. */
  readonly fields?: readonly string[];
}

/** Under 1 kB but for `fields`. */
export function messageOf({ sender, recipient, helo, token, at, fields = [] }: MessageParts): Mail {
  const subject = 'mxprobe asks whether mail arrives';
  const lines = [
    ...messageHead({ from: sender, to: recipient, subject, helo, id: token, at }),
    `X-Mxprobe-Token: ${token}`,
    ...fields,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'A test of this mail system, asked for by its operator with mxprobe.',
    `It may be deleted. Token: ${token}`,
  ];
  return { sender, recipient, text: lines.join('\r\n') };
}
